#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report/kernel_row.h"

namespace keel::report {

/// A node of the model file in a kernel.
struct ProgramMember {
  std::string node;
  std::string ascend_type;
  std::string dtype;  ///< "f16", "f16 -> f32" where operands and result differ, "f32, multiplied in
                      ///< f16" where the cube does; empty where it computes no floats
  std::string rule;   ///< what decided it: "force_fp16", "keep.cfg:3"; empty likewise
};

/// Who hands a tensor to a cast or takes it from there.
struct CastEnd {
  std::string name;   ///< of a node, an input or an output of the model
  std::string state;  ///< "is lowered (force_fp16)", "is kept (keep.cfg:3)"
};

/// A cast that the compiler inserted.
struct ProgramCast {
  std::string tensor;  ///< what is cast
  std::string from, to;
  CastEnd producer;
  std::vector<CastEnd> consumers;  ///< at least one
};

/// "cast f16 -> f32: 'a' is lowered (force_fp16), 'b' is kept (keep.cfg:3)"; of many consumers the
/// first two and how many more there are.
std::string reason(const ProgramCast& cast);

/// A tensor that is padded to whole blocks of the cube before a product, or cut after it.
struct ProgramRelayout {
  std::string tensor;                        ///< "result of 'MatMul_7'", "'x'"
  std::array<std::int64_t, 2> extents = {};  ///< the last two of the tensor
  std::array<std::int64_t, 2> blocks = {};   ///< these in whole blocks
  bool is_result = false;
};

/// "layout: result of 'a' is padded from 197 x 64 to 208 x 64 before the product, which takes whole
/// blocks".
std::string reason(const ProgramRelayout& relayout);

struct ProgramKernel {
  KernelRow row;                           ///< times are zero where the listing has none
  std::vector<ProgramMember> members;      ///< in execution order; none of a cast that stands alone
  std::vector<ProgramCast> casts;          ///< that run in it
  std::vector<std::string> moved_by;       ///< of a layout kernel: the nodes that move elements
  std::vector<ProgramRelayout> relayouts;  ///< around its products
  std::int64_t bytes_read = 0;             ///< from memory, in the dtypes of the NPU
  std::int64_t bytes_written = 0;
};

/// A compiled variant as `keel compile` shows it.
struct ProgramListing {
  std::string variant;                 ///< "force_fp16 on Ascend910B3, 3 of 95 nodes kept"
  std::optional<double> latency_us;    ///< predicted; empty where the chip has no predicted times
  std::vector<ProgramKernel> kernels;  ///< in launch order
};

/// Kernels that are launched; casts the compiler inserted; those of them that stand alone.
struct ProgramCounts {
  std::size_t launches = 0;
  std::size_t casts = 0;
  std::size_t cast_kernels = 0;
};
ProgramCounts count(const ProgramListing& program);

}  // namespace keel::report
