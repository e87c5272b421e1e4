#include <system_error>

#include "compiler/base/file.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

namespace fs = std::filesystem;

constexpr const char* kList = "execeptionlist.cfg";
constexpr const char* kReasons = "execeptionlist.reasons.json";
constexpr const char* kScript = "atc.sh";

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

// A list without its reasons and command beside it must not be found.
Status remove_variant(const fs::path& folder) {
  for (const char* name : {kList, kReasons, kScript}) {
    KEEL_TRY_STATUS(remove_file(folder / name));
  }
  return Done{};
}

Status write_variant(const fs::path& folder, const TuneResult& result, std::uint64_t number,
                     const CompilerCommand& command) {
  const std::string kept = keep_list(result, number);
  CompilerCommand pinned = command;
  pinned.keeps_nodes = !kept.empty();
  KEEL_TRY_STATUS(write_file(folder / kReasons, reasons_json(result, number)));
  KEEL_TRY_STATUS(write_script(folder / kScript, atc_script(pinned)));
  return write_file(folder / kList, kept);
}

}  // namespace

Status write_all(const fs::path& folder, const TuneResult& result, const CompilerCommand& command,
                 const RunFacts& facts) {
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY_STATUS(remove_variant(folder));
  KEEL_TRY_STATUS(write_file(folder / "front.csv", front_csv(result)));
  KEEL_TRY_STATUS(write_file(folder / "result.json", result_json(result)));
  KEEL_TRY_STATUS(write_file(folder / "run.json", run_json(facts)));
  if (!result.recommended) return Done{};
  return write_variant(folder, result, *result.recommended, command);
}

Status write_trial(const fs::path& folder, const TuneResult& result, std::uint64_t number,
                   const CompilerCommand& command) {
  KEEL_TRY_STATUS(make_writable_folder(folder));
  KEEL_TRY_STATUS(remove_variant(folder));
  for (const char* suffix : {"", ".data"}) {
    KEEL_TRY_STATUS(remove_file(folder / (std::string(kMixedModel) + suffix)));
  }
  KEEL_TRY_STATUS(write_file(folder / "trial.json", trial_json(result, number)));
  return write_variant(folder, result, number, command);
}

}  // namespace keel::report
