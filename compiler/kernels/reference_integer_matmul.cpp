#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/matmul_problem.h"
#include "compiler/kernels/quantize.h"

// MatMulInteger and QLinearMatMul: exact products of 8-bit integers, sums that wrap at 32 bits.

namespace keel::kernels {
namespace {

using Integers = std::vector<std::int32_t>;

// For each element of a matrix operand which of `count` parameters it has: one, one for each line
// (row of the left, column of the right operand), or that for each matrix.
class Lines {
 public:
  Lines(const Shape& operand, bool is_left, std::size_t count) : count_(count) {
    const std::size_t rank = operand.size();
    columns_ = static_cast<std::size_t>(operand.back());
    rows_ = rank < 2 ? 1 : static_cast<std::size_t>(operand[rank - 2]);
    is_left_ = is_left;
  }
  std::size_t of_element(std::size_t i) const {
    const std::size_t in_matrix = i % (rows_ * columns_);
    return of_line(i / (rows_ * columns_), is_left_ ? in_matrix / columns_ : in_matrix % columns_);
  }
  std::size_t of_line(std::size_t matrix, std::size_t line) const {
    const std::size_t lines = is_left_ ? rows_ : columns_;
    if (count_ == 1) return 0;
    return count_ == lines ? line : matrix * lines + line;
  }

 private:
  std::size_t count_, rows_ = 1, columns_ = 1;
  bool is_left_ = true;
};

std::size_t count_of(const Call& call, std::size_t i) {
  const bool given = i < call.inputs.size() && call.inputs[i];
  return given ? static_cast<std::size_t>(call.inputs[i]->size()) : 1;
}

// Operand `i` less its zero point, which is input `zero`.
Integers centred(const Call& call, std::size_t i, std::size_t zero, bool is_left) {
  const Tensor& operand = *call.inputs[i];
  const Lines lines(operand.shape(), is_left, count_of(call, zero));
  const Parameter<std::int64_t> zeros = zero_point(call, zero);
  const std::vector<std::int64_t> values = integers_of(operand);
  Integers result(values.size());
  for (std::size_t k = 0; k < values.size(); ++k)
    result[k] = static_cast<std::int32_t>(values[k] - zeros[lines.of_element(k)]);
  return result;
}

// Sums wrap, so they are kept unsigned.
std::vector<std::uint32_t> multiply(const MatMulProblem& problem, const Integers& a,
                                    const Integers& b) {
  const auto m = static_cast<std::size_t>(problem.m), k = static_cast<std::size_t>(problem.k),
             n = static_cast<std::size_t>(problem.n);
  std::vector<std::uint32_t> y(static_cast<std::size_t>(element_count(problem.batch)) * m * n, 0);
  std::size_t at = 0;
  for_each_index(problem.batch, [&](const Shape& index) {
    const std::size_t a_at = offset_of(index, problem.a_strides);
    const std::size_t b_at = offset_of(index, problem.b_strides);
    for (std::size_t row = 0; row < m; ++row)
      for (std::size_t inner = 0; inner < k; ++inner) {
        const std::int32_t left = a[a_at + row * k + inner];
        for (std::size_t column = 0; column < n; ++column)
          y[at + row * n + column] +=
              static_cast<std::uint32_t>(left * b[b_at + inner * n + column]);
      }
    at += m * n;
  });
  return y;
}

Result<Tensors> run_integer(const Call& call) {
  const MatMulProblem problem = matmul_problem(call.inputs[0]->shape(), call.inputs[1]->shape());
  const std::vector<std::uint32_t> sums =
      multiply(problem, centred(call, 0, 2, true), centred(call, 1, 3, false));
  Tensor y(DType::I32, call.outputs[0].shape);
  std::ranges::transform(sums, y.fill<std::int32_t>().begin(),
                         [](std::uint32_t sum) { return static_cast<std::int32_t>(sum); });
  return Tensors{std::move(y)};
}

Result<Tensors> run_linear(const Call& call) {
  for (const std::size_t i : {1, 4, 6}) {
    KEEL_TRY_STATUS(check_scale(*call.inputs[i]));
  }
  const Shape &a = call.inputs[0]->shape(), &b = call.inputs[3]->shape();
  const MatMulProblem problem = matmul_problem(a, b);
  const std::vector<std::uint32_t> sums =
      multiply(problem, centred(call, 0, 2, true), centred(call, 3, 5, false));
  const Parameter<float> a_scale = scale_of(call, 1), b_scale = scale_of(call, 4);
  const Lines a_lines(a, true, count_of(call, 1)), b_lines(b, false, count_of(call, 4));
  const auto y_scale = static_cast<double>(call.inputs[6]->as<float>()[0]);
  const std::int64_t y_zero = zero_point(call, 7)[0];
  Tensor y(call.outputs[0].dtype, call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    std::size_t at = 0;
    for_each_index(problem.batch, [&](const Shape& index) {
      // Which matrix of each operand this product is of, broadcast ones counted once.
      const std::size_t of_a =
          offset_of(index, problem.a_strides) /
          static_cast<std::size_t>(problem.m * std::max<std::int64_t>(problem.k, 1));
      const std::size_t of_b =
          offset_of(index, problem.b_strides) /
          static_cast<std::size_t>(problem.n * std::max<std::int64_t>(problem.k, 1));
      for (std::size_t row = 0; row < static_cast<std::size_t>(problem.m); ++row)
        for (std::size_t column = 0; column < static_cast<std::size_t>(problem.n); ++column) {
          const double scale = static_cast<double>(a_scale[a_lines.of_line(of_a, row)]) *
                               static_cast<double>(b_scale[b_lines.of_line(of_b, column)]) /
                               y_scale;
          const auto sum = static_cast<double>(static_cast<std::int32_t>(sums[at]));
          y.fill<T>()[at++] = quantized<T>(sum * scale, y_zero);
        }
    });
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceMatMulInteger{
    "reference-matmul-integer",
    [](const Call& call) { return std::holds_alternative<ir::MatMulInteger>(call.op); },
    run_integer};
const Kernel kReferenceQLinearMatMul{
    "reference-qlinear-matmul",
    [](const Call& call) { return std::holds_alternative<ir::QLinearMatMul>(call.op); },
    run_linear};

}  // namespace keel::kernels
