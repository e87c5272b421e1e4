#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "profiler/accuracy/metrics.h"

namespace keel::engine {

/// A command of the owner's that judges the outputs of a variant.
struct CheckCommand {
  std::string command;  ///< with {outputs}, and {reference} where it reads that
  /// Of the number in the last line of what the command prints; absent: the exit code decides.
  std::optional<accuracy::Bound> bound = {};
  std::chrono::milliseconds timeout{600'000};
};

/// \error InvalidConfig  the command has no {outputs}
Status check_form(const CheckCommand& options);

/// What is required of the check's value: its bound; without one 1, which is exit code 0.
accuracy::Requirement requirement_of(const CheckCommand& options);

/// Digest of files a command names, behind no '>': with a changed script the question changes.
std::string files_digest(std::string_view command);

/// Outputs of samples in files, as `keel run` writes them.
struct SampleOutputs {
  std::vector<std::string> samples;          ///< "000"
  std::vector<std::string> outputs;          ///< names of the model's outputs
  std::vector<std::vector<Tensor>> tensors;  ///< by sample, by output
};

/// Runs the check. The folders whose paths replace {outputs} and {reference} are below the folder
/// for temporary files, or below /tmp where a path of that would mean something to a shell: what
/// is put into the command is plain whatever quotes surround it.
class Check {
 public:
  /// Writes the reference.
  /// \error IoFailed  it cannot be written
  static Result<std::unique_ptr<Check>> make(const CheckCommand& options,
                                             const SampleOutputs& reference);
  ~Check();
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  const accuracy::Requirement& requirement() const { return requirement_; }

  /// The value of the check: the number printed, infinitely far from the bound where the exit code
  /// is not 0; without a bound 1 for exit code 0, 0 for 1 to 125. Thread-safe; blocks.
  ///
  /// \param tensors  by sample, by output, as those of the reference
  /// \error InvalidConfig  the command cannot be run (exit code 126 or 127), was ended by a signal,
  ///     took too long, wrote too much, or printed no number where there is a bound
  /// \error IoFailed  the outputs cannot be written; no process can be started
  Result<double> run(const std::vector<std::vector<Tensor>>& tensors,
                     const std::stop_token& stop) const;

  /// What a command said on stderr that ended with an exit code of "not met", the first time: it
  /// may have failed by itself. Empty: none said anything. Thread-safe.
  std::string complaint() const;

 private:
  Check(CheckCommand options, std::filesystem::path folder, SampleOutputs names);

  CheckCommand options_;
  accuracy::Requirement requirement_;
  std::filesystem::path folder_;  ///< its own, removed with it
  SampleOutputs names_;           ///< without tensors
  mutable std::atomic<int> runs_ = 0;
  mutable std::mutex mutex_;
  mutable std::string complaint_;  // guarded by mutex_
};

}  // namespace keel::engine
