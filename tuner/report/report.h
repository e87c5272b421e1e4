#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/base/result.h"
#include "tuner/report/modes.h"
#include "tuner/report/result.h"

namespace keel::report {

/// The mixed-precision model of an exported trial; its external weights are in `<this>.data`.
constexpr const char* kMixedModel = "mixed_precision.onnx";

/// Further forms of what an exported trial keeps, for toolchains that take no keep list; the first
/// also what bf16_dtypes() is written to.
constexpr const char* kCustomizeDtypes = "customize_dtypes.cfg";
constexpr const char* kModifyMixlist = "modify_mixlist.json";

/// What execution_modes() is written to.
constexpr const char* kExecutionModes = "op_precision_mode.ini";

/// Texts of files that are made from the model; absent: not asked for.
struct TrialForms {
  std::optional<std::string> keep_list;  ///< in place of keep_list(), keeping the same nodes
  std::optional<std::string> customize_dtypes;
  std::optional<std::string> modify_mixlist;
};

/// Whether write_all() and its kin replace or remove a file of this name.
bool is_variant_file(const std::string& name);

/// What the keep list of a release of CANN is called: "execeptionlist.cfg", "exceptionlist.cfg".
std::string keep_list_name(ascend::Cann cann);

/// Names the keep list must hold for a trial: every node of every unit it keeps, the owner's
/// included, in file order and each once. Units fixed as lowered are left out.
std::vector<std::string> kept_nodes(const TuneResult& result, const search::Assignment& assignment);

/// The keep list of a trial: one name a line. \pre trials.size() > number
std::string keep_list(const TuneResult& result, std::uint64_t number);

/// `--op_precision_mode` of a trial: a line for each kept product whose format was chosen, HF32 or
/// fp32. Empty where there is none. \pre trials.size() > number
std::string execution_modes(const TuneResult& result, std::uint64_t number);

/// `--customize_dtypes` of a trial: a line for each unit that computes in bf16 where the search has
/// that choice. Empty where there is none. \pre trials.size() > number
std::string bf16_dtypes(const TuneResult& result, std::uint64_t number);

/// `<stem of the keep list>.reasons.json`: for each line of the keep list, and each node in bf16,
/// its unit and why it is kept: the owner's line, a pin with its lone error, or what lowering it
/// from the trial would give. \pre trials.size() > number
std::string reasons_json(const TuneResult& result, std::uint64_t number);

/// `trial.json`: the trial as in result.json, the units it keeps with their nodes, and all nodes of
/// its keep list. \pre trials.size() > number
std::string trial_json(const TuneResult& result, std::uint64_t number);

/// `front.csv`: `trial,latency_us`, the metrics (validation), `kept_units,kept_nodes`, then the
/// interval of how much longer the next of the front takes, where times are predicted; trials of
/// the front by latency, then the recommendation and the anchors where they are not on it.
std::string front_csv(const TuneResult& result);

/// `result.json`: question, requirements, split, anchors, front, recommendation, units. Numbers
/// that JSON cannot spell are the strings "inf", "-inf" and "nan".
std::string result_json(const TuneResult& result);

/// `run.json`.
std::string run_json(const RunFacts& facts);

/// `atc.sh`: the exact compiler command of a variant, every option that was evaluated
/// pinned, arguments quoted for sh. It may be called from any folder.
std::string atc_script(const CompilerCommand& command);

/// `aoe.sh`: the same variant for the vendor's tuner, which makes it faster and leaves precision
/// alone. What it takes of the options that were passed on is passed on.
std::string aoe_script(const CompilerCommand& command);

/// The table for the terminal: anchors, the front, the recommendation marked, requirements
/// beside it with pass or fail, validation and hold-out.
std::string table(const TuneResult& result);

/// Writes every file of a run into `folder`, each atomically; the keep list last, so that its
/// presence means the rest is complete. Without a recommendation there is no list, no reasons and
/// no command; those of an earlier run are removed, of another release of CANN, too.
Status write_all(const std::filesystem::path& folder, const TuneResult& result,
                 const CompilerCommand& command, const RunFacts& facts);

/// Writes the joint front.csv and modes.json of several modes into `folder`, and of the best mode
/// the reasons, the commands and the list, each atomically and the list last; those that were there
/// are removed first. \param command  of best_mode(), where there is one
Status write_modes(const std::filesystem::path& folder, const std::vector<ModeResult>& modes,
                   const std::optional<CompilerCommand>& command);

/// Writes trial.json, the reasons, the commands and the list of one trial into `folder`, each
/// atomically and the list last, and the files of `forms`; those of another trial, its
/// mixed-precision model included, are removed first.
/// \pre trials.size() > number
Status write_trial(const std::filesystem::path& folder, const TuneResult& result,
                   std::uint64_t number, const CompilerCommand& command,
                   const TrialForms& forms = {});

}  // namespace keel::report
