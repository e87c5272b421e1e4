#include "compiler/kernels/onednn_product.h"

namespace keel::kernels::onednn {
namespace {

dnnl::memory::desc matrix(std::int64_t batch, std::int64_t rows, std::int64_t columns,
                          bool transposed) {
  const dnnl::memory::dims strides = transposed ? dnnl::memory::dims{rows * columns, 1, rows}
                                                : dnnl::memory::dims{rows * columns, columns, 1};
  return {{batch, rows, columns}, dnnl::memory::data_type::f32, strides};
}

// What is kept is worth arranging as the product likes it best.
Recipe make(const Product& product, bool arranges_b) {
  const dnnl::memory::desc a = matrix(product.batch, product.m, product.k, product.trans_a);
  const dnnl::memory::desc b = matrix(product.batch, product.k, product.n, product.trans_b);
  const dnnl::memory::desc y = matrix(product.batch, product.m, product.n, false);
  const dnnl::memory::desc bias =
      product.has_bias ? matrix(1, 1, product.n, false) : dnnl::memory::desc();
  const dnnl::memory::desc wanted =
      arranges_b ? any_layout({product.batch, product.k, product.n}) : b;
  const dnnl::matmul::desc desc =
      product.has_bias ? dnnl::matmul::desc(a, wanted, bias, y) : dnnl::matmul::desc(a, wanted, y);
  const dnnl::matmul::primitive_desc chosen(desc, attributes(), engine());
  Recipe recipe{dnnl::matmul(chosen),
                chosen.scratchpad_desc(),
                {{DNNL_ARG_SRC, a, a}, {DNNL_ARG_WEIGHTS, b, chosen.weights_desc()}},
                {DNNL_ARG_DST, y, y}};
  if (product.has_bias) recipe.inputs.push_back({DNNL_ARG_BIAS, bias, bias});
  return recipe;
}

}  // namespace

Status multiply(const Product& product, Source a, Source b, const float* bias, float* y) {
  // A product of few rows reads its matrix once, however it lies.
  constexpr std::int64_t kFewRows = 16;
  const bool arranges_b = b.is_lasting() && product.m >= kFewRows;
  const Problem problem{'m',       product.batch,   product.m,       product.k,
                        product.n, product.trans_a, product.trans_b, product.has_bias,
                        arranges_b};
  Pointers pointers{{a, b}, y};
  if (product.has_bias) pointers.inputs.push_back({bias});
  return run(
      problem, [&] { return make(product, arranges_b); }, pointers);
}

}  // namespace keel::kernels::onednn
