#include "compiler/kernels/onednn_reorder.h"

#include "compiler/kernels/onednn.h"

namespace keel::kernels::onednn {
namespace {

dnnl::memory::desc desc_of(const Shape& shape, std::int64_t block) {
  return block == 0 ? row_major(shape) : channel_blocks(shape, block);
}

}  // namespace

Status reorder(const Shape& shape, std::int64_t from_block, const float* x, std::int64_t to_block,
               float* y) {
  Problem problem{'r', from_block, to_block};
  problem.insert(problem.end(), shape.begin(), shape.end());
  const auto make = [&] {
    const dnnl::memory::desc source = desc_of(shape, from_block);
    const dnnl::memory::desc target = desc_of(shape, to_block);
    const dnnl::reorder::primitive_desc chosen(engine(), source, engine(), target, attributes());
    return Recipe{dnnl::reorder(chosen),
                  chosen.scratchpad_desc(),
                  {{DNNL_ARG_FROM, source, source}},
                  {DNNL_ARG_TO, target, target}};
  };
  return run(problem, make, {{{x}}, y});
}

}  // namespace keel::kernels::onednn
