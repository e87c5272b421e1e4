#pragma once

#include <string_view>

#include "compiler/ascend/soc.h"
#include "compiler/ir/text.h"
#include "compiler/program/program.h"

namespace keel::simulator {

inline void launch_all_vector_kernels(ascend::Soc& soc, double us) {
  for (double* launch : {&soc.timing.vector_launch_us, &soc.timing.row_launch_us,
                         &soc.timing.layout_launch_us, &soc.timing.index_launch_us})
    *launch = us;
}

/// Busy time is that of the slowest unit alone; nothing but launches and the three units costs.
inline void overlap_fully(ascend::Soc& soc) {
  soc.timing.vector_overlap = soc.timing.row_overlap = soc.timing.cube_overlap = 1e6;
  soc.timing.fill_share = 0.75;
  soc.timing.transpose_share = 0.45;
  soc.timing.l2_share = 1;
  soc.timing.activation_efficiency = soc.timing.softmax_efficiency = soc.timing.norm_efficiency =
      soc.timing.channel_norm_efficiency = soc.timing.vector_efficiency;
}

inline void give_buffers(ascend::Soc& soc) {
  soc.l0a_bytes = soc.l0b_bytes = 64 << 10;
  soc.l1_bytes = 512 << 10;
}

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
  give_buffers(soc);
  soc.l2_bytes = 192 << 20;
  soc.l2_bytes_per_cycle = 110;
  soc.memory_gbs = 1759;
  soc.timing.launch_us = soc.timing.mixed_launch_us = 2;
  launch_all_vector_kernels(soc, 3);
  soc.timing.cube_efficiency = 0.78;
  soc.timing.depthwise_efficiency = 0.24;
  soc.timing.vector_efficiency = 0.85;
  soc.timing.memory_efficiency = 0.7;
  soc.timing.l2_efficiency = 0.505;  // 2400 GB/s
  soc.timing.cube_l2_efficiency = 0.9;
  overlap_fully(soc);
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
  give_buffers(soc);
  soc.l2_bytes = 16 << 20;
  soc.l2_bytes_per_cycle = 114;
  soc.memory_gbs = 204;
  soc.timing.launch_us = soc.timing.mixed_launch_us = 3.26;
  launch_all_vector_kernels(soc, 3.26);
  soc.timing.cube_efficiency = 0.8;
  soc.timing.depthwise_efficiency = 0.24;
  soc.timing.vector_efficiency = 0.345;
  soc.timing.memory_efficiency = 0.87;
  soc.timing.l2_efficiency = 0.331;  // 320 GB/s
  soc.timing.cube_l2_efficiency = 0.7442;
  overlap_fully(soc);
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
