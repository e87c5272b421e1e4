#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/base/result.h"
#include "profiler/simulator/kernel_times.h"

namespace keel::engine {

/// Times of kernels on a chip, with those of earlier runs where the user names a folder for them
/// (--kernel_cache). They are the ones predict() gives, wherever they come from.
class CachedTimes {
 public:
  /// \pre missing_figure(soc) is null
  CachedTimes(const ascend::Soc& soc, std::optional<std::filesystem::path> folder);

  simulator::KernelTimes& times() { return *times_; }

  /// What the user is told: how many times were read and added, and what is wrong with the folder.
  struct Remarks {
    std::vector<std::string> notes;
    std::vector<Error> warnings;
  };
  /// Writes what was predicted into the folder. Nothing where there is none. To be called once.
  Remarks keep();

 private:
  std::optional<std::filesystem::path> folder_;
  Digest model_;
  std::size_t read_ = 0;
  std::vector<Error> warnings_;
  std::unique_ptr<simulator::KernelTimes> times_;  // does not move: devices refer to it
};

}  // namespace keel::engine
