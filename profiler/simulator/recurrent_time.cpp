#include "profiler/simulator/recurrent_time.h"

#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/vector_time.h"

namespace keel::simulator {
namespace {

constexpr std::size_t kPeepholes = 7;  // the position of the input of an LSTM

/// What one time step of a direction does beside the product with the state.
struct Steps {
  std::int64_t gates = 1;  ///< of which each is one product of w x + r h
  std::int64_t sigmoids = 0, tanhs = 0, relus = 0, products = 0, sums = 0;
  std::int64_t complements = 0;  ///< 1 - x
  bool clips = false;
};

Steps steps_of(const ir::Lstm& op, bool peepholes) {
  const std::int64_t sigmoids = op.input_forget ? 2 : 3;  // i, o and f
  const std::int64_t added = peepholes ? sigmoids : 0;
  return {.gates = 4,
          .sigmoids = sigmoids,
          .tanhs = 2,             // of the cell's input and of c
          .products = 3 + added,  // f c, i g, o tanh(c), p c
          .sums = 1 + added,
          .complements = op.input_forget ? 1 : 0,
          .clips = op.clip > 0};
}

Steps steps_of(const ir::Gru& op, bool) {
  return {.gates = 3,
          .sigmoids = 2,
          .tanhs = 1,
          .products = 3,  // with r, (1 - z) h~, z h
          .sums = op.linear_before_reset ? 2 : 1,
          .complements = 1,
          .clips = op.clip > 0};
}

Steps steps_of(const ir::Rnn& op, bool) {
  Steps steps{.gates = 1, .clips = op.clip > 0};
  switch (op.activation) {
    case ir::RnnActivation::Tanh:
      steps.tanhs = 1;
      break;
    case ir::RnnActivation::Relu:
      steps.relus = 1;
      break;
    case ir::RnnActivation::Sigmoid:
      steps.sigmoids = 1;
      break;
  }
  return steps;
}

double step_us(const ascend::Soc& soc, const Steps& steps, std::int64_t elements, DType dtype) {
  const auto us = [&](const ir::Op& of, std::int64_t times) {
    return static_cast<double>(times) * elements_us(soc, elements, dtype, vector_cycles(of));
  };
  double total = us(ir::Unary{ir::UnaryKind::Sigmoid}, steps.sigmoids) +
                 us(ir::Unary{ir::UnaryKind::Tanh}, steps.tanhs) +
                 us(ir::Unary{ir::UnaryKind::Relu}, steps.relus) +
                 us(ir::Binary{ir::BinaryKind::Mul}, steps.products) +
                 us(ir::Binary{ir::BinaryKind::Add}, steps.sums);
  if (steps.clips) total += us(ir::Clip{}, steps.sigmoids + steps.tanhs + steps.relus);
  total += static_cast<double>(steps.complements) *
           elements_us(soc, elements, dtype, scalar_cycles(ir::BinaryKind::Sub));
  return total;
}

template <class Family>
RecurrentTime time_of(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node,
                      const Family& op) {
  const Shape& x = graph[node.inputs[0]].type.shape;
  const std::int64_t hidden = graph[node.inputs[2]].type.shape[2];
  const std::int64_t time = x[op.batch_first ? 1 : 0];
  const std::int64_t batch = x[op.batch_first ? 0 : 1];
  const bool peepholes = node.inputs.size() > kPeepholes && node.inputs[kPeepholes] != ir::kNoValue;
  const Steps steps = steps_of(op, peepholes);
  const FloatFormat format = cube_format(soc, node.compute);
  const auto product_us = [&](std::int64_t m, std::int64_t k) {
    return cube_us(soc, {.count = 1, .m = m, .n = steps.gates * hidden, .channels = k}, format,
                   soc.timing.cube_efficiency);
  };
  const auto directions = static_cast<double>(op.directions());
  const auto walked = directions * static_cast<double>(time);
  return {directions * product_us(time * batch, x[2]) + walked * product_us(batch, hidden),
          walked * step_us(soc, steps, batch * hidden, graph[node.outputs[0]].type.dtype)};
}

}  // namespace

RecurrentTime recurrent_time(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node) {
  if (const auto* gru = std::get_if<ir::Gru>(&node.op)) return time_of(soc, graph, node, *gru);
  if (const auto* rnn = std::get_if<ir::Rnn>(&node.op)) return time_of(soc, graph, node, *rnn);
  return time_of(soc, graph, node, std::get<ir::Lstm>(node.op));
}

}  // namespace keel::simulator
