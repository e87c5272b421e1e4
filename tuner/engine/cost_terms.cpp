#include "tuner/engine/cost_terms.h"

#include <algorithm>
#include <map>
#include <set>

#include "compiler/passes/fuse_elementwise.h"
#include "profiler/simulator/timing.h"

namespace keel::engine {
namespace {

using ir::NodeId;
using ir::ValueId;
using search::UnitIndex;

std::optional<UnitIndex> unit_of(const ir::Graph& graph, std::optional<NodeId> node) {
  if (!node || !graph[*node].unit) return std::nullopt;
  return static_cast<UnitIndex>(index(*graph[*node].unit));
}

// One precision for all free units: the program before neighbours merge.
Result<program::Program> compile_unmerged(const Target& target, std::uint8_t bit) {
  const search::Assignment same = target.uniform(bit);
  const std::span<const passes::Pass> pipeline = passes::variant_pipeline();
  return target.prepared.compile(target.precisions(same), pipeline.first(pipeline.size() - 1));
}

// Time of each unit's kernels, casts left out.
std::vector<double> unit_times(const Target& target, const program::Program& program) {
  std::vector<double> times(target.units.size(), 0.0);
  for (const program::Kernel& kernel : program.kernels)
    if (kernel.unit)
      times[index(*kernel.unit)] += simulator::predict(target.soc, program.graph, kernel).total_us;
  return times;
}

// What merging the kernels of `value`'s producer and its one reader saves.
double saving_us(const Target& target, const program::Program& program, const program::Kernel& from,
                 const program::Kernel& to, ValueId value) {
  program::Kernel merged = from;
  merged.members.insert(merged.members.end(), to.members.begin(), to.members.end());
  for (const ValueId read : to.reads)
    if (std::ranges::find(merged.reads, read) == merged.reads.end()) merged.reads.push_back(read);
  std::erase(merged.reads, value);
  std::erase(merged.writes, value);
  merged.writes.insert(merged.writes.end(), to.writes.begin(), to.writes.end());
  const auto time = [&](const program::Kernel& kernel) {
    return simulator::predict(target.soc, program.graph, kernel).total_us;
  };
  return std::max(0.0, time(from) + time(to) - time(merged));
}

std::map<std::pair<UnitIndex, UnitIndex>, double> savings(const Target& target,
                                                          const program::Program& program) {
  const ir::Graph& graph = program.graph;
  std::vector<const program::Kernel*> kernel_of(graph.node_bound(), nullptr);
  for (const program::Kernel& kernel : program.kernels)
    for (const NodeId id : kernel.members) kernel_of[index(id)] = &kernel;

  std::map<std::pair<UnitIndex, UnitIndex>, double> result;
  const passes::Match match(graph);
  for (const ValueId value : graph.values()) {
    const std::optional<NodeId> reader = passes::fusable_reader(graph, match, value);
    const std::optional<UnitIndex> first = unit_of(graph, graph.producer(value));
    const std::optional<UnitIndex> second = reader ? unit_of(graph, reader) : std::nullopt;
    if (!first || !second || *first == *second) continue;
    result[std::minmax(*first, *second)] +=
        saving_us(target, program, *kernel_of[index(*graph.producer(value))],
                  *kernel_of[index(*reader)], value);
  }
  return result;
}

bool ends_in_cube(const Target& target, UnitIndex unit) {
  const passes::Unit& facts = target.prepared.units()[unit];
  return !facts.layout_only && ascend::is_cube(facts.op.op_class);
}

// Tensors between units, as the prepared graph has them.
std::vector<search::TensorLink> links(const Target& target) {
  const ir::Graph& graph = target.prepared.graph();
  const ir::Readers readers(graph);
  const std::vector<ascend::Precision> lowered = target.precisions(target.uniform(1));
  std::vector<search::TensorLink> result;
  for (const ValueId value : graph.values()) {
    const ir::Value& tensor = graph[value];
    if (tensor.constant || tensor.type.dtype != DType::F32) continue;
    search::TensorLink link;
    link.producer = unit_of(graph, graph.producer(value));
    if (!link.producer && !graph.is_input(value)) continue;
    std::set<UnitIndex> consumers;
    for (const NodeId reader : readers[value])
      if (const auto unit = unit_of(graph, reader); unit && unit != link.producer)
        consumers.insert(*unit);
    link.consumers.assign(consumers.begin(), consumers.end());
    link.is_output = graph.is_output(value);
    if (link.consumers.empty() && !link.is_output) continue;

    const std::int64_t elements = element_count(tensor.type.shape);
    // A cube converts at its exit, either way, for nothing when the cast is all that reads it.
    const bool at_cube_exit = link.producer && ends_in_cube(target, *link.producer) &&
                              consumers.size() + (link.is_output ? 1u : 0u) == 1u;
    if (!at_cube_exit) {
      const DType narrow = ascend::row_of(target.rules.mode).reduced;
      link.cast_to_lowered_us = simulator::cast_us(target.soc, elements, DType::F32, narrow);
      // A lowered product of force_fp32 hands out fp32.
      if (!link.producer || lowered[*link.producer].output != DType::F32)
        link.cast_to_kept_us = simulator::cast_us(target.soc, elements, narrow, DType::F32);
    }
    result.push_back(std::move(link));
  }
  return result;
}

}  // namespace

Result<search::Space> make_space(const Target& target, const std::vector<bool>& suspects,
                                 const std::vector<Pole>& poles) {
  KEEL_TRY(const program::Program kept, compile_unmerged(target, 0));
  KEEL_TRY(const program::Program lowered, compile_unmerged(target, 1));
  const std::vector<double> kept_us = unit_times(target, kept);
  const std::vector<double> lowered_us = unit_times(target, lowered);

  search::Space space;
  for (std::size_t u = 0; u < target.units.size(); ++u)
    space.units.push_back({target.units[u].state, kept_us[u], lowered_us[u],
                           static_cast<int>(target.units[u].nodes.size()), suspects[u],
                           target.units[u].follows, target.units[u].gang});
  space.tensors = links(target);
  // The saving differs little between the precisions; the model has one number for both.
  const auto when_lowered = savings(target, lowered);
  for (const auto& [pair, saving] : savings(target, kept)) {
    const auto other = when_lowered.find(pair);
    const double mean = other == when_lowered.end() ? saving : (saving + other->second) / 2;
    space.adjacent.push_back({pair.first, pair.second, mean});
  }
  for (const Pole& pole : poles) space.poles.push_back(pole.group);
  KEEL_TRY_STATUS(search::verify(space));
  return space;
}

}  // namespace keel::engine
