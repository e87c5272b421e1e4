#include "compiler/kernels/kernel_table.h"

// Operators whose result has the bytes of an input.

namespace keel::kernels {
namespace {

Result<Tensors> run(const Call& call) {
  return Tensors{call.inputs[0]->reshaped(call.outputs[0].shape)};
}

Result<Tensors> run_choose(const Call& call) {
  return Tensors{*call.inputs[call.inputs[0]->as<std::uint8_t>()[0] != 0 ? 1 : 2]};
}

Result<Tensors> run_loop_end(const Call& call) {
  if (call.inputs[0]->as<std::uint8_t>()[0] == 0) return Tensors{*call.inputs[1]};
  const auto iterations = std::get<ir::LoopEnd>(call.op).iterations;
  return Error{ErrorCode::InvalidConfig,
               "the loop goes on after " + std::to_string(iterations) + " iterations", "",
               "give --loop_iterations a greater number"};
}

}  // namespace

const Kernel kLayoutReshape{
    "layout-reshape", [](const Call& call) { return std::holds_alternative<ir::Reshape>(call.op); },
    run};

const Kernel kLayoutIdentity{
    "layout-identity",
    [](const Call& call) { return std::holds_alternative<ir::Identity>(call.op); }, run};

const Kernel kLayoutChoose{
    "layout-choose", [](const Call& call) { return std::holds_alternative<ir::Choose>(call.op); },
    run_choose};

const Kernel kLayoutLoopEnd{
    "layout-loop-end",
    [](const Call& call) { return std::holds_alternative<ir::LoopEnd>(call.op); }, run_loop_end};

}  // namespace keel::kernels
