#pragma once

#include <string>
#include <vector>

#include "compiler/ir/shape_inference.h"

namespace keel::ir {

// What infer_types() is made of: one rule per operator family, in shape_inference.cpp (element by
// element), shape_compute.cpp (cube, pooling, reduction, normalisation), shape_recurrent.cpp and
// shape_layout.cpp.

/// The inputs of a node, checked against arity(), and how many outputs it has.
struct RuleInputs {
  std::span<const InputFact> facts;
  std::size_t output_count = 1;

  std::size_t size() const { return facts.size(); }
  bool has(std::size_t i) const { return i < facts.size() && facts[i].present; }
  const TensorType& type(std::size_t i) const { return facts[i].type; }
  const Shape& shape(std::size_t i) const { return facts[i].type.shape; }
  DType dtype(std::size_t i) const { return facts[i].type.dtype; }
  std::size_t rank(std::size_t i) const { return facts[i].type.shape.size(); }
};

using Types = Result<std::vector<TensorType>>;

Types infer(const Unary& op, const RuleInputs& in);
Types infer(const Binary& op, const RuleInputs& in);
Types infer(const Clip& op, const RuleInputs& in);
Types infer(const Where& op, const RuleInputs& in);
Types infer(const Cast& op, const RuleInputs& in);
Types infer(const Conv& op, const RuleInputs& in);
Types infer(const MatMul& op, const RuleInputs& in);
Types infer(const Gemm& op, const RuleInputs& in);
Types infer(const Pool& op, const RuleInputs& in);
Types infer(const Reduce& op, const RuleInputs& in);
Types infer(const Softmax& op, const RuleInputs& in);
Types infer(const LayerNorm& op, const RuleInputs& in);
Types infer(const BatchNorm& op, const RuleInputs& in);
Types infer(const Lstm& op, const RuleInputs& in);
Types infer(const Reshape& op, const RuleInputs& in);
Types infer(const Transpose& op, const RuleInputs& in);
Types infer(const Choose& op, const RuleInputs& in);
Types infer(const LoopEnd& op, const RuleInputs& in);
Types infer(const Concat& op, const RuleInputs& in);
Types infer(const Slice& op, const RuleInputs& in);
Types infer(const Split& op, const RuleInputs& in);
Types infer(const Gather& op, const RuleInputs& in);
Types infer(const Expand& op, const RuleInputs& in);
Types infer(const Tile& op, const RuleInputs& in);
Types infer(const Pad& op, const RuleInputs& in);
Types infer(const ShapeOf& op, const RuleInputs& in);
Types infer(const ConstantOfShape& op, const RuleInputs& in);
Types infer(const CastLike& op, const RuleInputs& in);
Types infer(const Gru& op, const RuleInputs& in);
Types infer(const Rnn& op, const RuleInputs& in);
Types infer(const ConvTranspose& op, const RuleInputs& in);
Types infer(const InstanceNorm& op, const RuleInputs& in);
Types infer(const GroupNorm& op, const RuleInputs& in);
Types infer(const MeanVarianceNorm& op, const RuleInputs& in);
Types infer(const Lrn& op, const RuleInputs& in);
Types infer(const LpNorm& op, const RuleInputs& in);
Types infer(const Hardmax& op, const RuleInputs& in);
Types infer(const Loss& op, const RuleInputs& in);
Types infer(const QuantizeLinear& op, const RuleInputs& in);
Types infer(const DequantizeLinear& op, const RuleInputs& in);
Types infer(const DynamicQuantizeLinear& op, const RuleInputs& in);
Types infer(const MatMulInteger& op, const RuleInputs& in);
Types infer(const ConvInteger& op, const RuleInputs& in);
Types infer(const QLinearMatMul& op, const RuleInputs& in);
Types infer(const QLinearConv& op, const RuleInputs& in);
Types infer(const Einsum& op, const RuleInputs& in);
Types infer(const Det& op, const RuleInputs& in);
Types infer(const SignalWindow& op, const RuleInputs& in);
Types infer(const Dft& op, const RuleInputs& in);
Types infer(const Stft& op, const RuleInputs& in);
Types infer(const MelWeightMatrix& op, const RuleInputs& in);
Types infer(const GatherElements& op, const RuleInputs& in);
Types infer(const GatherNd& op, const RuleInputs& in);
Types infer(const ScatterElements& op, const RuleInputs& in);
Types infer(const ScatterNd& op, const RuleInputs& in);
Types infer(const OneHot& op, const RuleInputs& in);
Types infer(const EyeLike& op, const RuleInputs& in);
Types infer(const Range& op, const RuleInputs& in);
Types infer(const ArgReduce& op, const RuleInputs& in);
Types infer(const TopK& op, const RuleInputs& in);
Types infer(const CumSum& op, const RuleInputs& in);
Types infer(const DepthSpace& op, const RuleInputs& in);
Types infer(const ReverseSequence& op, const RuleInputs& in);
Types infer(const Trilu& op, const RuleInputs& in);
Types infer(const CenterCropPad& op, const RuleInputs& in);
Types infer(const SizeOf& op, const RuleInputs& in);
Types infer(const Resize& op, const RuleInputs& in);
Types infer(const GridSample& op, const RuleInputs& in);
Types infer(const RoiAlign& op, const RuleInputs& in);
Types infer(const MaxUnpool& op, const RuleInputs& in);
Types infer(const Identity& op, const RuleInputs& in);

/// Refuses an operator with a data-dependent shape: only its execution tells.
template <class Family>
  requires Family::kHasDataDependentShape
Types infer(const Family&, const RuleInputs&) {
  return Error{ErrorCode::Unsupported,
               std::string(Family::kName) + " has a result whose shape follows from the data", "",
               "give samples: the shapes of one stand for all"};
}

/// Types{one output}.
Types one(DType dtype, Shape shape);

Error invalid_model(std::string what);

/// \error InvalidModel  input `i`, called `role` in errors, is there and has another shape
Status expect_shape(const RuleInputs& in, std::size_t i, const std::string& role,
                    const Shape& shape);

/// The axis made non-negative. \error InvalidModel  out of [-rank, rank)
Result<std::size_t> resolve_axis(std::int64_t axis, std::size_t rank);

/// The content of integer input `i`, called `role` in errors.
/// \error Unsupported  it is not a constant
Result<Ints> constant_ints(const RuleInputs& in, std::size_t i, const std::string& role);

/// \error InvalidModel  input `i` is not i64 or i32, or is a constant with a value out of
///                      [-extent, extent) of axis `axis`
Status index_operand(const RuleInputs& in, std::size_t i, std::int64_t extent, std::size_t axis);

/// \error InvalidModel  input `i`, called `role` in errors, is there and has not one element
Status one_element(const RuleInputs& in, std::size_t i, const std::string& role);

/// The one number in integer input `i`. \error as constant_ints, and InvalidModel  not one element
Result<std::int64_t> constant_int(const RuleInputs& in, std::size_t i, const std::string& role);

/// Batch, channel and at least one spatial axis. \error InvalidModel  input 0 has fewer
Status spatial_operand(const RuleInputs& in);

/// The extents after batch and channel.
Shape spatial_of(const Shape& shape);

/// The shape of a convolution of x with w, and of a product of matrices by numpy's rules.
/// \error InvalidModel  they do not fit
Result<Shape> conv_shape(const Conv& op, const Shape& x, const Shape& w);
Result<Shape> matmul_shape(const Shape& a, const Shape& b);

/// \error InvalidModel  inputs a and b differ in dtype
Status same_dtype(const RuleInputs& in, std::size_t a, std::size_t b);

/// \error InvalidModel  input 0 is not of a floating-point dtype
Status float_operand(const RuleInputs& in);

}  // namespace keel::ir
