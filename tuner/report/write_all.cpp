#include <initializer_list>
#include <system_error>

#include "compiler/base/file.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

Status write_all(const fs::path& folder, const TuneResult& result, const CompilerCommand& command,
                 const RunFacts& facts) {
  const fs::path list = folder / "execeptionlist.cfg";
  const fs::path reasons = folder / "execeptionlist.reasons.json";
  const fs::path script = folder / "atc.sh";
  KEEL_TRY_STATUS(make_writable_folder(folder));
  // Of an earlier run: a list without its reasons and command beside it must not be found.
  for (const fs::path& path : {list, reasons, script}) {
    KEEL_TRY_STATUS(remove_file(path));
  }

  KEEL_TRY_STATUS(write_file(folder / "front.csv", front_csv(result)));
  KEEL_TRY_STATUS(write_file(folder / "result.json", result_json(result)));
  KEEL_TRY_STATUS(write_file(folder / "run.json", run_json(facts)));
  if (!result.recommended) return Done{};

  const std::string kept = keep_list(result);
  CompilerCommand pinned = command;
  pinned.keeps_nodes = !kept.empty();
  KEEL_TRY_STATUS(write_file(reasons, reasons_json(result)));
  KEEL_TRY_STATUS(write_script(script, atc_script(pinned)));
  return write_file(list, kept);
}

}  // namespace keel::report
