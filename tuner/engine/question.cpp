#include "tuner/engine/question.h"

#include <fmt/format.h>

#include "tuner/engine/formats.h"

namespace keel::engine {
namespace {

// Without spaces, which part requirements: names of outputs may hold some.
std::string one_word(std::string_view text) {
  std::string word;
  for (const char c : text) word += c == ' ' ? "%20" : c == '%' ? "%25" : std::string(1, c);
  return word;
}

std::string requirement_list(const TuneOptions& options) {
  std::string text;
  for (const accuracy::Requirement& requirement : options.requirements)
    if (requirement.metric != &accuracy::check_metric())
      text += (text.empty() ? "" : " ") + one_word(accuracy::to_text(requirement));
  return text;
}

// "'a' 'b'", so that no two lists have the same text.
std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += list.empty() ? "'" : " '";
    for (const char c : text) list += (c == '\'' || c == '\\' ? "\\" : "") + std::string(1, c);
    list += "'";
  }
  return list;
}

// Digest of what the owner's list keeps, so that a reworded list is the same list.
std::string keep_digest(const Target& target) {
  if (target.keep_list.entries.empty()) return "none";
  Hasher hasher;
  for (const ir::OriginId origin : target.keep_list.nodes())
    hasher.add(target.source.graph[origin].name);
  return to_text(hasher.digest());
}

std::string digest_of(const search::Rivals& rivals) {
  Hasher hasher;
  const auto add = [&](const search::FrontPoint& point) {
    hasher.add(point.log_error);
    hasher.add(point.latency_us);
  };
  for (const search::FrontPoint& point : rivals.front) add(point);
  if (rivals.best) add(*rivals.best);
  return to_text(hasher.digest());
}

}  // namespace

study::Question make_question(const TuneOptions& options, const Target& target,
                              const accuracy::Dataset& data, const EarlierStudy* earlier,
                              const search::Rivals& rivals) {
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
      {"goal", to_text(options.goal)},
      {"confidence", options.confidence ? fmt::format("{}", *options.confidence) : ""},
      {"gang", quoted_list(options.model.gang)},
      {"lower", quoted_list(options.model.lower)},
      {"strategy", options.strategy},
      {"seed", std::to_string(options.seed)},
      {"max_trials", std::to_string(options.max_trials)},
      {"algorithm", kAlgorithmVersion},
  };
  if (options.check) {
    question.emplace_back("check", options.check->command);
    question.emplace_back("check_bound",
                          options.check->bound ? to_text(*options.check->bound) : "");
    question.emplace_back("check_files", files_digest(options.check->command));
  }
  if (options.model.loop_iterations != onnx_io::kLoopIterations)
    question.emplace_back("loop_iterations", std::to_string(options.model.loop_iterations));
  if (options.model.format)
    question.emplace_back("search_" + std::string(name(*options.model.format)), "true");
  if (earlier != nullptr) question.emplace_back("from", to_text(earlier->digest));
  if (!rivals.front.empty()) question.emplace_back(kBeside, digest_of(rivals));
  for (const OwnerFile& file : target.files) question.emplace_back(file.option, file.digest);
  return question;
}

}  // namespace keel::engine
