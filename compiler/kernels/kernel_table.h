#pragma once

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

// One line a kernel, defined in the file its name starts with.

extern const Kernel kOnednnConv, kOnednnMatMul, kOnednnGemm, kOnednnLstm;

extern const Kernel kVectorUnary, kVectorBinary, kVectorInteger, kVectorClip, kVectorWhere,
    kVectorPool, kVectorReduce, kVectorSoftmax, kVectorLayerNorm, kVectorBatchNorm;

extern const Kernel kLayoutReshape, kLayoutIdentity, kLayoutTranspose, kLayoutSlice, kLayoutExpand,
    kLayoutTile, kLayoutSplit, kLayoutConcat, kLayoutPad, kLayoutMirrorPad, kLayoutGather,
    kLayoutShapeOf, kLayoutConstantOfShape;

extern const Kernel kReferenceConv, kReferenceMatMul, kReferenceGemm, kReferencePool,
    kReferenceUnary, kReferenceBinary, kReferenceClip, kReferenceWhere, kReferenceCast,
    kReferenceReduce, kReferenceSoftmax, kReferenceLstm, kReferenceLayerNorm, kReferenceBatchNorm;

}  // namespace keel::kernels
