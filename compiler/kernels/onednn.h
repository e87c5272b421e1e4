#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <dnnl.hpp>
#include <vector>

#include "compiler/kernels/kernel.h"

// The one place that talks to oneDNN's run time; only the onednn_*.cpp files include it.

namespace keel::kernels::onednn {

/// One operand of a primitive: as our row-major tensors have it, and as the primitive wants it.
struct Operand {
  int argument;  ///< DNNL_ARG_SRC, ...
  dnnl::memory::desc ours;
  dnnl::memory::desc wanted;
};

/// What makes a primitive: created once for a problem, run many times.
struct Recipe {
  dnnl::primitive primitive;
  dnnl::memory::desc scratchpad;
  std::vector<Operand> inputs;
  Operand output;
};

/// Everything a recipe depends on, as numbers.
using Problem = absl::InlinedVector<std::int64_t, 40>;

/// Where an input is. If the tensor that holds it is lasting, so is the form a primitive wants it
/// in.
struct Source {
  const float* data;
  const Tensor* holder = nullptr;  ///< may be null

  bool is_lasting() const { return holder != nullptr && holder->is_lasting(); }
};
/// All of a tensor, or what begins at an element of it.
Source source(const Tensor& tensor, std::int64_t begin = 0);

/// Where inputs (in the order of Recipe::inputs) and the output are.
struct Pointers {
  absl::InlinedVector<Source, 4> inputs;
  float* output;
};

/// Runs the recipe for `problem` on the calling thread, making it if it is not among those this
/// thread keeps.
///
/// \error DeviceFailed  oneDNN refused
Status run(const Problem& problem, absl::FunctionRef<Recipe()> make, const Pointers& pointers);

const dnnl::engine& engine();

/// Attributes every primitive is made with: scratch memory comes from run().
dnnl::primitive_attr attributes();

/// A list as oneDNN takes it.
dnnl::memory::dims dims_of(const Ints& list);

/// A row-major f32 tensor, and one whose layout oneDNN chooses.
dnnl::memory::desc row_major(const Shape& shape);
dnnl::memory::desc any_layout(const Shape& shape);

/// [n, c, spatial...] in blocks of 8 or 16 channels. \pre one to three spatial axes
dnnl::memory::desc channel_blocks(const Shape& shape, std::int64_t block);

}  // namespace keel::kernels::onednn
