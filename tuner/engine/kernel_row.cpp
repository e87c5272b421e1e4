#include "tuner/engine/kernel_row.h"

#include <algorithm>

#include "compiler/ir/text_names.h"
#include "profiler/simulator/cube_time.h"

namespace keel::engine {
namespace {

void add_new(std::vector<std::string>& list, std::string_view text) {
  if (std::ranges::find(list, text) == list.end()) list.emplace_back(text);
}

void add_members(const Target& target, const program::Program& program,
                 const program::Kernel& kernel, report::KernelRow& row) {
  const ir::Graph& graph = program.graph;
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    if (ir::is_cube(node.op)) {
      const FloatFormat format = simulator::cube_format(target.soc, node.compute);
      row.compute = ir::compute_name(format);
      const simulator::Tile tile =
          simulator::cube_cycles(target.soc, simulator::product_of(graph, node, format), format)
              .tile;
      row.tile = {tile.m, tile.n};
    }
    for (const ir::OriginId origin : node.origins) {
      add_new(row.nodes, graph[origin].name);
      add_new(row.ascend_types, target.op_table.primary_type(graph[origin].onnx_op));
    }
  }
  if (row.nodes.empty()) row.ascend_types = {"Cast"};
  for (const ir::ValueId value : kernel.reads)
    if (is_data(graph[value])) add_new(row.dtypes_in, name(graph[value].type.dtype));
  for (const ir::ValueId value : kernel.writes)
    add_new(row.dtypes_out, name(graph[value].type.dtype));
}

}  // namespace

bool is_data(const ir::Value& value) {
  return !value.constant || is_tunable_float(value.type.dtype);
}

bool is_inserted_cast(const ir::Node& node) {
  return node.origins.empty() && std::holds_alternative<ir::Cast>(node.op);
}

report::KernelRow kernel_row(const Target& target, const program::Program& program,
                             const program::Kernel& kernel) {
  report::KernelRow row;
  row.name = kernel.name;
  row.kernel_class = program::name(kernel.kind);
  add_members(target, program, kernel, row);
  return row;
}

report::KernelRow kernel_row(const Target& target, const program::Program& program,
                             const program::Kernel& kernel, const simulator::KernelTime& time) {
  report::KernelRow row = kernel_row(target, program, kernel);
  row.us = time.total_us;
  row.launch_us = time.launch_us;
  row.cube_us = time.cube_us;
  row.vector_us = time.vector_us;
  row.memory_us = time.memory_us;
  row.relayout_us = time.relayout_us;
  const bool is_launched = kernel.kind != program::KernelClass::None;
  row.bound = is_launched ? simulator::name(time.bound) : "none";
  return row;
}

}  // namespace keel::engine
