#pragma once

#include <string>
#include <utility>

#include "tests/tuner/report/example_row.h"
#include "tuner/report/profile.h"

namespace keel::report {

/// Sets the times of a row.
inline KernelRow with_times(KernelRow row, double launch, double cube, double vector, double memory,
                            std::string bound) {
  row.launch_us = launch;
  row.cube_us = cube;
  row.vector_us = vector;
  row.memory_us = memory;
  row.bound = std::move(bound);
  return row;
}

/// conv_1 with two others in its kernel -> a cast of y -> reshape_1 -> log_1: one kernel of every
/// kind that files of a profile tell apart.
inline Profile example_profile() {
  Profile made;
  made.variant = "force_fp16 on Ascend910B3, 1 of 7 nodes kept";
  made.latency_us = 16;
  made.interval = {14, 20.5};
  made.casts = 2;
  made.has_split_cores = true;
  made.compute_roofs = {{"cube f16", 1000}};
  made.memory_roofs = {{"memory", 1.6}, {"L2", 16}};

  ProfiledKernel conv;
  conv.row = with_times(with_dtypes(example_row("conv_1+bn_1+relu_1", {"conv_1", "bn_1", "relu_1"},
                                                {"Conv2D", "BatchNorm", "Relu"}, "cube", 10),
                                    {"f16", "f32"}, {"f16"}, "f16"),
                        2, 8, 1, 3, "cube");
  conv.interval = {8, 13};
  conv.inputs = {{{1, 3, 8, 8}, DType::F16}, {{4, 3, 3, 3}, DType::F16}, {{4}, DType::F32}};
  conv.outputs = {{{1, 4, 6, 6}, DType::F16}};
  conv.bytes_read = 616;
  conv.bytes_written = 288;
  conv.operations = 8064;

  ProfiledKernel cast;
  cast.row =
      with_times(with_dtypes(example_row("cast_y", {}, {"Cast"}, "cast", 2), {"f16"}, {"f32"}), 1.5,
                 0, 0.25, 0.5, "launch");
  cast.interval = {1.5, 2.75};
  cast.inputs = {{{1, 4, 6, 6}, DType::F16}};
  cast.outputs = {{{1, 4, 6, 6}, DType::F32}};
  cast.bytes_read = 288;
  cast.bytes_written = 576;

  ProfiledKernel reshape;
  reshape.row =
      with_times(with_dtypes(example_row("reshape_1", {"reshape_1"}, {"Reshape"}, "none", 0),
                             {"f32"}, {"f32"}),
                 0, 0, 0, 0, "none");

  ProfiledKernel log;
  log.row = with_times(
      with_dtypes(example_row("log_1", {"log_1"}, {"Log"}, "vector", 4), {"f32"}, {"f32"}), 1, 0, 3,
      1, "vector");
  log.interval = {3, 5};
  log.inputs = {{{1, 144}, DType::F32}};
  log.outputs = {{{1, 144}, DType::F32}};
  log.bytes_read = 576;
  log.bytes_written = 576;
  log.operations = 144;

  made.kernels = {std::move(conv), std::move(cast), std::move(reshape), std::move(log)};
  return made;
}

}  // namespace keel::report
