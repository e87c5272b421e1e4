#pragma once

#include <fmt/format.h>

#include <filesystem>

#include "tests/places/places.h"
#include "tests/support/process.h"

namespace keel::test {

/// The first 12 of the demonstration model's samples in a folder of their own: enough for a split
/// with a hold-out, and few enough for builds with sanitizers.
inline std::string few_demo_samples(const TemporaryFolder& folder) {
  constexpr int kSamples = 12;
  const std::filesystem::path data = folder / "few";
  std::filesystem::create_directories(data);
  for (int sample = 0; sample < kSamples; ++sample) {
    const std::string name = fmt::format("{:03}.npy", sample);
    std::filesystem::copy_file(source_folder() / "demo/inputs" / name, data / name);
  }
  return data;
}

}  // namespace keel::test
