#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "tuner/kernel_cache/database.h"
#include "tuner/kernel_cache/kernel_cache.h"

namespace keel::kernel_cache {

inline constexpr Digest kModel{1, 2};

/// A new, empty folder named after the running test.
inline std::filesystem::path empty_folder() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      (std::string("keel-") + info->test_suite_name() + "-" + info->name());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  return folder;
}

/// A time in which every member has a value of its own.
inline simulator::KnownTime known_time(std::uint64_t number) {
  Rng rng(number);
  simulator::KnownTime known;
  // The highest bits too, which SQLite's integers have as their sign.
  known.kernel = {number * 0x9e3779b97f4a7c15, ~number};
  simulator::KernelTime& time = known.time;
  for (double* us : {&time.launch_us, &time.cube_us, &time.vector_us, &time.memory_us,
                     &time.relayout_us, &time.total_us, &time.interval.lo_us, &time.interval.hi_us,
                     &time.error.below_us, &time.error.above_us, &time.error.shared})
    *us = rng.uniform();
  time.bound = static_cast<simulator::Bound>(rng.below(4));
  time.error.timing_class =
      static_cast<simulator::TimingClass>(rng.below(simulator::kTimingClasses));
  return known;
}

inline std::vector<simulator::KnownTime> known_times(std::uint64_t first, std::uint64_t count) {
  std::vector<simulator::KnownTime> times;
  for (std::uint64_t i = 0; i < count; ++i) times.push_back(known_time(first + i));
  return times;
}

inline bool same(const simulator::KernelTime& a, const simulator::KernelTime& b) {
  return a.launch_us == b.launch_us && a.cube_us == b.cube_us && a.vector_us == b.vector_us &&
         a.memory_us == b.memory_us && a.relayout_us == b.relayout_us && a.total_us == b.total_us &&
         a.bound == b.bound && a.interval.lo_us == b.interval.lo_us &&
         a.interval.hi_us == b.interval.hi_us && a.error.timing_class == b.error.timing_class &&
         a.error.below_us == b.error.below_us && a.error.above_us == b.error.above_us &&
         a.error.shared == b.error.shared;
}

/// How many of `times` are known_time(first), ... of `count`; a failure where one is not.
inline std::size_t count_true(const std::vector<simulator::KnownTime>& times, std::uint64_t first,
                              std::uint64_t count) {
  std::size_t found = 0;
  for (const simulator::KnownTime& true_one : known_times(first, count))
    for (const simulator::KnownTime& one : times)
      if (one.kernel == true_one.kernel && same(one.time, true_one.time)) ++found;
  EXPECT_EQ(found, times.size()) << "a time that nobody added";
  return found;
}

inline std::string texts(const std::vector<Error>& warnings) {
  std::string text;
  for (const Error& warning : warnings) text += to_text(warning) + "\n";
  return text;
}

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace keel::kernel_cache
