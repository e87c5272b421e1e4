#pragma once

#include <string_view>

#include "compiler/ascend/soc.h"
#include "compiler/ir/text.h"
#include "compiler/program/program.h"

namespace keel::simulator {

/// The Ascend910B2 whose kernels were published: 24 cube cores at 1800 MHz. The timing parameters
/// are the fit of this model on those kernels, so that the tests do not move with configs/soc.
inline ascend::Soc chip_910b2() {
  ascend::Soc soc;
  soc.name = "Ascend910B2";
  soc.overflow = Overflow::InfNan;
  soc.cube_fp32 = soc.cube_hf32 = soc.bf16 = true;
  soc.cube_cores = 24;
  soc.vector_cores = 48;
  soc.cube_mhz = soc.vector_mhz = 1800;
  soc.cube_macs_fp16 = 4096;
  soc.cube_macs_hf32 = 2048;
  soc.cube_macs_fp32 = 1024;
  soc.vector_bytes_per_cycle = 256;
  soc.l0c_bytes = 128 << 10;
  soc.l2_bytes = 192 << 20;
  soc.memory_gbs = 1759;
  soc.timing = {.launch_us = 2,
                .vector_launch_us = 3,
                .cube_efficiency = 0.78,
                .depthwise_efficiency = 0.24,
                .vector_efficiency = 0.85,
                .memory_efficiency = 0.7,
                .l2_gbs = 2400};
  return soc;
}

inline ascend::Soc chip_910b3() {
  ascend::Soc soc = chip_910b2();
  soc.name = "Ascend910B3";
  soc.cube_cores = 20;
  soc.vector_cores = 40;
  return soc;
}

/// A chip whose cube has fp16 products only.
inline ascend::Soc chip_310p3() {
  ascend::Soc soc;
  soc.name = "Ascend310P3";
  soc.overflow = Overflow::Saturate;
  soc.cube_cores = soc.vector_cores = 8;
  soc.cube_mhz = soc.vector_mhz = 1060;
  soc.cube_macs_fp16 = 4096;
  soc.vector_bytes_per_cycle = 256;
  soc.l0c_bytes = 256 << 10;
  soc.l2_bytes = 16 << 20;
  soc.memory_gbs = 204;
  soc.timing = {.launch_us = 3.26,
                .vector_launch_us = 3.26,
                .cube_efficiency = 0.8,
                .depthwise_efficiency = 0.24,
                .vector_efficiency = 0.345,
                .memory_efficiency = 0.87,
                .l2_gbs = 320};
  return soc;
}

inline ir::Graph graph_of(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text);
  KEEL_CHECK(graph.ok());
  return *std::move(graph);
}

inline program::Program program_of(ir::Graph graph) {
  Result<program::Program> program = program::lower(std::move(graph));
  KEEL_CHECK(program.ok());
  return *std::move(program);
}

inline program::Program program_of(std::string_view text) { return program_of(graph_of(text)); }

/// The program in which all nodes run as one kernel.
inline program::Program fused_program_of(std::string_view text) {
  ir::Graph graph = graph_of(text);
  for (const ir::NodeId node : graph.nodes()) graph.edit(node).group = ir::GroupId{0};
  return program_of(std::move(graph));
}

}  // namespace keel::simulator
