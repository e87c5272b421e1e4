#include "tuner/engine/cost_terms.h"

#include <algorithm>
#include <map>
#include <set>

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

// The same variant with each kernel that several units share divided among them: a unit's nodes of
// it run as one kernel, and what has no unit, such as a cast at a cube's exit, with what it
// follows.
Result<program::Program> divided(const program::Program& merged) {
  ir::Graph graph = merged.graph;
  for (const program::Kernel& kernel : merged.kernels) {
    std::map<std::optional<ir::UnitId>, ir::GroupId> groups;
    std::optional<ir::UnitId> unit = kernel.unit;
    for (const NodeId id : kernel.members) {
      if (graph[id].unit) unit = graph[id].unit;
      graph.edit(id).group =
          groups.try_emplace(unit, static_cast<ir::GroupId>(index(id))).first->second;
    }
  }
  return program::lower(std::move(graph));
}

// What a variant takes: units one by one, and what neighbours save by sharing kernels.
struct VariantTerms {
  std::vector<double> unit_us;
  std::map<std::pair<UnitIndex, UnitIndex>, double> saving_us;
};

// Units of one kernel between which a value passes, and how many elements do.
std::map<std::pair<UnitIndex, UnitIndex>, double> neighbours(const ir::Graph& graph,
                                                             const program::Kernel& kernel) {
  std::map<std::pair<UnitIndex, UnitIndex>, double> result;
  const std::set<NodeId> members(kernel.members.begin(), kernel.members.end());
  for (const NodeId id : kernel.members)
    for (const ValueId input : graph[id].inputs) {
      if (input == ir::kNoValue) continue;
      const std::optional<NodeId> producer = graph.producer(input);
      if (!producer || !members.contains(*producer)) continue;
      const std::optional<UnitIndex> from = unit_of(graph, producer), to = unit_of(graph, id);
      if (from && to && *from != *to)
        result[std::minmax(*from, *to)] +=
            static_cast<double>(element_count(graph[input].type.shape));
    }
  return result;
}

Result<VariantTerms> terms_of(const Target& target, const search::Assignment& variant) {
  KEEL_TRY(const program::Program merged, target.prepared.compile(target.precisions(variant)));
  KEEL_TRY(const program::Program alone, divided(merged));
  VariantTerms terms{std::vector<double>(target.units.size(), 0.0), {}};
  std::vector<double> saved_us(merged.graph.node_bound(), 0.0);  // by the first node of a kernel
  std::vector<NodeId> first_of(merged.graph.node_bound());
  for (const program::Kernel& kernel : merged.kernels) {
    for (const NodeId id : kernel.members) first_of[index(id)] = kernel.members.front();
    saved_us[index(kernel.members.front())] =
        -simulator::predict(target.soc, merged.graph, kernel).total_us;
  }
  for (const program::Kernel& kernel : alone.kernels) {
    const double us = simulator::predict(target.soc, alone.graph, kernel).total_us;
    saved_us[index(first_of[index(kernel.members.front())])] += us;
    if (kernel.unit) terms.unit_us[index(*kernel.unit)] += us;
  }
  for (const program::Kernel& kernel : merged.kernels) {
    const auto pairs = neighbours(merged.graph, kernel);
    double elements = 0;
    for (const auto& [pair, passed] : pairs) elements += passed;
    for (const auto& [pair, passed] : pairs)
      terms.saving_us[pair] += saved_us[index(kernel.members.front())] * passed / elements;
  }
  return terms;
}

// One saving for both precisions. What theirs differ by goes to the two units, half to each: so the
// terms are exact where all units agree.
std::vector<search::Adjacency> common_savings(VariantTerms& kept, VariantTerms& lowered) {
  for (const auto& [pair, us] : lowered.saving_us) kept.saving_us.try_emplace(pair, 0.0);
  std::vector<search::Adjacency> result;
  for (const auto& [pair, us] : kept.saving_us) {
    const double mean = std::max(0.0, (us + lowered.saving_us[pair]) / 2);
    for (VariantTerms* terms : {&kept, &lowered})
      for (const UnitIndex unit : {pair.first, pair.second})
        terms->unit_us[unit] -= (terms->saving_us[pair] - mean) / 2;
    result.push_back({pair.first, pair.second, mean});
  }
  return result;
}

// By node: whether it runs in one kernel with a product whatever the variant.
std::vector<bool> with_product(const ir::Graph& graph) {
  std::set<ir::GroupId> groups;
  for (const NodeId id : graph.nodes())
    if (graph[id].group && ir::is_cube(graph[id].op)) groups.insert(*graph[id].group);
  std::vector<bool> result(graph.node_bound(), false);
  for (const NodeId id : graph.nodes())
    result[index(id)] =
        ir::is_cube(graph[id].op) || (graph[id].group && groups.contains(*graph[id].group));
  return result;
}

// Tensors between units, as the prepared graph has them.
std::vector<search::TensorLink> links(const Target& target) {
  const ir::Graph& graph = target.prepared.graph();
  const ir::Readers readers(graph);
  const std::vector<bool> at_product = with_product(graph);
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
    const bool at_cube_exit = link.producer && at_product[index(*graph.producer(value))] &&
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

// What fp32 costs a kept unit over the other format, at the unit that decides between them.
Status split_formats(const Target& target, VariantTerms& kept) {
  search::Assignment in_other = target.uniform(0);
  bool has_formats = false;
  for (std::size_t u = 0; u < target.units.size(); ++u)
    if (target.units[u].format_of) {
      in_other[u] = 1;
      has_formats = true;
    }
  if (!has_formats) return Done{};
  KEEL_TRY(const VariantTerms other, terms_of(target, in_other));
  for (std::size_t u = 0; u < target.units.size(); ++u) {
    const std::optional<UnitIndex>& of = target.units[u].format_of;
    if (!of) continue;
    kept.unit_us[u] = std::max(0.0, kept.unit_us[*of] - other.unit_us[*of]);
    kept.unit_us[*of] -= kept.unit_us[u];
  }
  return Done{};
}

}  // namespace

Result<search::Space> make_space(const Target& target, const std::vector<bool>& suspects,
                                 const std::vector<Pole>& poles) {
  KEEL_TRY(VariantTerms kept, terms_of(target, target.uniform(0)));
  KEEL_TRY(VariantTerms lowered, terms_of(target, target.uniform(1)));
  KEEL_TRY_STATUS(split_formats(target, kept));

  search::Space space;
  space.adjacent = common_savings(kept, lowered);
  for (std::size_t u = 0; u < target.units.size(); ++u)
    space.units.push_back({target.units[u].state, std::max(0.0, kept.unit_us[u]),
                           std::max(0.0, lowered.unit_us[u]),
                           static_cast<int>(target.units[u].nodes.size()), suspects[u],
                           target.units[u].follows, target.units[u].gang});
  space.tensors = links(target);
  for (const Pole& pole : poles) space.poles.push_back(pole.group);
  KEEL_TRY_STATUS(search::verify(space));
  return space;
}

}  // namespace keel::engine
