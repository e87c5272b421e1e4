#include "tuner/engine/study_target.h"

#include <algorithm>
#include <map>

#include "tuner/engine/formats.h"

namespace keel::engine {
namespace {

Result<std::string> stated(const study::Question& question, std::string_view name) {
  const auto entry = std::ranges::find(question, name, &study::Question::value_type::first);
  if (entry != question.end()) return entry->second;
  return Error{ErrorCode::StudyCorrupt, "the question of the study has no " + std::string(name), "",
               "repeat the keel tune that made the study"};
}

// Without the inputs of rank 0, which have nothing to fix.
std::string without_scalars(const std::string& shapes) {
  std::string kept;
  for (std::size_t at = 0; at < shapes.size();) {
    const std::size_t end = std::min(shapes.find(';', at), shapes.size());
    const std::string part = shapes.substr(at, end - at);
    if (!part.ends_with(':')) kept += (kept.empty() ? "" : ";") + part;
    at = end + 1;
  }
  return kept;
}

Result<ModelOptions> model_options(const study::Question& question,
                                   const report::CompilerCommand& command,
                                   const ModelSource& source) {
  ModelOptions model;
  model.model = model_file(command, source);
  model.input_shape = without_scalars(command.input_shape);
  model.soc_version = command.soc_version;
  KEEL_TRY(model.input_value, stated(question, "input_value"));
  if (const Result<std::string> given = stated(question, "loop_iterations"); given.ok())
    model.loop_iterations = std::strtoll(given->c_str(), nullptr, 10);
  KEEL_TRY(const std::string mode, stated(question, "precision_mode"));
  KEEL_TRY(model.mode, ascend::precision_mode_named(mode));
  KEEL_TRY(const std::string hf32, stated(question, "allow_hf32"));
  KEEL_TRY(model.hf32, ascend::hf32_named(hf32));
  for (const Format format : {Format::Hf32, Format::Bf16})
    if (stated(question, "search_" + std::string(name(format))).ok()) model.format = format;
  const std::map<std::string_view, std::optional<std::filesystem::path>*> files = {
      {"modify_mixlist", &model.modify_mixlist},
      {"customize_dtypes", &model.customize_dtypes},
      {"op_precision_mode", &model.op_precision_mode}};
  for (const auto& [option, path] : command.evaluated_files)
    if (const auto found = files.find(option); found != files.end()) *found->second = path;
  return model;
}

bool same_units(const Target& target, const std::vector<study::UnitRecord>& units) {
  return std::ranges::equal(
      target.units, units, [](const UnitFacts& now, const study::UnitRecord& then) {
        return now.nodes == then.nodes && now.positions == study::node_positions(then);
      });
}

Error other(const std::string& what, const std::filesystem::path& where, std::string fix) {
  return {ErrorCode::InvalidConfig, what + " is not the one the study was made with",
          where.string(), std::move(fix)};
}

Status check_same(const study::Head& study, const Target& target, const ModelOptions& model,
                  bool is_named_copy) {
  KEEL_TRY(const std::string digest, stated(study.question, "model"));
  KEEL_TRY(const std::string soc, stated(study.question, "soc_parameters"));
  KEEL_TRY(const std::string table, stated(study.question, "operator_table"));
  if (soc != to_text(target.soc.digest))
    return other("the description of " + target.soc.name, "", "repeat keel tune");
  if (table != to_text(target.op_table.digest()))
    return other("the operator table", "", "repeat keel tune");
  for (const OwnerFile& file : target.files) {
    KEEL_TRY(const std::string then, stated(study.question, file.option));
    if (then != file.digest)
      return other("the file of --" + file.option, file.path, "restore it, or repeat keel tune");
  }
  // The digest in the question is that of the model a named copy was made from.
  if ((!is_named_copy && digest != to_text(target.source.digest)) ||
      !same_units(target, study.units))
    return other("the model", model.model, "give --model FILE, or repeat keel tune");
  return Done{};
}

}  // namespace

std::filesystem::path model_file(const report::CompilerCommand& command,
                                 const ModelSource& source) {
  return source.model.value_or(command.model);
}

Result<Target> study_target(const study::Head& study, const report::CompilerCommand& command,
                            const ModelSource& source) {
  KEEL_TRY(const ModelOptions model, model_options(study.question, command, source));
  KEEL_TRY(Target target, open_target(model, source.data));
  if (target.format == Format::Bf16) add_formats_of(study.units, target);
  const bool is_named_copy = !source.model && command.model.filename() == "named.onnx";
  KEEL_TRY_STATUS(check_same(study, target, model, is_named_copy));
  return target;
}

}  // namespace keel::engine
