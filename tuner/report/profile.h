#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/shape.h"
#include "tuner/report/kernel_row.h"

namespace keel::report {

/// Where a measured time, or a difference of two, lies in nine of ten cases.
struct TimeInterval {
  double lo_us = 0;
  double hi_us = 0;
};

/// A tensor that a kernel takes from memory or hands to it.
struct TensorFacts {
  Shape shape;
  DType dtype = DType::F32;  ///< on the NPU
};

/// One kernel, with what files about it need beyond its row.
struct ProfiledKernel {
  KernelRow row;
  TimeInterval interval;            ///< of row.us
  std::vector<TensorFacts> inputs;  ///< weights included
  std::vector<TensorFacts> outputs;
  std::int64_t bytes_read = 0;  ///< from memory; less than the inputs where it picks from them
  std::int64_t bytes_written = 0;
  double operations = 0;  ///< two a multiply-accumulate of a product, one a result element or,
                          ///< where results depend on many, operand element of an operator that
                          ///< computes; none of what casts or moves

  bool is_launched() const { return row.kernel_class != "none"; }
};

/// A rate that no kernel exceeds.
struct ComputeRoof {
  std::string name;              ///< "cube f16"
  double operations_per_us = 0;  ///< operations as ProfiledKernel counts them
};
struct MemoryRoof {
  std::string name;  ///< "memory", "L2"
  double gbs = 0;    ///< 10^9 bytes a second
};

/// A compiled variant and where its time goes.
struct Profile {
  std::string variant;      ///< "force_fp16 on Ascend910B3, 3 of 95 nodes kept"
  double latency_us = 0;    ///< of all kernels, one after the other, and execution_us
  double execution_us = 0;  ///< of the execution itself, whatever it runs
  TimeInterval interval;    ///< of latency_us
  std::size_t casts = 0;    ///< that the compiler inserted, those inside other kernels included
  bool has_split_cores = false;            ///< cube and vector unit are cores of their own
  std::vector<ComputeRoof> compute_roofs;  ///< of the formats the program computes in
  std::vector<MemoryRoof> memory_roofs;
  std::vector<ProfiledKernel> kernels;  ///< in launch order
};

}  // namespace keel::report
