#include "profiler/simulator/recurrent_time.h"

#include <vector>

#include "compiler/base/check.h"
#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/vector_time.h"

namespace keel::simulator {
namespace {

constexpr std::size_t kPeepholes = 7;  // the position of the input

// The vector steps of one time step, each over `elements` of one gate.
class Steps {
 public:
  Steps(const ascend::Soc& soc, std::int64_t elements, DType dtype, bool clips)
      : soc_(soc), elements_(elements), dtype_(dtype), clips_(clips) {}

  double sigmoids(std::int64_t count) const { return activations(ir::UnaryKind::Sigmoid, count); }
  double tanhs(std::int64_t count) const { return activations(ir::UnaryKind::Tanh, count); }
  double relus(std::int64_t count) const { return activations(ir::UnaryKind::Relu, count); }
  double products(std::int64_t count) const { return binaries(ir::BinaryKind::Mul, count); }
  double sums(std::int64_t count) const { return binaries(ir::BinaryKind::Add, count); }
  double one_less() const { return cycles(scalar_cycles(ir::BinaryKind::Sub), 1); }

 private:
  double cycles(const VectorCycles& each, std::int64_t count) const {
    return static_cast<double>(count) * elements_core_cycles(soc_, elements_, dtype_, each);
  }
  double activations(ir::UnaryKind kind, std::int64_t count) const {
    return cycles(vector_cycles(ir::Unary{kind}), count) +
           (clips_ ? cycles(vector_cycles(ir::Clip{}), count) : 0);
  }
  double binaries(ir::BinaryKind kind, std::int64_t count) const {
    return cycles(vector_cycles(ir::Binary{kind}), count);
  }

  const ascend::Soc& soc_;
  std::int64_t elements_;
  DType dtype_;
  bool clips_;
};

double step_cycles(const Steps& steps, const ir::Lstm& op, bool peepholes) {
  const std::int64_t gates = op.input_forget ? 2 : 3;  // i, o and f
  const std::int64_t added = peepholes ? gates : 0;
  return steps.sigmoids(gates) + steps.tanhs(2) +  // of the cell's input and of c
         steps.products(3 + added) +               // f c, i g, o tanh(c), p c
         steps.sums(1 + added) + (op.input_forget ? steps.one_less() : 0);
}

double step_cycles(const Steps& steps, const ir::Gru& op, bool) {
  return steps.sigmoids(2) + steps.tanhs(1) + steps.one_less() +
         steps.products(3) +  // r h or r times the product with r, (1 - z) g, z h
         steps.sums(op.linear_before_reset ? 2 : 1);
}

double step_cycles(const Steps& steps, const ir::Rnn& op, bool) {
  switch (op.activation) {
    case ir::RnnActivation::Tanh:
      return steps.tanhs(1);
    case ir::RnnActivation::Relu:
      return steps.relus(1);
    case ir::RnnActivation::Sigmoid:
      return steps.sigmoids(1);
  }
  KEEL_CHECK(false);
}

// Gates in the products with a state, in the order they wait for each other.
std::vector<std::int64_t> state_products(const ir::Lstm&) { return {4}; }
std::vector<std::int64_t> state_products(const ir::Gru& op) {
  if (op.linear_before_reset) return {3};
  return {2, 1};
}
std::vector<std::int64_t> state_products(const ir::Rnn&) { return {1}; }

template <class Family>
RecurrentCycles cycles_of(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node,
                          const Family& op) {
  const Shape& x = graph[node.inputs[0]].type.shape;
  const std::int64_t hidden = graph[node.inputs[2]].type.shape[2];
  const std::int64_t steps = x[op.batch_first ? 1 : 0];
  const std::int64_t batch = x[op.batch_first ? 0 : 1];
  const FloatFormat format = cube_format(soc, node.compute);
  const auto directions = static_cast<double>(op.directions());
  const auto walked = directions * static_cast<double>(steps);
  RecurrentCycles result;
  result.steps = walked;
  const auto add = [&](double times, std::int64_t m, std::int64_t gates, std::int64_t k) {
    const CubeCycles cycles =
        cube_cycles(soc, {.count = 1, .m = m, .n = gates * hidden, .channels = k}, format);
    result.cube.tiles += times * cycles.tiles;
    result.cube.fill += times * cycles.fill;
  };
  std::int64_t gates = 0;
  for (const std::int64_t count : state_products(op)) {
    gates += count;
    add(walked, batch, count, hidden);
  }
  add(directions, steps * batch, gates, x[2]);
  const bool peepholes = node.inputs.size() > kPeepholes && node.inputs[kPeepholes] != ir::kNoValue;
  const Steps of_step(soc, batch * hidden, graph[node.outputs[0]].type.dtype, op.clip > 0);
  result.vector = walked * step_cycles(of_step, op, peepholes);
  return result;
}

}  // namespace

RecurrentCycles recurrent_cycles(const ascend::Soc& soc, const ir::Graph& graph,
                                 const ir::Node& node) {
  if (const auto* gru = std::get_if<ir::Gru>(&node.op)) return cycles_of(soc, graph, node, *gru);
  if (const auto* rnn = std::get_if<ir::Rnn>(&node.op)) return cycles_of(soc, graph, node, *rnn);
  return cycles_of(soc, graph, node, std::get<ir::Lstm>(node.op));
}

RecurrentTime recurrent_time(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node) {
  const RecurrentCycles cycles = recurrent_cycles(soc, graph, node);
  const double cube = cycles.cube.tiles + soc.timing.fill_share * cycles.cube.fill;
  return {cube / soc.timing.cube_efficiency / soc.cube_mhz,
          cycles.vector / soc.timing.vector_efficiency / soc.vector_mhz};
}

}  // namespace keel::simulator
