#include "tuner/engine/check.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include "compiler/base/file.h"
#include "compiler/base/hash.h"
#include "profiler/accuracy/dataset.h"
#include "tuner/engine/shell_command.h"

namespace keel::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOutputs = "{outputs}";
constexpr std::string_view kReference = "{reference}";
// As POSIX sh has them: not executable, not found. Above 128: ended by a signal.
constexpr int kCannotRun = 126;
constexpr int kSignalBase = 128;

std::string where(const CheckCommand& options) { return "--check '" + options.command + "'"; }

// Whether a path of these characters is one plain word to a shell, in quotes and without.
bool is_plain(const std::string& path) {
  return std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '.' || c == '_' || c == '-';
  });
}

Result<fs::path> make_folder() {
  std::error_code code;
  fs::path parent = fs::temp_directory_path(code);
  if (code || !is_plain(parent)) parent = "/tmp";
  std::string path = parent / "keel-check-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr)
    return Error{ErrorCode::IoFailed, "no folder can be made for the files of the check", parent,
                 "set TMPDIR to a folder you may write to"};
  return fs::path(path);
}

Status write(const fs::path& folder, const SampleOutputs& names,
             const std::vector<std::vector<Tensor>>& tensors) {
  std::error_code code;
  fs::create_directory(folder, code);
  for (std::size_t s = 0; s < tensors.size(); ++s)
    for (std::size_t i = 0; i < tensors[s].size(); ++i) {
      const std::string file =
          accuracy::output_file_name(names.samples[s], names.outputs[i], names.outputs.size());
      KEEL_TRY_STATUS(accuracy::write_npy(folder / file, tensors[s][i]));
    }
  return Done{};
}

std::string replaced(std::string text, std::string_view what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), with), at += with.size();
  return text;
}

std::string_view last_line(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t end = text.find_last_not_of(kSpace);
  if (end == std::string_view::npos) return {};
  text = text.substr(0, end + 1);
  const std::size_t start = text.find_last_of('\n');
  if (start != std::string_view::npos) text.remove_prefix(start + 1);
  return text.substr(std::min(text.find_first_not_of(kSpace), text.size()));
}

std::optional<double> number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [parsed, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc() || parsed != end) return std::nullopt;
  return value;
}

Error failed(const CheckCommand& options, std::string what, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), where(options), std::move(fix)};
}

Error failed_to_end(const CheckCommand& options, const ShellRun& run) {
  switch (run.end) {
    case ShellRun::End::TimedOut:
      return failed(options,
                    fmt::format("the check took longer than {:g} s",
                                std::chrono::duration<double>(options.timeout).count()),
                    "give a longer --check_timeout; the same command then goes on from here");
    case ShellRun::End::Flooded:
      return failed(options, "the check wrote more than 1 MiB",
                    "let it write less: only its last line is read");
    case ShellRun::End::Stopped:
      return failed(options, "the check was stopped", "repeat the command");
    case ShellRun::End::Signalled:
    case ShellRun::End::Exited:
      break;
  }
  const bool by_signal = run.end == ShellRun::End::Signalled || run.code > kSignalBase;
  const std::string_view said = last_line(run.err);
  const std::string more = said.empty() ? "" : ": " + std::string(said);
  if (by_signal)
    return failed(options,
                  "the check was ended by signal " +
                      std::to_string(run.code > kSignalBase ? run.code - kSignalBase : run.code) +
                      more,
                  "let it end with exit code 0 (met) or 1 to 125 (not met)");
  return failed(options, "the check cannot be run" + more,
                "give a command that /bin/sh finds from this folder, such as 'python3 check.py "
                "{outputs} {reference}'");
}

Result<double> value_of(const CheckCommand& options, const ShellRun& run) {
  if (run.end != ShellRun::End::Exited || run.code >= kCannotRun)
    return failed_to_end(options, run);
  if (!options.bound) return run.code == 0 ? 1.0 : 0.0;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (run.code != 0) return options.bound->at_most ? kInfinity : -kInfinity;
  const std::string_view line = last_line(run.out);
  const std::optional<double> value = number(line);
  if (!value)
    return failed(
        options,
        "the last line of the check, '" + std::string(line.substr(0, 80)) + "', is no number",
        "let it print the value last, or leave --check_bound out");
  return *value;
}

}  // namespace

Status check_form(const CheckCommand& options) {
  if (options.command.find(kOutputs) != std::string::npos) return Done{};
  return failed(options, "the check has no {outputs}: it would not see what it is to judge",
                "write {outputs} where the command takes the folder of the outputs");
}

accuracy::Requirement requirement_of(const CheckCommand& options) {
  const accuracy::Bound bound = options.bound.value_or(accuracy::Bound{false, 1});
  return {&accuracy::check_metric(), bound.at_most, bound.value};
}

std::string files_digest(std::string_view command) {
  constexpr std::string_view kParting = " \t\n'\"=;|&<>()";
  Hasher hasher;
  bool has_any = false;
  while (!command.empty()) {
    const std::size_t start = command.find_first_not_of(kParting);
    if (start == std::string_view::npos) break;
    const bool is_written = command.substr(0, start).find('>') != std::string_view::npos;
    command.remove_prefix(start);
    const fs::path path(command.substr(0, command.find_first_of(kParting)));
    command.remove_prefix(std::min(command.find_first_of(kParting), command.size()));
    std::error_code code;
    if (is_written || !fs::is_regular_file(path, code)) continue;
    const Result<std::string> content = read_file(path);
    if (!content.ok()) continue;
    hasher.add(std::string_view(*content));
    has_any = true;
  }
  return has_any ? to_text(hasher.digest()) : "none";
}

Check::Check(CheckCommand options, fs::path folder, SampleOutputs names)
    : options_(std::move(options)),
      requirement_(requirement_of(options_)),
      folder_(std::move(folder)),
      names_(std::move(names)) {}

Check::~Check() {
  std::error_code code;
  fs::remove_all(folder_, code);
}

Result<std::unique_ptr<Check>> Check::make(const CheckCommand& options,
                                           const SampleOutputs& reference) {
  KEEL_TRY(fs::path folder, make_folder());
  std::unique_ptr<Check> check(
      new Check(options, std::move(folder), {reference.samples, reference.outputs, {}}));
  KEEL_TRY_STATUS(write(check->folder_ / "reference", check->names_, reference.tensors));
  return check;
}

Result<double> Check::run(const std::vector<std::vector<Tensor>>& tensors,
                          const std::stop_token& stop) const {
  const fs::path outputs = folder_ / ("outputs-" + std::to_string(runs_++));
  KEEL_TRY_STATUS(write(outputs, names_, tensors));
  const std::string command =
      replaced(replaced(options_.command, kOutputs, outputs), kReference, folder_ / "reference");
  Result<ShellRun> run = run_shell(command, {.time = options_.timeout}, stop);
  std::error_code code;
  fs::remove_all(outputs, code);
  if (!run.ok()) return std::move(run).error();
  if (const std::string_view said = last_line(run->err); run->code != 0 && !said.empty()) {
    const std::lock_guard lock(mutex_);
    if (complaint_.empty())
      complaint_ = fmt::format("exit code {}, '{}'", run->code, said.substr(0, 200));
  }
  return value_of(options_, *run);
}

std::string Check::complaint() const {
  const std::lock_guard lock(mutex_);
  return complaint_;
}

}  // namespace keel::engine
