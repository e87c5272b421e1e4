#include "tuner/engine/export_trial.h"

#include <algorithm>
#include <sstream>
#include <system_error>

#include "tuner/engine/mixed_variant.h"
#include "tuner/engine/study_result.h"
#include "tuner/engine/trial_forms.h"
#include "tuner/report/compiler_command.h"
#include "tuner/report/figures.h"
#include "tuner/report/report.h"
#include "tuner/study/content.h"

namespace keel::engine {
namespace {

std::string from_word(std::string word) {
  for (const auto& [code, text] : {std::pair{"%20", ' '}, std::pair{"%25", '%'}})
    for (std::size_t at = word.find(code); at != std::string::npos; at = word.find(code, at + 1))
      word.replace(at, 3, 1, text);
  return word;
}

// The question holds them as one text, parted by spaces, and the check by itself.
Result<std::vector<accuracy::Requirement>> requirements_of(const study::Question& question) {
  std::vector<accuracy::Requirement> requirements;
  std::optional<CheckCommand> check;
  for (const auto& [name, value] : question) {
    if (name == "check") check = CheckCommand{value};
    if (name == "check_bound" && check && !value.empty()) {
      KEEL_TRY(check->bound, accuracy::parse_bound(value, name));
    }
    if (name != "require") continue;
    std::istringstream texts(value);
    for (std::string text; texts >> text;) {
      KEEL_TRY(accuracy::Requirement requirement, accuracy::parse_requirement(from_word(text)));
      requirements.push_back(std::move(requirement));
    }
  }
  if (check) requirements.push_back(requirement_of(*check));
  return requirements;
}

// A study of tests may have no goal of its own: the default one.
Result<search::Goal> goal_of(const study::Question& question) {
  for (const auto& [name, value] : question)
    if (name == "goal") return search::parse_goal(value);
  return search::Goal{};
}

std::optional<double> confidence_of(const study::Question& question) {
  for (const auto& [name, value] : question)
    if (name == "confidence" && !value.empty()) return std::stod(value);
  return std::nullopt;
}

Status check_metrics(const std::vector<std::string>& stored,
                     const std::vector<accuracy::Requirement>& requirements) {
  const std::vector<std::string> names = accuracy::figure_names(requirements);
  if (stored == names) return Done{};
  return Error{ErrorCode::InvalidConfig,
               "the study has other metrics than this keel: " + std::to_string(stored.size()) +
                   " against " + std::to_string(names.size()),
               "", "use the keel that made it"};
}

Status check_output(const ExportOptions& options) {
  std::error_code code;
  if (!std::filesystem::equivalent(options.study, options.output, code)) return Done{};
  return Error{ErrorCode::InvalidConfig,
               "the files of a trial would replace those of the recommendation",
               options.output.string(), "choose another output folder"};
}

Result<std::uint64_t> choose(const ExportOptions& options, const report::TuneResult& result) {
  if (result.trials.empty())
    return Error{ErrorCode::InvalidConfig, "the study holds no trial yet", "",
                 "repeat the keel tune that made it"};
  if (!options.trial && !result.recommended)
    return Error{ErrorCode::InvalidConfig,
                 "none of the " + std::to_string(result.trials.size()) +
                     " trials is complete: there is nothing to recommend",
                 "", "give --trial N"};
  const std::uint64_t number = options.trial ? *options.trial : *result.recommended;
  const std::uint64_t last = result.trials.size() - 1;
  if (number > last)
    return Error{ErrorCode::InvalidConfig,
                 "there is no trial " + std::to_string(number) + ": the study holds trials 0 to " +
                     std::to_string(last),
                 "", "give one of them, or --recommended"};
  const study::TrialRecord& record = result.trials[number];
  if (record.trial.outcome.state == search::TrialState::Failed)
    return Error{ErrorCode::InvalidConfig,
                 "trial " + std::to_string(number) + " failed: " + record.error, "",
                 "choose another trial: front.csv lists the best"};
  return number;
}

Result<ExportedModel> write_model(const MixedVariant& variant, const std::filesystem::path& from,
                                  const std::filesystem::path& to) {
  KEEL_TRY(onnx_io::MixedCopy copy, onnx_io::write_mixed_copy(from, to, variant.request));
  ExportedModel model{to, std::move(copy), {}};
  for (const std::size_t node : model.copy.stays_float)
    model.stays_float.push_back(variant.nodes[node]);
  return model;
}

KeptUnits kept_units(const report::TuneResult& result, std::uint64_t number) {
  const search::Assignment& assignment = result.trials[number].trial.assignment;
  KeptUnits kept{assignment, {}, report::kept_nodes(result, assignment)};
  for (std::size_t u = 0; u < assignment.size(); ++u)
    kept.listed.push_back(report::is_on_list(result, assignment, u));
  return kept;
}

Result<report::TrialForms> forms_of(const ExportOptions& options, const Target& target,
                                    const KeptUnits& kept) {
  report::TrialForms forms;
  if (options.shortest) {
    KEEL_TRY(forms.keep_list, shortest_list(target, kept));
  }
  if (options.customize) {
    KEEL_TRY(forms.customize_dtypes, customize_dtypes_text(target, kept));
  }
  if (options.mixlist) {
    KEEL_TRY(forms.modify_mixlist, modify_mixlist_text(target, kept));
  }
  return forms;
}

Result<ExportedTrial> export_from(const ExportOptions& options, const study::Snapshot& snapshot) {
  KEEL_TRY(const std::vector<accuracy::Requirement> requirements,
           requirements_of(snapshot.head.question));
  KEEL_TRY_STATUS(check_metrics(snapshot.head.metrics, requirements));
  KEEL_TRY(const search::Goal goal, goal_of(snapshot.head.question));
  KEEL_TRY(report::TuneResult result,
           study_result(snapshot.head.question, snapshot.head.units, requirements, goal,
                        confidence_of(snapshot.head.question), snapshot.trials));
  KEEL_TRY(const std::uint64_t number, choose(options, result));
  KEEL_TRY(report::CompilerCommand command, report::compiler_command_of(snapshot.command));
  result.owners_layout = command.owners_layout;
  if (options.cann) command.cann = *options.cann;
  // named.onnx stays where keel tune put it.
  if (command.model.is_relative())
    command.model = std::filesystem::absolute(options.study / command.model).lexically_normal();
  if (number != result.recommended) command.variant = "trial " + std::to_string(number);
  std::optional<MixedVariant> mixed;
  report::TrialForms forms;
  if (options.needs_model()) {
    KEEL_TRY(const Target target, study_target(snapshot.head, command, options.source));
    const KeptUnits kept = kept_units(result, number);
    KEEL_TRY(forms, forms_of(options, target, kept));
    if (options.mixed) mixed = mixed_variant(target, kept.assignment);
  }
  KEEL_TRY_STATUS(report::write_trial(options.output, result, number, command, forms));
  ExportedTrial exported{std::move(result), number, command.cann};
  if (mixed) {
    KEEL_TRY(exported.model, write_model(*mixed, model_file(command, options.source),
                                         options.output / report::kMixedModel));
  }
  return exported;
}

}  // namespace

Result<ExportedTrial> export_trial(const ExportOptions& options) {
  KEEL_TRY_STATUS(check_output(options));
  KEEL_TRY(const study::Snapshot snapshot, study::read_study(options.study));
  Result<ExportedTrial> exported = export_from(options, snapshot);
  if (exported.ok()) return exported;
  Error error = std::move(exported).error();
  if (error.where.empty()) error.where = (options.study / "study.db").string();
  return error;
}

}  // namespace keel::engine
