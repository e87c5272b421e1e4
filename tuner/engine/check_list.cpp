#include "tuner/engine/check_list.h"

#include <algorithm>

#include "compiler/base/file.h"
#include "compiler/lint/check.h"
#include "compiler/lint/kept_units.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

namespace fs = std::filesystem;

// The prepared graph with the casts of the variant that `list` describes.
Result<ir::Graph> cast_graph(const Target& target, const ascend::KeepList& list) {
  search::Assignment assignment;
  for (const bool named : lint::units_named(target.prepared.graph(), target.prepared.units(), list))
    assignment.push_back(named ? 0 : 1);

  constexpr std::string_view kLastPass = "insert-casts";
  const std::span<const passes::Pass> pipeline = passes::variant_pipeline();
  const auto last = std::ranges::find(pipeline, kLastPass, &passes::Pass::name);
  KEEL_CHECK(last != pipeline.end());
  ir::Graph cast;
  KEEL_TRY_STATUS(target.prepared.compile(target.precisions(assignment),
                                          {pipeline.begin(), last + 1},
                                          [&](std::string_view pass, const ir::Graph& graph) {
                                            if (pass == kLastPass) cast = graph;
                                          }));
  return cast;
}

Result<std::optional<lint::OtherFile>> read_other(const std::optional<fs::path>& path) {
  if (!path) return std::optional<lint::OtherFile>();
  KEEL_TRY(const std::string text, read_file(*path));
  KEEL_TRY(ascend::CustomLines read, ascend::parse_custom_dtypes(text, path->string()));
  return std::optional(lint::OtherFile{path->string(), std::move(read.lines)});
}

}  // namespace

fs::path fixed_path(const fs::path& list) {
  return list.parent_path() / (list.stem().string() + ".fixed.cfg");
}

Result<CheckedList> check_list(const CheckOptions& options) {
  const fs::path path = *options.model.keep_dtype;
  KEEL_TRY(const std::string bytes, read_file(path));
  KEEL_TRY(const std::optional<lint::OtherFile> customize,
           read_other(options.model.customize_dtypes));
  ModelOptions without_list = options.model;
  without_list.keep_dtype.reset();
  lint::Removals removals;
  KEEL_TRY(const Target target, open_target(without_list, options.data,
                                            [&](std::string_view pass, const ir::Graph& graph) {
                                              removals.after_pass(pass, graph);
                                            }));

  const lint::NamedModel model{target.source.graph, target.source.file_nodes, target.op_table};
  const auto findings_of = [&](std::string_view text) -> Result<std::vector<lint::Finding>> {
    lint::ListSubject list = lint::read(text, path.string(), model);
    KEEL_TRY(const ir::Graph cast, cast_graph(target, list.list));
    return lint::check({std::move(list), options.model.model.string(), target.source.opset,
                        removals, target.prepared.graph(), target.prepared.units(), cast,
                        target.rules, customize});
  };

  CheckedList checked;
  KEEL_TRY(checked.findings.findings, findings_of(bytes));
  const ascend::KeepList list = lint::read(bytes, path.string(), model).list;
  checked.findings.file = path.string();
  checked.findings.entries = list.entries.size();
  checked.findings.kept_nodes = list.nodes().size();
  checked.findings.nodes = target.source.graph.origins().size();
  checked.findings.compiled_for = std::string(name(target.rules.mode)) + " on " + target.soc.name;
  checked.notes = target.notes;
  if (!options.fix) return checked;
  KEEL_TRY(lint::FixedList fixed, lint::fix(bytes, findings_of));
  if (fixed.changes.empty()) return checked;
  checked.fixed_path = fixed_path(path);
  KEEL_TRY_STATUS(write_file(checked.fixed_path, fixed.text));
  checked.fixed = std::move(fixed);
  return checked;
}

}  // namespace keel::engine
