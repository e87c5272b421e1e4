#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace keel::report {

/// One kernel of a compiled variant, as `keel profile` shows it. Times are predicted microseconds.
struct KernelRow {
  std::string name;
  std::vector<std::string> nodes;  ///< of the model file, each once; none for an inserted cast
  std::vector<std::string> ascend_types;  ///< of the nodes, each once; "Cast" for an inserted cast
  std::string kernel_class;            ///< "cube", "depthwise", "vector", "layout", "cast"; "none":
                                       ///< not launched, it only renames extents
  std::vector<std::int64_t> tile;      ///< m and n of the cube's tile, in elements; else empty
  std::string compute;                 ///< what a cube multiplies in, "f16"; else empty
  std::vector<std::string> dtypes_in;  ///< of data and float constants, each once
  std::vector<std::string> dtypes_out;  ///< each once
  double us = 0;                        ///< launch_us + the longest of the other three
  double launch_us = 0;
  double cube_us = 0;
  double vector_us = 0;
  double memory_us = 0;
  std::string bound;  ///< "cube", "vector", "memory", "launch"; "none" where nothing is launched
};

/// A compiled variant and where its time goes.
struct Profile {
  std::string variant;    ///< "force_fp16 on Ascend910B3, 3 of 95 nodes kept"
  double latency_us = 0;  ///< of all kernels, one after the other
  std::size_t casts = 0;  ///< that the compiler inserted, those inside other kernels included
  std::vector<KernelRow> kernels;  ///< in launch order
};

/// Two lines of summary, then aligned columns with a header; no line is longer than 120 columns
/// where names are ASCII: of several nodes or types the first is shown and how many more there are.
std::string profile_table(const Profile& profile);
/// Header line, then one line a kernel; lists are joined by spaces.
std::string profile_csv(const Profile& profile);
/// An object: latency_us, kernels, then the rest.
std::string profile_json(const Profile& profile);

}  // namespace keel::report
