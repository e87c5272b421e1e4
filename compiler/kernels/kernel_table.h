#pragma once

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

// One line a kernel, defined in the file its name starts with.

extern const Kernel kOnednnConv, kOnednnMatMul, kOnednnGemm;

extern const Kernel kVectorUnary, kVectorBinary, kVectorClip, kVectorWhere, kVectorPool,
    kVectorReduce, kVectorSoftmax, kVectorLayerNorm, kVectorBatchNorm;

extern const Kernel kLayoutReshape, kLayoutIdentity, kLayoutTranspose, kLayoutSlice, kLayoutExpand,
    kLayoutSplit, kLayoutConcat, kLayoutPad, kLayoutGather, kLayoutShapeOf, kLayoutConstantOfShape;

extern const Kernel kReferenceConv, kReferenceMatMul, kReferenceGemm, kReferencePool,
    kReferenceUnary, kReferenceBinary, kReferenceClip, kReferenceWhere, kReferenceCast,
    kReferenceReduce, kReferenceSoftmax, kReferenceLayerNorm, kReferenceBatchNorm;

}  // namespace keel::kernels
