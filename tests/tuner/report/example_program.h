#pragma once

#include <utility>

#include "tests/tuner/report/example_row.h"
#include "tuner/report/program_listing.h"

namespace keel::report {

/// conv_1, relu_1 -> cast -> log_1 (kept) -> cast -> perm_1, exp_1 and another: one kernel of every
/// kind that a table tells apart.
inline ProgramListing example_program() {
  const CastEnd kept{"log_1", "is kept (keep.cfg:3)"};
  const auto lowered = [](const char* node) { return CastEnd{node, "is lowered (force_fp16)"}; };
  ProgramKernel conv;
  conv.row = with_dtypes(
      example_row("conv_1+relu_1", {"conv_1", "relu_1"}, {"Conv2D", "Relu"}, "cube", 10),
      {"f16", "f32"}, {"f32"}, "f16");
  conv.row.tile = {128, 256};
  conv.members = {{"conv_1", "Conv2D", "f16", "force_fp16"},
                  {"relu_1", "Relu", "f16", "force_fp16"}};
  conv.casts = {{"b", "f16", "f32", lowered("relu_1"), {kept}}};
  conv.bytes_read = 12'345;
  conv.bytes_written = 999;

  ProgramKernel reshape;
  reshape.row = with_dtypes(example_row("reshape_1", {"reshape_1"}, {"Reshape"}, "none", 0),
                            {"f32"}, {"f32"});
  reshape.members = {{"reshape_1", "Reshape", "f32", "keep.cfg:3"}};

  ProgramKernel log;
  log.row = with_dtypes(example_row("log_1", {"log_1"}, {"Log"}, "vector", 4), {"f32"}, {"f32"});
  log.members = {{"log_1", "Log", "f32", "keep.cfg:3"}};
  log.bytes_read = 1'000'000;
  log.bytes_written = 2'500'000'000;

  ProgramKernel cast;
  cast.row = with_dtypes(example_row("cast_c", {}, {"Cast"}, "cast", 2), {"f32"}, {"f16"});
  cast.casts = {{"c", "f32", "f16", kept, {lowered("perm_1"), lowered("exp_1"), lowered("neg_1")}}};
  cast.bytes_read = 1000;
  cast.bytes_written = 500;

  ProgramKernel perm;
  perm.row =
      with_dtypes(example_row("perm_1", {"perm_1"}, {"Transpose"}, "layout", 2), {"f16"}, {"f16"});
  perm.members = {{"perm_1", "Transpose", "f16", "force_fp16"}};
  perm.moved_by = {"perm_1"};
  perm.bytes_read = perm.bytes_written = 500;

  return {"force_fp16 on Ascend910B3, 1 of 6 nodes kept",
          18.0,
          {std::move(conv), std::move(reshape), std::move(log), std::move(cast), std::move(perm)}};
}

/// The same on a chip whose times are not predicted.
inline ProgramListing example_program_without_times() {
  ProgramListing program = example_program();
  program.latency_us.reset();
  for (ProgramKernel& kernel : program.kernels) kernel.row.us = 0;
  return program;
}

}  // namespace keel::report
