#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/search/strategy.h"

namespace keel::study {

/// What makes two runs the same question, in the order messages list it: ("model", digest),
/// ("precision_mode", "force_fp16"), ...
using Question = std::vector<std::pair<std::string, std::string>>;

/// An operator with a pole at zero to which a unit, when lowered, may help to bring one; every unit
/// of its search::PoleGroup has it.
struct PoleRecord {
  std::string name;  ///< "Log 'stft/log'"
  bool floor_is_lost = false;
  bool operator==(const PoleRecord&) const = default;
};

/// A unit as the study keeps it, so that a query can name nodes.
struct UnitRecord {
  std::string name;                ///< of its first node
  std::vector<std::string> nodes;  ///< every model node in it, in file order
  search::UnitState state = search::UnitState::Free;
  std::string reason;  ///< why it is not free, as a sentence; empty if it is
  /// Of `nodes`, among all nodes of the model file. Empty: the nodes of all units, unit by unit,
  /// are in file order already.
  std::vector<std::uint64_t> positions = {};
  std::vector<std::string> ascend_types = {};  ///< of `nodes`
  /// Why lowering it may cost much, each as JSON; the study only keeps them.
  std::vector<std::string> suspicions = {};
  std::vector<PoleRecord> poles = {};
  std::optional<search::UnitIndex> follows = {};  ///< see search::Unit
  std::optional<search::UnitIndex> gang = {};     ///< see search::Unit
};

/// Whether the unit stands for no node: the one that follows it computes in fp32, where it is kept,
/// if this is kept too, else in HF32 or bf16.
inline bool is_format(const UnitRecord& unit) { return unit.nodes.empty(); }

/// How variants are handed to the vendor's compiler, as (name, value); names may repeat. Not part
/// of the question.
using Command = std::vector<std::pair<std::string, std::string>>;

/// Figures of one trial on one set of samples, in the order of the study's metric names.
using MetricValues = std::vector<double>;

/// One row of the study.
struct TrialRecord {
  search::Trial trial;
  MetricValues ranking;     ///< empty unless the trial ran on all of these samples
  MetricValues validation;  ///< likewise; of those that ran where it was Rejected
  int kept_units = 0;       ///< free units kept
  int kept_nodes = 0;       ///< model nodes in kept units, the owner's included
  std::string error;        ///< of a failed trial, one line
  /// Ends of the intervals of `validation`, NaN where there is none; as long as it, or empty.
  MetricValues validation_lo = {}, validation_hi = {};
};

/// Trials one append may hold: a crash between a commit and its mark leaves no more unmarked.
constexpr std::size_t kMostAppended = 64;

/// All trials of one question, on disk: `study.db` (SQLite, WAL, synchronous FULL) and
/// `study.mark` beside it.
///
/// A WAL that lost its tail reopens silently shorter. So each row carries a hash chained over all
/// rows before it, and the mark, synced after each commit, holds the count and the last hash:
/// open() refuses a database that holds less than the mark promised.
///
/// Real numbers come back bit for bit, but -0 as 0 and every NaN as the same one; trials() shows
/// them so already. One process at a time (a lock file). Not thread-safe.
class Study {
 public:
  /// Opens the study in `folder`, or makes it. Reasons of units are replaced by those of `units`.
  /// \pre names in `question` are unique, and so are `metric_names`
  /// \error InvalidConfig  it belongs to another question; `what` lists what differs, both values
  /// \error StudyCorrupt   rows are missing or changed
  /// \error IoFailed       another process has it open; the disk failed
  static Result<Study> open(const std::filesystem::path& folder, const Question& question,
                            std::span<const UnitRecord> units,
                            std::span<const std::string> metric_names);

  ~Study();
  Study(Study&&) noexcept;
  Study& operator=(Study&&) noexcept;

  /// Trials 0 .. n-1, in order.
  std::span<const TrialRecord> trials() const;

  /// Replaces what the study says on how its variants are compiled.
  /// \error IoFailed  the disk failed; the former content stands
  Status set_command(const Command& command);

  /// What set_command() was given last, also by an earlier run; empty: nothing yet.
  /// \error StudyCorrupt, IoFailed  it cannot be read
  Result<Command> command() const;

  /// Adds trials n, n + 1, ..., all or none. On return they survive a crash of the machine.
  /// \pre records.size() <= kMostAppended; the first record has number trials().size(), each other
  ///      one more than the one before; ranking, validation and its ends are empty or hold one
  ///      figure for each metric
  /// \error IoFailed  trials() is unchanged, and every further append fails likewise: whether the
  ///     trials reached the disk shows when the study is opened again
  Status append(std::vector<TrialRecord> records);

  /// Adds one trial.
  Status append(TrialRecord record);

 private:
  struct State;
  explicit Study(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace keel::study
