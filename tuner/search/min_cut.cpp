#include "tuner/search/min_cut.h"

#include <cmath>
#include <optional>

#include "tuner/search/max_flow.h"

namespace keel::search {
namespace {

using Node = FlowNetwork::Node;

// A node on the source's side is lowered.
constexpr Node kLowered = 0;
constexpr Node kKept = 1;

constexpr double kCapacitySum = 288230376151711744.0;  // 2^58, leaves room for infinite edges

/// Collects an energy as a graph with real capacities, then solves it in integers.
class Energy {
 public:
  explicit Energy(const Space& space) : pay_if_lowered_(2, 0.0) {
    node_of_.reserve(space.units.size());
    for (const Unit& unit : space.units) {
      switch (unit.state) {
        case UnitState::Free:
          node_of_.push_back(add_node());
          break;
        case UnitState::Kept:
        case UnitState::Original:
          node_of_.push_back(kKept);
          break;
        case UnitState::Lowered:
          node_of_.push_back(kLowered);
          break;
      }
    }
  }

  Node node_of(UnitIndex unit) const { return node_of_[unit]; }

  Node add_node() {
    pay_if_lowered_.push_back(0.0);
    return static_cast<Node>(pay_if_lowered_.size() - 1);
  }

  void pay_if_lowered(Node node, double cost) { pay_if_lowered_[node] += cost; }

  /// Costs `cost` when `lowered` is lowered and `kept` is kept.
  void pay_if(Node lowered, Node kept, double cost) {
    if (lowered == kKept || kept == kLowered) return;
    if (kept == kKept) {
      pay_if_lowered(lowered, cost);
    } else if (lowered == kLowered) {
      pay_if_lowered(kept, -cost);
    } else {
      edges_.push_back({lowered, kept, cost});
    }
  }

  /// Forbids `from` lowered with `to` kept.
  void imply_lowered(Node from, Node to) {
    if (from == kKept || to == kLowered) return;
    edges_.push_back({from, to, std::nullopt});
  }

  Assignment solve() const {
    double sum = 0;  // not of the two terminals: what is paid there is constant
    for (Node node = kKept + 1; node < pay_if_lowered_.size(); ++node)
      sum += std::abs(pay_if_lowered_[node]);
    for (const Edge& edge : edges_) sum += edge.cost.value_or(0.0);
    const double scale = sum > 0 ? kCapacitySum / sum : 0.0;
    const auto to_capacity = [&](double cost) { return std::llround(cost * scale); };
    constexpr FlowNetwork::Capacity kInfinite = FlowNetwork::Capacity{1} << 59;

    FlowNetwork network(pay_if_lowered_.size());
    for (Node node = kKept + 1; node < pay_if_lowered_.size(); ++node) {
      const FlowNetwork::Capacity cost = to_capacity(pay_if_lowered_[node]);
      if (cost > 0) network.add_edge(node, kKept, cost);
      if (cost < 0) network.add_edge(kLowered, node, -cost);
    }
    for (const Edge& edge : edges_)
      network.add_edge(edge.from, edge.to, edge.cost ? to_capacity(*edge.cost) : kInfinite);
    network.send(kLowered, kKept);

    const std::vector<std::uint8_t> lowered = network.source_side(kLowered);
    Assignment x;
    x.reserve(node_of_.size());
    for (const Node node : node_of_) x.push_back(lowered[node]);
    return x;
  }

 private:
  struct Edge {
    Node from;
    Node to;
    std::optional<double> cost;  ///< empty: infinite
  };

  std::vector<Node> node_of_;
  std::vector<double> pay_if_lowered_;
  std::vector<Edge> edges_;
};

// Producer lowered and some consumer kept. The shared node may be lowered only if every consumer
// is.
void add_cast_to_kept(Energy& energy, const TensorLink& tensor, double cost) {
  if (!tensor.producer || cost <= 0) return;
  const Node producer = energy.node_of(*tensor.producer);
  if (tensor.is_output) {
    energy.pay_if_lowered(producer, cost);
  } else if (tensor.consumers.size() == 1) {
    energy.pay_if(producer, energy.node_of(tensor.consumers[0]), cost);
  } else if (!tensor.consumers.empty()) {
    const Node shared = energy.add_node();
    energy.pay_if(producer, shared, cost);
    for (const UnitIndex consumer : tensor.consumers)
      energy.imply_lowered(shared, energy.node_of(consumer));
  }
}

// Producer kept and some consumer lowered. The shared node is lowered as soon as one consumer is.
void add_cast_to_lowered(Energy& energy, const TensorLink& tensor, double cost) {
  if (cost <= 0) return;
  const Node producer = tensor.producer ? energy.node_of(*tensor.producer) : kKept;
  if (tensor.consumers.size() == 1) {
    energy.pay_if(energy.node_of(tensor.consumers[0]), producer, cost);
  } else if (!tensor.consumers.empty()) {
    const Node shared = energy.add_node();
    energy.pay_if(shared, producer, cost);
    for (const UnitIndex consumer : tensor.consumers)
      energy.imply_lowered(energy.node_of(consumer), shared);
  }
}

void add_tensor_error(Energy& energy, const TensorLink& tensor, double cost) {
  if (cost <= 0) return;
  const Node any_lowered = energy.add_node();
  energy.pay_if_lowered(any_lowered, cost);
  if (tensor.producer) energy.imply_lowered(energy.node_of(*tensor.producer), any_lowered);
  for (const UnitIndex consumer : tensor.consumers)
    energy.imply_lowered(energy.node_of(consumer), any_lowered);
}

}  // namespace

double weighted_value(const Space& space, const ErrorModel& model, Weights weights,
                      const Assignment& x) {
  return weights.latency * predicted_latency_us(space, x) +
         weights.error * predicted_squared_error(space, model, x);
}

Assignment minimise(const Space& space, const ErrorModel& model, Weights weights) {
  Energy energy(space);
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    energy.pay_if_lowered(energy.node_of(u),
                          weights.latency * (space.units[u].lowered_us - space.units[u].kept_us) +
                              weights.error * model.unit[u]);
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    const Unit& unit = space.units[u];
    if (unit.follows) energy.imply_lowered(energy.node_of(u), energy.node_of(*unit.follows));
    if (!unit.gang) continue;
    energy.imply_lowered(energy.node_of(u), energy.node_of(*unit.gang));
    energy.imply_lowered(energy.node_of(*unit.gang), energy.node_of(u));
  }
  for (std::size_t t = 0; t < space.tensors.size(); ++t) {
    const TensorLink& tensor = space.tensors[t];
    add_cast_to_kept(energy, tensor, weights.latency * tensor.cast_to_kept_us);
    add_cast_to_lowered(energy, tensor, weights.latency * tensor.cast_to_lowered_us);
    add_tensor_error(energy, tensor, weights.error * model.tensor[t]);
  }
  for (const Adjacency& pair : space.adjacent) {
    const double cost = weights.latency * pair.saving_us;
    if (cost <= 0) continue;
    energy.pay_if(energy.node_of(pair.first), energy.node_of(pair.second), cost);
    energy.pay_if(energy.node_of(pair.second), energy.node_of(pair.first), cost);
  }
  return energy.solve();
}

}  // namespace keel::search
