#include "tuner/engine/tune_modes.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "tuner/engine/owner_files.h"
#include "tuner/engine/question.h"
#include "tuner/engine/target.h"
#include "tuner/report/report.h"
#include "tuner/study/content.h"

namespace keel::engine {
namespace {

namespace fs = std::filesystem;

// What one mode cannot have is found before the first search begins.
Status check_all(const TuneOptions& options, std::span<const ascend::PrecisionMode> modes) {
  KEEL_TRY_STATUS(check_none_replaced(options.model, options.output));
  std::error_code code;
  if (fs::exists(options.output / "study.db", code))
    return Error{ErrorCode::InvalidConfig, "the folder holds a study of one mode",
                 options.output.string(), "give another --output for a run of several modes"};
  for (const ascend::PrecisionMode mode : modes) {
    ModelOptions model = options.model;
    model.mode = mode;
    KEEL_TRY_STATUS(open_target(model, options.data));
  }
  return Done{};
}

// The first mode that has a study already must be the one that knows of no mode before it.
Status check_order(const TuneOptions& options, std::span<const ascend::PrecisionMode> modes) {
  for (const ascend::PrecisionMode mode : modes) {
    const fs::path folder = options.output / ascend::name(mode);
    if (std::error_code code; !fs::exists(folder / "study.db", code)) continue;
    KEEL_TRY(const study::Snapshot study, study::read_study(folder));
    if (std::ranges::none_of(study.head.question,
                             [](const auto& entry) { return entry.first == kBeside; }))
      return Done{};
    return Error{ErrorCode::InvalidConfig, "the folder holds a run of modes in another order",
                 folder.string(),
                 "give --precision_mode in the order of that run, or another --output"};
  }
  return Done{};
}

// To what the modes before reach.
void add_rivals(const report::TuneResult& result, search::Rivals& rivals) {
  const auto point = [&](std::uint64_t number) {
    const search::Outcome& outcome = result.trials[number].trial.outcome;
    return search::FrontPoint{search::log_error(outcome.squared_error), outcome.latency_us};
  };
  for (const std::uint64_t number : result.front) rivals.front.push_back(point(number));
  if (result.recommended && result.requirements_met)
    search::offer_best(result.goal.aim, point(*result.recommended), rivals);
}

// Ending of all that ran: what is worse for the user counts.
Ending ending_of(const std::vector<report::ModeResult>& modes, std::optional<std::size_t> best) {
  if (modes.empty()) return Ending::NothingToSearch;
  const auto is_unfinished = [](const report::ModeResult& mode) { return !mode.result.finished; };
  if (std::ranges::any_of(modes, is_unfinished)) return Ending::Interrupted;
  return best && modes[*best].result.requirements_met ? Ending::Done : Ending::RequirementsNotMet;
}

// The model that the mode's own files name relative to their folder.
report::CompilerCommand from_above(report::CompilerCommand command, const std::string& folder) {
  if (command.model.is_relative()) command.model = folder / command.model;
  return command;
}

}  // namespace

Result<ModesReport> tune_modes(const TuneOptions& options,
                               std::span<const ascend::PrecisionMode> modes, Progress& progress) {
  KEEL_TRY_STATUS(check_all(options, modes));
  KEEL_TRY_STATUS(check_order(options, modes));
  ModesReport report;
  std::vector<report::CompilerCommand> commands;
  std::unique_ptr<program::ResultMemo> memo;
  if (const std::size_t budget = memo_budget(options); budget > 0)
    memo = std::make_unique<program::ResultMemo>(budget);
  Beside beside{memo.get()};
  for (std::size_t i = 0; i < modes.size(); ++i) {
    TuneOptions of_mode = options;
    of_mode.model.mode = modes[i];
    of_mode.output = options.output / ascend::name(modes[i]);
    of_mode.from_any_mode = true;
    of_mode.from.reset();
    if (!report.modes.empty()) of_mode.from = options.output / report.modes.front().mode;
    progress.note(fmt::format("mode {} of {}: {}", i + 1, modes.size(), ascend::name(modes[i])));
    KEEL_TRY(TuneReport one, tune(of_mode, progress, beside));
    if (one.ending == Ending::NothingToSearch) {
      progress.note(one.why_nothing);
      continue;
    }
    add_rivals(one.result, beside.rivals);
    report.cann = one.command.cann;
    commands.push_back(std::move(one.command));
    report.modes.push_back({std::string(ascend::name(modes[i])), std::move(one.result)});
    if (one.ending == Ending::Interrupted) break;
  }
  report.best = report::best_mode(report.modes);
  report.ending = ending_of(report.modes, report.best);
  std::optional<report::CompilerCommand> command;
  if (report.best) command = from_above(commands[*report.best], report.modes[*report.best].mode);
  KEEL_TRY_STATUS(report::write_modes(options.output, report.modes, command));
  return report;
}

}  // namespace keel::engine
