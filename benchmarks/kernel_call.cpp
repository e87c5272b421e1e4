#include "benchmarks/kernel_call.h"

#include <algorithm>

#include "compiler/ir/text.h"

namespace keel::bench {
namespace {

std::string operand_line(std::size_t number, std::string_view operand, DType dtype) {
  constexpr std::string_view kFloat = "float";
  const std::size_t space = operand.find(' ');
  std::string type(operand.substr(0, space));
  if (type.starts_with(kFloat)) type = std::string(name(dtype)) + type.substr(kFloat.size());
  const std::string content = space == std::string_view::npos
                                  ? "random(" + std::to_string(number) + ")"
                                  : std::string(operand.substr(space + 1));
  const char letter = static_cast<char>('a' + number);
  return std::string(1, letter) + ": " + type + " = constant " + content + "\n";
}

std::string graph_text(const KernelCase& kernel_case, DType dtype) {
  std::string text;
  for (std::size_t i = 0; i < kernel_case.operands.size(); ++i)
    if (!kernel_case.operands[i].empty()) text += operand_line(i, kernel_case.operands[i], dtype);
  text += "y = " + std::string(kernel_case.node);
  if (dtype == DType::F16) text += " compute=f16";
  return text + "\nreturn y\n";
}

double elements(const TensorType& type) { return static_cast<double>(element_count(type.shape)); }

double bytes(const TensorType& type) {
  return elements(type) * static_cast<double>(host_size_of(type.dtype));
}

}  // namespace

Result<std::unique_ptr<const KernelCall>> make_call(const KernelCase& kernel_case, DType dtype) {
  auto call = std::make_unique<KernelCall>();
  auto graph = ir::parse(graph_text(kernel_case, dtype));
  if (!graph.ok())
    return std::move(graph).error().in("case '" + std::string(kernel_case.name) + "'");
  call->graph = *std::move(graph);
  const ir::Node& node = call->node();
  for (const ir::ValueId input : node.inputs)
    call->inputs.push_back(input == ir::kNoValue ? nullptr : &*call->graph[input].constant);
  for (const ir::ValueId output : node.outputs) call->outputs.push_back(call->graph[output].type);
  return std::unique_ptr<const KernelCall>(std::move(call));
}

double operations(const KernelCall& call) {
  const ir::Op& op = call.node().op;
  if (ir::cube_operands(op) == 0) return 0;
  const TensorType& x = call.inputs[0]->type();
  const TensorType& w = call.inputs[1]->type();
  // How many multiply-adds an element of one operand takes part in, times its elements.
  if (std::holds_alternative<ir::Conv>(op))
    return 2 * elements(call.outputs[0]) * elements(w) / static_cast<double>(w.shape[0]);
  if (std::holds_alternative<ir::ConvTranspose>(op))
    return 2 * elements(x) * elements(w) / static_cast<double>(w.shape[0]);
  if (ir::is_recurrent(op))
    return 2 * static_cast<double>(x.shape[0] * x.shape[1]) *
           (elements(w) + elements(call.inputs[2]->type()));
  const auto* gemm = std::get_if<ir::Gemm>(&op);
  const std::size_t rank = x.shape.size();
  const std::int64_t terms = gemm && gemm->trans_a ? x.shape[0] : x.shape[rank - 1];
  return 2 * elements(call.outputs[0]) * static_cast<double>(terms);
}

double bytes_moved(const KernelCall& call) {
  double written = 0, read = 0;
  for (const TensorType& output : call.outputs) written += bytes(output);
  for (const Tensor* input : call.inputs)
    if (input) read += bytes(input->type());
  // What only moves elements reads no more than it writes, however large its operand is.
  return written + (ir::is_layout(call.node().op) ? std::min(read, written) : read);
}

}  // namespace keel::bench
