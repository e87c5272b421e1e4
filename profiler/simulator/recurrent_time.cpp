#include "profiler/simulator/recurrent_time.h"

#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/vector_time.h"

namespace keel::simulator {
namespace {

constexpr std::size_t kPeepholes = 7;  // the position of the input

// The vector steps of one time step over `elements` of one gate.
double step_us(const ascend::Soc& soc, const ir::Lstm& op, bool peepholes, std::int64_t elements,
               DType dtype) {
  const auto us = [&](const ir::Op& of, std::int64_t times) {
    return static_cast<double>(times) * elements_us(soc, elements, dtype, vector_cycles(of));
  };
  const std::int64_t sigmoids = op.input_forget ? 2 : 3;  // i, o and f
  const std::int64_t tanhs = 2;                           // of the cell's input and of c
  const std::int64_t added = peepholes ? sigmoids : 0;
  double total = us(ir::Unary{ir::UnaryKind::Sigmoid}, sigmoids) +
                 us(ir::Unary{ir::UnaryKind::Tanh}, tanhs) +
                 us(ir::Binary{ir::BinaryKind::Mul}, 3 + added) +  // f c, i g, o tanh(c), p c
                 us(ir::Binary{ir::BinaryKind::Add}, 1 + added);
  if (op.clip > 0) total += us(ir::Clip{}, sigmoids + tanhs);
  if (op.input_forget)
    total += elements_us(soc, elements, dtype, scalar_cycles(ir::BinaryKind::Sub));
  return total;
}

}  // namespace

RecurrentTime recurrent_time(const ascend::Soc& soc, const ir::Graph& graph, const ir::Node& node) {
  const auto& op = std::get<ir::Lstm>(node.op);
  const Shape& x = graph[node.inputs[0]].type.shape;
  const std::int64_t hidden = graph[node.inputs[2]].type.shape[2];
  const std::int64_t steps = x[op.batch_first ? 1 : 0];
  const std::int64_t batch = x[op.batch_first ? 0 : 1];
  const FloatFormat format = cube_format(soc, node.compute);
  const auto product_us = [&](std::int64_t m, std::int64_t k) {
    return cube_us(soc, {.count = 1, .m = m, .n = 4 * hidden, .channels = k}, format,
                   soc.timing.cube_efficiency);
  };
  const bool peepholes = node.inputs.size() > kPeepholes && node.inputs[kPeepholes] != ir::kNoValue;
  const auto directions = static_cast<double>(op.directions());
  const auto walked = directions * static_cast<double>(steps);
  return {directions * product_us(steps * batch, x[2]) + walked * product_us(batch, hidden),
          walked * step_us(soc, op, peepholes, batch * hidden, graph[node.outputs[0]].type.dtype)};
}

}  // namespace keel::simulator
