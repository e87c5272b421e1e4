#include "compiler/kernels/kernel_table.h"

#include <array>

namespace keel::kernels {

std::span<const Kernel> kernel_table() {
  static const std::array table = {
      kOnednnConv,
      kOnednnMatMul,
      kOnednnGemm,
      kVectorUnary,
      kVectorBinary,
      kVectorClip,
      kVectorWhere,
      kVectorPool,
      kVectorReduce,
      kVectorSoftmax,
      kVectorLayerNorm,
      kVectorBatchNorm,
      // These move bytes: one implementation is both the fast one and the reference.
      kLayoutReshape,
      kLayoutIdentity,
      kLayoutTranspose,
      kLayoutSlice,
      kLayoutExpand,
      kLayoutSplit,
      kLayoutConcat,
      kLayoutPad,
      kLayoutGather,
      kLayoutShapeOf,
      kLayoutConstantOfShape,
      kReferenceConv,
      kReferenceMatMul,
      kReferenceGemm,
      kReferencePool,
      kReferenceUnary,
      kReferenceBinary,
      kReferenceClip,
      kReferenceWhere,
      kReferenceCast,
      kReferenceReduce,
      kReferenceSoftmax,
      kReferenceLayerNorm,
      kReferenceBatchNorm,
  };
  return table;
}

}  // namespace keel::kernels
