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

}  // namespace keel::kernels
