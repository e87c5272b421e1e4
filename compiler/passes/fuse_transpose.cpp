#include <algorithm>
#include <array>
#include <numeric>
#include <span>
#include <vector>

#include "compiler/passes/match.h"
#include "compiler/passes/pass.h"

namespace keel::passes {
namespace {

using ir::GroupId;
using ir::NodeId;
using ir::ValueId;

constexpr std::int64_t kBlock = 16;  // the cube's blocks are 16 x 16

bool swaps_last_two(std::span<const std::int64_t> perm) {
  const std::size_t rank = perm.size();
  if (rank < 2) return false;
  std::vector<std::int64_t> swapped(rank);
  std::iota(swapped.begin(), swapped.end(), 0);
  std::swap(swapped[rank - 2], swapped[rank - 1]);
  return std::ranges::equal(perm, swapped);
}

// (batch, rows, heads, features) to heads before rows, or back; the second leaves the features in
// the place that a product takes as transposed.
bool moves_heads(std::span<const std::int64_t> perm) {
  constexpr std::array<std::int64_t, 4> kHeadsFirst{0, 2, 1, 3};
  constexpr std::array<std::int64_t, 4> kTransposedHeads{0, 2, 3, 1};
  return std::ranges::equal(perm, kHeadsFirst) || std::ranges::equal(perm, kTransposedHeads);
}

bool fills_blocks(const Shape& shape) {
  return shape.size() >= 2 && shape.back() % kBlock == 0 && shape[shape.size() - 2] % kBlock == 0;
}

// Puts single nodes into the kernel of a product.
class Products {
 public:
  explicit Products(ir::Graph& graph) : graph_(graph), match_(graph) {
    for (const NodeId id : graph.nodes())
      if (graph[id].group && is_product(id)) with_product_.push_back(*graph[id].group);
    std::ranges::sort(with_product_);
  }

  // The product that alone reads the transposed tensor and takes it as it was.
  std::optional<NodeId> reader(NodeId transpose) const {
    const std::optional<NodeId> reader = match_.only_reader(graph_[transpose].outputs[0]);
    return reader && match_.as<ir::MatMul>(*reader) ? reader : std::nullopt;
  }

  // What stands between the exit of a product and the transpose: a reshape, or nothing. The first
  // is the node at the exit.
  std::vector<NodeId> from_exit(NodeId transpose) const {
    std::vector<NodeId> chain;
    ValueId value = graph_[transpose].inputs[0];
    for (int step = 0; step < 2; ++step) {
      const std::optional<NodeId> producer = graph_.producer(value);
      if (!producer || !match_.only_reader(value)) return {};
      chain.insert(chain.begin(), *producer);
      if (runs_with_product(*producer)) return chain;
      if (!match_.as<ir::Reshape>(*producer) || graph_[*producer].group) return {};
      value = graph_[*producer].inputs[0];
    }
    return {};
  }

  void join(NodeId node, NodeId kernel) {
    if (!graph_[kernel].group) {
      graph_.edit(kernel).group = static_cast<GroupId>(index(kernel));
      with_product_.insert(std::ranges::lower_bound(with_product_, *graph_[kernel].group),
                           *graph_[kernel].group);
    }
    graph_.edit(node).group = graph_[kernel].group;
  }

 private:
  bool is_product(NodeId id) const {
    return match_.as<ir::MatMul>(id) != nullptr || match_.as<ir::Gemm>(id) != nullptr;
  }

  bool runs_with_product(NodeId id) const {
    const std::optional<GroupId> group = graph_[id].group;
    return group ? std::ranges::binary_search(with_product_, *group) : is_product(id);
  }

  ir::Graph& graph_;
  Match match_;
  std::vector<GroupId> with_product_;  // sorted
};

}  // namespace

/// On cores with both units a product reads an operand whose last two axes are exchanged as it
/// lies, and writes its result with the heads of an attention moved, where tokens and features fill
/// the cube's blocks. No number changes: a transpose moves elements. \par Source  operands: the
/// transposition flags of the vendor's BatchMatMulV2 (I); results: the
///     vendor's MatmulConfusiontransposeUbFusion (D) and that of batched products (C), which need
///     static shapes; whole blocks (I): RoBERTa on 310P takes twice as long for 70 tokens as for
///     128; nothing published shows either on cores that have one unit
Result<bool> fuse_transpose(ir::Graph& graph, const Context& context) {
  if (!context.unified_cores) return false;
  bool changed = false;
  Products products(graph);
  for (const NodeId id : graph.nodes()) {
    const auto* transpose = std::get_if<ir::Transpose>(&graph[id].op);
    if (!transpose || graph[id].group) continue;
    if (swaps_last_two(transpose->perm)) {
      if (const std::optional<NodeId> reader = products.reader(id)) {
        products.join(id, *reader);
        changed = true;
        continue;
      }
    }
    if (!moves_heads(transpose->perm)) continue;
    const std::vector<NodeId> chain = products.from_exit(id);
    if (chain.empty() || !fills_blocks(graph[graph[id].outputs[0]].type.shape)) continue;
    for (std::size_t i = 1; i < chain.size(); ++i) products.join(chain[i], chain.front());
    products.join(id, chain.front());
    changed = true;
  }
  return changed;
}

}  // namespace keel::passes
