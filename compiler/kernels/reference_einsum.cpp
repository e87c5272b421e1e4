#include <algorithm>
#include <concepts>

#include "compiler/base/host_type.h"
#include "compiler/kernels/einsum_problem.h"
#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/raw_tensor.h"
#include "compiler/kernels/wide_sum.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) { return std::holds_alternative<ir::Einsum>(call.op); }

template <class T>
void contract(const Call& call, const EinsumProblem& problem, std::span<T> y) {
  const std::size_t labels = problem.labels.extents.size();
  std::vector<std::size_t> summed;
  Shape kept_extents, summed_extents;
  for (const std::size_t label : problem.labels.output)
    kept_extents.push_back(problem.labels.extents[label]);
  for (std::size_t label = 0; label < labels; ++label)
    if (std::ranges::find(problem.labels.output, label) == problem.labels.output.end()) {
      summed.push_back(label);
      summed_extents.push_back(problem.labels.extents[label]);
    }
  Shape index(labels, 0);
  auto result = y.begin();
  for_each_index(kept_extents, [&](const Shape& kept) {
    for (std::size_t i = 0; i < kept.size(); ++i) index[problem.labels.output[i]] = kept[i];
    WideSum<T> sum = 0;
    for_each_index(summed_extents, [&](const Shape& inner) {
      for (std::size_t i = 0; i < inner.size(); ++i) index[summed[i]] = inner[i];
      WideSum<T> product = 1;
      for (std::size_t i = 0; i < call.inputs.size(); ++i)
        product *=
            static_cast<WideSum<T>>(call.inputs[i]->as<T>()[offset_of(index, problem.strides[i])]);
      sum += product;
    });
    *result++ = static_cast<T>(sum);
  });
}

Result<Tensors> run(const Call& call) {
  KEEL_TRY(const EinsumProblem problem, einsum_problem(call));
  Tensor y(raw_dtype(call.inputs[0]->dtype()), call.outputs[0].shape);
  with_host_type(y.dtype(), [&](auto type) {
    using T = decltype(type);
    contract<T>(call, problem, y.fill<T>());
  });
  return Tensors{std::move(y)};
}

}  // namespace

const Kernel kReferenceEinsum{"reference-einsum", supports, run};

}  // namespace keel::kernels
