#include "compiler/kernels/kernel_table.h"

#include <array>

namespace keel::kernels {

std::span<const Kernel> kernel_table() {
  static const std::array table = {
      kOnednnConv,
      kOnednnMatMul,
      kOnednnGemm,
      kOnednnLstm,
      kVectorUnary,
      kVectorBinary,
      kVectorInteger,
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
      kLayoutTile,
      kLayoutSplit,
      kLayoutConcat,
      kLayoutPad,
      kLayoutMirrorPad,
      kLayoutGather,
      kLayoutShapeOf,
      kLayoutConstantOfShape,
      kReferenceConv,
      kReferenceMatMul,
      kReferenceGemm,
      kReferenceLstm,
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
