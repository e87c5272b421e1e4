#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "compiler/base/check.h"
#include "compiler/base/file.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCompile = "atc.sh";
constexpr const char* kTune = "aoe.sh";

std::string reasons_name(ascend::Cann cann) {
  return std::string(ascend::keep_list_stem(cann)) + ".reasons.json";
}

Status remove_file(const fs::path& path) {
  std::error_code code;
  fs::remove(path, code);
  if (code)
    return Error{ErrorCode::IoFailed, "cannot remove the file: " + code.message(), path.string(),
                 "choose an output folder you may write to"};
  return Done{};
}

Status write_script(const fs::path& path, const std::string& text) {
  KEEL_TRY_STATUS(write_file(path, text));
  std::error_code code;
  fs::permissions(path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                  fs::perm_options::add, code);
  if (code)
    return Error{ErrorCode::IoFailed, "cannot make the file executable: " + code.message(),
                 path.string(), "run it with sh"};
  return Done{};
}

std::vector<std::string> variant_files() {
  std::vector<std::string> names{kCompile, kTune, kExecutionModes, kCustomizeDtypes};
  for (const ascend::Cann cann : {ascend::Cann::V8, ascend::Cann::V9})
    names.insert(names.end(), {keep_list_name(cann), reasons_name(cann)});
  return names;
}

// A list without its reasons and command beside it must not be found.
Status remove_variant(const fs::path& folder) {
  for (const std::string& name : variant_files()) {
    KEEL_TRY_STATUS(remove_file(folder / name));
  }
  return Done{};
}

Status write_variant(const fs::path& folder, const TuneResult& result, std::uint64_t number,
                     const CompilerCommand& command, const std::string& kept) {
  CompilerCommand pinned = command;
  pinned.keeps_nodes = !kept.empty();
  if (const std::string modes = execution_modes(result, number); !modes.empty()) {
    KEEL_TRY_STATUS(write_file(folder / kExecutionModes, modes));
    pinned.evaluated_files.emplace_back("op_precision_mode", kExecutionModes);
  }
  if (const std::string dtypes = bf16_dtypes(result, number); !dtypes.empty()) {
    KEEL_TRY_STATUS(write_file(folder / kCustomizeDtypes, dtypes));
    pinned.evaluated_files.emplace_back("customize_dtypes", kCustomizeDtypes);
  }
  KEEL_TRY_STATUS(write_file(folder / reasons_name(command.cann), reasons_json(result, number)));
  KEEL_TRY_STATUS(write_script(folder / kCompile, atc_script(pinned)));
  KEEL_TRY_STATUS(write_script(folder / kTune, aoe_script(pinned)));
  return write_file(folder / keep_list_name(command.cann), kept);
}

}  // namespace

bool is_variant_file(const std::string& name) {
  return std::ranges::count(variant_files(), name) > 0;
}

Status write_all(const fs::path& folder, const TuneResult& result, const CompilerCommand& command,
                 const RunFacts& facts) {
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY_STATUS(remove_variant(folder));
  KEEL_TRY_STATUS(write_file(folder / "front.csv", front_csv(result)));
  KEEL_TRY_STATUS(write_file(folder / "result.json", result_json(result)));
  KEEL_TRY_STATUS(write_file(folder / "run.json", run_json(facts)));
  if (!result.recommended) return Done{};
  return write_variant(folder, result, *result.recommended, command,
                       keep_list(result, *result.recommended));
}

Status write_modes(const fs::path& folder, const std::vector<ModeResult>& modes,
                   const std::optional<CompilerCommand>& command) {
  const std::optional<std::size_t> best = best_mode(modes);
  KEEL_CHECK(best.has_value() == command.has_value());
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY_STATUS(remove_variant(folder));
  KEEL_TRY_STATUS(write_file(folder / "front.csv", modes_csv(modes)));
  KEEL_TRY_STATUS(write_file(folder / "modes.json", modes_json(modes)));
  if (!best) return Done{};
  const TuneResult& result = modes[*best].result;
  return write_variant(folder, result, *result.recommended, *command,
                       keep_list(result, *result.recommended));
}

Status write_trial(const fs::path& folder, const TuneResult& result, std::uint64_t number,
                   const CompilerCommand& command, const TrialForms& forms) {
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY_STATUS(remove_variant(folder));
  KEEL_TRY_STATUS(remove_file(folder / kModifyMixlist));
  for (const char* suffix : {"", ".data"}) {
    KEEL_TRY_STATUS(remove_file(folder / (std::string(kMixedModel) + suffix)));
  }
  KEEL_TRY_STATUS(write_file(folder / "trial.json", trial_json(result, number)));
  KEEL_TRY_STATUS(write_variant(folder, result, number, command,
                                forms.keep_list ? *forms.keep_list : keep_list(result, number)));
  for (const auto& [name, text] : {std::pair{kCustomizeDtypes, &forms.customize_dtypes},
                                   std::pair{kModifyMixlist, &forms.modify_mixlist}}) {
    if (!*text) continue;
    KEEL_TRY_STATUS(write_file(folder / name, **text));
  }
  return Done{};
}

}  // namespace keel::report
