#include "tuner/engine/question.h"

namespace keel::engine {
namespace {

std::string requirement_list(const TuneOptions& options) {
  std::string text;
  for (const accuracy::Requirement& requirement : options.requirements)
    text += (text.empty() ? "" : " ") + accuracy::to_text(requirement);
  return text;
}

// Digest of what the owner's list keeps, so that a reworded list is the same list.
std::string keep_digest(const Target& target) {
  if (target.keep_list.entries.empty()) return "none";
  Hasher hasher;
  for (const ir::OriginId origin : target.keep_list.nodes())
    hasher.add(target.source.graph[origin].name);
  return to_text(hasher.digest());
}

}  // namespace

study::Question make_question(const TuneOptions& options, const Target& target,
                              const accuracy::Dataset& data) {
  study::Question question = {
      {"model", to_text(target.source.digest)},
      {"input_shape", options.model.input_shape},
      {"input_value", options.model.input_value},
      {"data", to_text(data.digest)},
      {"soc_version", target.soc.name},
      {"soc_parameters", to_text(target.soc.digest)},
      {"operator_table", to_text(target.op_table.digest())},
      {"precision_mode", std::string(ascend::name(options.model.mode))},
      {"allow_hf32", ascend::to_text(options.model.hf32)},
      {"keep_dtype", keep_digest(target)},
      {"device", options.device},
      {"require", requirement_list(options)},
      {"strategy", options.strategy},
      {"seed", std::to_string(options.seed)},
      {"max_trials", std::to_string(options.max_trials)},
      {"algorithm", kAlgorithmVersion},
  };
  for (const OwnerFile& file : target.files) question.emplace_back(file.option, file.digest);
  return question;
}

}  // namespace keel::engine
