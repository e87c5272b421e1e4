#include "tuner/engine/mixed_variant.h"

#include <algorithm>
#include <set>

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
                                   const MixedOptions& options) {
  ModelOptions model;
  model.model = options.model.value_or(command.model);
  model.input_shape = without_scalars(command.input_shape);
  model.soc_version = command.soc_version;
  KEEL_TRY(model.input_value, stated(question, "input_value"));
  KEEL_TRY(const std::string mode, stated(question, "precision_mode"));
  KEEL_TRY(model.mode, ascend::precision_mode_named(mode));
  KEEL_TRY(const std::string hf32, stated(question, "allow_hf32"));
  KEEL_TRY(model.hf32, ascend::hf32_named(hf32));
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
  // The digest in the question is that of the model a named copy was made from.
  if ((!is_named_copy && digest != to_text(target.source.digest)) ||
      !same_units(target, study.units))
    return other("the model", model.model, "give --model FILE, or repeat keel tune");
  return Done{};
}

// Convolutions that absorbed a batch norm, with the weights of both.
std::vector<onnx_io::FoldedNorm> folded_norms(const ir::Graph& prepared) {
  std::vector<onnx_io::FoldedNorm> folded;
  std::set<std::size_t> known;  // a loop repeats the nodes of its body
  for (const ir::NodeId id : prepared.nodes()) {
    const ir::Node& node = prepared[id];
    std::optional<std::size_t> conv, norm;
    for (const ir::OriginId origin : node.origins) {
      if (prepared[origin].onnx_op == "Conv") conv = index(origin);
      if (prepared[origin].onnx_op == "BatchNormalization") norm = index(origin);
    }
    if (std::holds_alternative<ir::Conv>(node.op) && conv && norm && known.insert(*conv).second)
      folded.push_back(
          {*conv, *norm, *prepared[node.inputs[1]].constant, *prepared[node.inputs[2]].constant});
  }
  return folded;
}

}  // namespace

std::vector<std::optional<DType>> node_dtypes(const Target& target,
                                              const search::Assignment& assignment) {
  std::vector<std::optional<DType>> dtypes(target.source.graph.origins().size());
  const std::vector<ascend::Precision> precisions = target.precisions(assignment);
  const std::span<const passes::Unit> units = target.prepared.units();
  for (std::size_t u = 0; u < units.size(); ++u)
    for (const ir::OriginId origin : units[u].origins) {
      std::optional<DType>& dtype = dtypes[index(origin)];
      if (dtype != DType::F32) dtype = precisions[u].input;
    }
  return dtypes;
}

Result<MixedVariant> mixed_variant(const study::Head& study, const report::CompilerCommand& command,
                                   const search::Assignment& assignment,
                                   const MixedOptions& options) {
  KEEL_TRY(const ModelOptions model, model_options(study.question, command, options));
  KEEL_TRY(const Target target, open_target(model, options.data));
  const bool is_named_copy = !options.model && command.model.filename() == "named.onnx";
  KEEL_TRY_STATUS(check_same(study, target, model, is_named_copy));
  MixedVariant variant{model.model,
                       {target.source.opset, node_dtypes(target, assignment), target.soc.overflow,
                        folded_norms(target.prepared.graph())},
                       {}};
  for (const ir::Origin& origin : target.source.graph.origins())
    variant.nodes.push_back("'" + origin.name + "' (" + origin.onnx_op + ")");
  return variant;
}

}  // namespace keel::engine
