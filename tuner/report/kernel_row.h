#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace keel::report {

/// One kernel of a compiled variant, as tables of kernels show it. Times are predicted
/// microseconds.
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
  double us = 0;                        ///< launch_us, relayout_us and the other three, which
                                        ///< overlap in part
  double launch_us = 0;
  double cube_us = 0;
  double vector_us = 0;
  double memory_us = 0;
  double relayout_us = 0;  ///< padding and cutting of tensors to blocks around a product
  std::string bound;  ///< "cube", "vector", "memory", "launch"; "none" where nothing is launched
};

}  // namespace keel::report
