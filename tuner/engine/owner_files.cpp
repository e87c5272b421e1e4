#include "tuner/engine/owner_files.h"

#include <algorithm>

#include "compiler/ascend/operator_lines.h"
#include "compiler/base/file.h"
#include "compiler/base/hash.h"
#include "compiler/base/nearest.h"
#include "tuner/report/report.h"

namespace keel::engine {
namespace {

/// Finds the units a line is about.
class Finder {
 public:
  Finder(const ir::Graph& graph, std::span<const passes::Unit> units)
      : graph_(graph), units_(units) {}

  /// \param after_fusion  only the name of the first node of a unit counts
  std::vector<std::size_t> matches(const ascend::OperatorLine& line, bool after_fusion) const {
    std::vector<std::size_t> found;
    for (std::size_t u = 0; u < units_.size(); ++u)
      if (passes::is_about(line, units_[u], graph_) ||
          (!after_fusion && !line.by_type && has_node(u, line.name)))
        found.push_back(u);
    return found;
  }

  Error matches_nothing(const ascend::OperatorLine& line, const std::filesystem::path& file) const {
    std::vector<std::string> names;
    for (const passes::Unit& unit : units_)
      names.push_back(line.by_type ? unit.op.type : graph_[unit.origins.front()].name);
    const std::vector<std::string> near = nearest(line.name, names, 1);
    return {ErrorCode::InvalidConfig,
            "'" + line.name + "' names no " + (line.by_type ? "type" : "operator") +
                " of the fused model",
            file.string() + ":" + std::to_string(line.line),
            near.empty() ? "correct it, or delete the line"
                         : "use '" + near.front() + "' (nearest name)"};
  }

 private:
  bool has_node(std::size_t unit, const std::string& name) const {
    return std::ranges::any_of(units_[unit].origins,
                               [&](ir::OriginId origin) { return graph_[origin].name == name; });
  }

  const ir::Graph& graph_;
  std::span<const passes::Unit> units_;
};

// Lines by type first, so that those by name have the last word.
template <class Line, class Apply>
void for_each_match(const std::vector<Line>& lines, bool after_fusion, const Finder& finder,
                    const std::filesystem::path& file, std::vector<Error>& warnings,
                    const Apply& apply) {
  for (const bool by_type : {true, false})
    for (const Line& line : lines) {
      if (line.by_type != by_type) continue;
      const std::vector<std::size_t> units = finder.matches(line, after_fusion);
      if (units.empty()) warnings.push_back(finder.matches_nothing(line, file));
      for (const std::size_t unit : units) apply(line, unit);
    }
}

void append(std::vector<Error>& all, std::vector<Error> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

Result<ascend::MixListChanges> apply_mix_list(const ModelOptions& options, const ascend::Soc& soc,
                                              ascend::OpTable& table) {
  if (!options.modify_mixlist) return ascend::MixListChanges{};
  KEEL_TRY(ascend::MixListChanges changes,
           ascend::read_mix_list_changes(*options.modify_mixlist, table, soc.family));
  if (!ascend::is_mixed(options.mode))
    changes.warnings.push_back(
        {ErrorCode::InvalidConfig,
         "--modify_mixlist has no effect under " + std::string(ascend::name(options.mode)),
         options.modify_mixlist->string(), "leave it out, or use allow_mix_precision"});
  for (const ascend::MixListChange& change : changes.changes)
    table.set_mix_list(change.type, soc.family, change.list);
  return changes;
}

Result<OwnerRequests> read_owner_requests(const ModelOptions& options,
                                          const ascend::PrecisionRules& rules,
                                          const ir::Graph& graph,
                                          std::span<const passes::Unit> units) {
  OwnerRequests result;
  result.of_unit.resize(units.size());
  const Finder finder(graph, units);
  if (options.op_precision_mode) {
    const std::filesystem::path& file = *options.op_precision_mode;
    KEEL_TRY(const std::string text, read_file(file));
    KEEL_TRY(ascend::ExecutionLines lines, ascend::parse_op_precision(text, file.string()));
    append(result.warnings, std::move(lines.warnings));
    for_each_match(lines.lines, false, finder, file, result.warnings,
                   [&](const ascend::ExecutionLine& line, std::size_t unit) {
                     result.of_unit[unit].execution = line.execution;
                   });
  }
  if (options.customize_dtypes) {
    const std::filesystem::path& file = *options.customize_dtypes;
    KEEL_TRY(const std::string text, read_file(file));
    KEEL_TRY(ascend::CustomLines lines, ascend::parse_custom_dtypes(text, file.string()));
    append(result.warnings, std::move(lines.warnings));
    std::optional<Error> unsupported;
    for_each_match(lines.lines, true, finder, file, result.warnings,
                   [&](const ascend::CustomLine& line, std::size_t unit) {
                     ascend::Request& request = result.of_unit[unit];
                     request.custom = line.dtypes;
                     const ascend::Decision decision =
                         ascend::decide(rules, units[unit].op, request);
                     if (decision.precision.placement != ascend::Placement::None || unsupported)
                       return;
                     unsupported = Error{ErrorCode::Unsupported,
                                         units[unit].op.type + " of '" +
                                             graph[units[unit].origins.front()].name +
                                             "' has no kernel of these dtypes on " + rules.soc,
                                         file.string() + ":" + std::to_string(line.line),
                                         "give it dtypes it has, or delete the line"};
                   });
    if (unsupported) return *std::move(unsupported);
  }
  return result;
}

Result<std::vector<OwnerFile>> owner_files(const ModelOptions& options) {
  std::vector<OwnerFile> files;
  for (const auto& [option, path] : {std::pair{"modify_mixlist", &options.modify_mixlist},
                                     std::pair{"customize_dtypes", &options.customize_dtypes},
                                     std::pair{"op_precision_mode", &options.op_precision_mode}}) {
    if (!*path) continue;
    KEEL_TRY(const std::string text, read_file(**path));
    Hasher hasher;
    hasher.add(std::string_view(text));
    files.push_back({option, **path, to_text(hasher.digest())});
  }
  return files;
}

Status check_none_replaced(const ModelOptions& options, const std::filesystem::path& output) {
  for (const auto* file :
       {&options.keep_dtype, &options.customize_dtypes, &options.op_precision_mode}) {
    if (!*file || !report::is_variant_file((*file)->filename().string())) continue;
    std::error_code code;
    if (std::filesystem::equivalent(**file, output / (*file)->filename(), code))
      return Error{ErrorCode::InvalidConfig, "the run would replace your file by its own",
                   (*file)->string(), "choose another output folder, or move the file"};
  }
  return Done{};
}

}  // namespace keel::engine
