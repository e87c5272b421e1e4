#include <string>

#include "compiler/kernels/index.h"
#include "compiler/kernels/kernel_table.h"
#include "compiler/kernels/take.h"

namespace keel::kernels {
namespace {

bool supports(const Call& call) {
  return std::holds_alternative<ir::Compress>(call.op) && call.inputs[1]->dtype() == DType::Bool;
}

Error invalid(std::string what) { return {ErrorCode::InvalidModel, std::move(what), "", ""}; }

// A condition shorter than the axis is false for the rest.
Result<Tensors> run(const Call& call) {
  const auto& op = std::get<ir::Compress>(call.op);
  const Tensor& condition = *call.inputs[1];
  Tensor x = *call.inputs[0];
  if (!op.has_axis) x = x.reshaped({x.size()});
  const std::int64_t axis = op.has_axis ? op.axis : 0;
  const auto rank = static_cast<std::int64_t>(x.shape().size());
  if (axis < -rank || axis >= rank)
    return invalid("Compress along axis " + std::to_string(axis) + " of x of rank " +
                   std::to_string(rank));
  const std::size_t along = axis_index(axis, x.shape().size());
  if (condition.shape().size() != 1 || condition.size() > x.shape()[along])
    return invalid("a condition of shape " + to_text(condition.shape()) +
                   " does not select from extent " + std::to_string(x.shape()[along]));
  std::vector<std::int64_t> kept;
  for (std::int64_t i = 0; const std::uint8_t holds : condition.as<std::uint8_t>()) {
    if (holds != 0) kept.push_back(i);
    ++i;
  }
  return Tensors{take(x, along, kept)};
}

}  // namespace

const Kernel kLayoutCompress{"layout-compress", supports, run};

}  // namespace keel::kernels
