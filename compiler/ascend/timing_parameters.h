#pragma once

#include <array>
#include <string>
#include <vector>

namespace keel::ascend {

/// Factor by which a measured kind of kernel takes longer than the terms of the model say.
struct TimingCorrection {
  std::string signature;  ///< what the kernel computes: simulator/kernel_work.h, signature_of
  double log_factor = 0;  ///< natural logarithm, pulled towards 0 where few cases were measured
};

/// How far predicted times of one class of kernels are off, in logarithms of measured / predicted.
struct TimingError {
  std::string kernel_class;            ///< simulator/kernel_work.h, name(TimingClass)
  std::array<double, 2> measured{};    ///< 5 % and 95 % quantile where the signature was measured
  std::array<double, 2> unmeasured{};  ///< of kernels whose signature no case has
  double shared = 0;  ///< share of the variance that kernels of a class have in common, 0..1
};

/// Parameters of the timing model that are fitted or estimated, not read off a data sheet:
/// configs/timing/<model>.json, where a chip's own file gives no other value. In shares of the
/// chip's peaks and cycles of its clocks, so that chips of a family share them.
struct TimingParameters {
  double launch_us = 0;         ///< t0 of a kernel that uses the cube
  double vector_launch_us = 0;  ///< t0 of an elementwise kernel or a cast
  double row_launch_us = 0;     ///< t0 of a reduction, softmax or normalisation
  double layout_launch_us = 0;  ///< t0 of a kernel that only moves elements
  double index_launch_us = 0;   ///< t0 of a gather or scatter
  double mixed_launch_us = 0;   ///< t0 of products with a softmax between them in one kernel
  double tensor_us = 0;         ///< for each large tensor a kernel streams beyond two
  double execution_us = 0;      ///< of one execution of a program, whatever it runs
  double step_us = 0;           ///< of each step of a recurrence in each direction

  double cube_efficiency = 0;  ///< reached share of the cube's peak, 0..1
  double depthwise_efficiency = 0;
  double grouped_efficiency = 1;       ///< of a convolution in groups, in times of cube_efficiency
  double line_efficiency = 1;          ///< of a convolution along one axis, likewise
  double few_channels_efficiency = 1;  ///< of a convolution of up to four channels, likewise
  double fill_share = 0;    ///< fill and drain of a core's pipeline, in times of a 128 x 256 tile
  double block_cycles = 0;  ///< cube and vector unit handing a block over and back, cube clock

  double vector_efficiency = 0;  ///< reached share of the vector unit's peak
  /// Of operators that are made of several instructions, in times of the rate the table of
  /// instructions gives: a chip that computes them in fp16 is faster than that.
  double activation_efficiency = 0;  ///< sigmoid, tanh, erf, pow and the like
  double softmax_efficiency = 0;
  double norm_efficiency = 0;          ///< layer normalisation and its kin
  double channel_norm_efficiency = 0;  ///< instance and group normalisation
  double fused_efficiency = 1;  ///< of vector work behind a product, in times of its rate alone
  double row_cycles = 0;        ///< start of one row of a row kernel on its core, vector clock

  double l2_efficiency = 0;       ///< share of the L2's rate that kernels of the vector unit reach
  double cube_l2_efficiency = 0;  ///< share of it that kernels of the cube reach
  double memory_efficiency = 0;   ///< reached share of memory_gbs
  double row_memory_gain = 1;     ///< of rows and windows, in times of memory_efficiency
  double l2_share = 0;            ///< of the L2, that what a kernel works on finds free
  double cold_weights = 0;        ///< share of a kernel's constants that the L2 does not hold
  double transpose_share = 0;     ///< share of the bandwidth a transposition of elements reaches
  double gather_cycles = 0;       ///< start of one gathered or scattered row, vector clock
  double copy_cycles = 0;         ///< start of one contiguous run of a copy, vector clock

  /// How well the units of a kernel overlap, by class: its busy time is the (1 + overlap)-norm of
  /// theirs. 0: one after the other; large: the longest alone.
  double memory_overlap = 0;  ///< the same of what the L2 hands over and what comes from afar
  double vector_overlap = 0;
  double row_overlap = 0;
  double cube_overlap = 0;

  double relative_error = 0;  ///< mean |predicted / measured - 1| of times left out of the fit
  std::string extrapolated_from = {};  ///< chip these were measured on, where none of this one was
  std::vector<TimingCorrection> corrections = {};
  std::vector<TimingError> errors = {};
};

}  // namespace keel::ascend
