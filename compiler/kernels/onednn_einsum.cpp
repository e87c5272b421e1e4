#include <algorithm>
#include <optional>

#include "compiler/kernels/call_inputs.h"
#include "compiler/kernels/einsum_problem.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/onednn_product.h"
#include "compiler/kernels/strided_copy.h"

// Two operands whose labels are each one axis of either: moved to [batch, m, k] and [batch, k, n],
// and the product [batch, m, n] to where the output wants it.

namespace keel::kernels {
namespace {

using Labels = std::vector<std::size_t>;

bool has(const Labels& labels, std::size_t label) {
  return std::ranges::find(labels, label) != labels.end();
}

struct Contraction {
  Labels batch, m, n, k;
};

// Empty where a label is repeated in an operand, broadcast, or summed in one operand alone.
std::optional<Contraction> contraction_of(const ir::EinsumLabels& labels,
                                          std::span<const Tensor* const> inputs) {
  if (inputs.size() != 2) return std::nullopt;
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t axis = 0; axis < labels.inputs[i].size(); ++axis) {
      const std::size_t label = labels.inputs[i][axis];
      if (inputs[i]->shape()[axis] != labels.extents[label] ||
          std::ranges::count(labels.inputs[i], label) > 1)
        return std::nullopt;
    }
  Contraction result;
  for (std::size_t label = 0; label < labels.extents.size(); ++label) {
    const bool in_a = has(labels.inputs[0], label), in_b = has(labels.inputs[1], label);
    const bool is_kept = has(labels.output, label);
    if (!is_kept && !(in_a && in_b)) return std::nullopt;
    Labels& role = !is_kept ? result.k : in_a && in_b ? result.batch : in_a ? result.m : result.n;
    role.push_back(label);
  }
  return result;
}

Labels joined(const Labels& a, const Labels& b, const Labels& c) {
  Labels all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  return all;
}

Shape picked(const Shape& of_label, const Labels& labels) {
  Shape values;
  for (const std::size_t label : labels) values.push_back(of_label[label]);
  return values;
}

// The elements of an input in the order of `labels`.
Tensor arranged(const Tensor& x, const Shape& strides, const Shape& extents, const Labels& labels) {
  Tensor result(DType::F32, picked(extents, labels));
  strided_copy(result.shape(), sizeof(float), std::as_writable_bytes(result.fill<float>()).data(),
               row_major_strides(result.shape()), x.bytes().data(), picked(strides, labels));
  return result;
}

bool supports(const Call& call) {
  if (!std::holds_alternative<ir::Einsum>(call.op) || !takes_floats(call)) return false;
  for (const Tensor* input : call.inputs)
    if (input->size() == 0) return false;
  const Result<EinsumProblem> problem = einsum_problem(call);
  return problem.ok() && contraction_of(problem->labels, call.inputs).has_value();
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const EinsumProblem problem, einsum_problem(call));
  const auto [batch, m, n, k] = *contraction_of(problem.labels, call.inputs);
  const Shape& extents = problem.labels.extents;
  const Tensor a = arranged(*call.inputs[0], problem.strides[0], extents, joined(batch, m, k));
  const Tensor b = arranged(*call.inputs[1], problem.strides[1], extents, joined(batch, k, n));
  const auto count = [&](const Labels& labels) { return element_count(picked(extents, labels)); };
  const Labels order = joined(batch, m, n);
  Tensor product(DType::F32, picked(extents, order));
  KEEL_TRY_STATUS(onednn::multiply(
      {count(batch), count(m), count(k), count(n), false, false, false}, onednn::source(a),
      onednn::source(b), nullptr, product.fill<float>().data()));
  const Shape own = row_major_strides(product.shape());
  Shape strides(extents.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) strides[order[i]] = own[i];
  return Tensors{arranged(product, strides, extents, problem.labels.output)};
}

}  // namespace

const Kernel kOnednnEinsum{"onednn-einsum", supports, run};

}  // namespace keel::kernels
