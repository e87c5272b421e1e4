#include "compiler/kernels/onednn_blocks.h"

#include "compiler/kernels/onednn.h"

namespace keel::kernels::onednn {
namespace {

dnnl::memory::desc desc_of(const Shape& shape, std::int64_t block) {
  return block == 0 ? row_major(shape) : channel_blocks(shape, block);
}

}  // namespace

std::int64_t channel_block() {
  static const std::int64_t block = [] {
    const auto has = [](dnnl::cpu_isa isa) {
      return (static_cast<unsigned>(dnnl::get_effective_cpu_isa()) & static_cast<unsigned>(isa)) ==
             static_cast<unsigned>(isa);
    };
    return has(dnnl::cpu_isa::avx512_core) ? 16 : has(dnnl::cpu_isa::avx2) ? 8 : 0;
  }();
  return block;
}

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
