#pragma once

#include <cstddef>

#include "compiler/ir/op.h"

namespace keel::kernels {

/// Whether apply_unary() has a loop for the kind; rare ones are the reference kernel's alone.
bool has_vector_form(ir::UnaryKind kind);

/// y = op(x) of `count` floats, in fp32. x may be y. \pre has_vector_form(op.kind)
void apply_unary(const ir::Unary& op, const float* x, float* y, std::size_t count);

}  // namespace keel::kernels
