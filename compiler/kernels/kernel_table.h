#pragma once

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

// One line a kernel, defined in the file its name starts with.

extern const Kernel kOnednnConvTranspose;
extern const Kernel kOnednnConv, kOnednnMatMul, kOnednnGemm, kOnednnLstm;

extern const Kernel kVectorUnary, kVectorBinary, kVectorInteger, kVectorClip, kVectorWhere,
    kVectorPool, kVectorReduce, kVectorSoftmax, kVectorLayerNorm, kVectorBatchNorm, kVectorResize;

extern const Kernel kLayoutReshape, kLayoutIdentity, kLayoutTranspose, kLayoutSlice, kLayoutExpand,
    kLayoutTile, kLayoutSplit, kLayoutConcat, kLayoutPad, kLayoutMirrorPad, kLayoutGather,
    kLayoutShapeOf, kLayoutConstantOfShape;

extern const Kernel kReferenceConv, kReferenceMatMul, kReferenceGemm, kReferencePool,
    kReferenceUnary, kReferenceBinary, kReferenceClip, kReferenceWhere, kReferenceCast,
    kReferenceReduce, kReferenceSoftmax, kReferenceLstm, kReferenceLayerNorm, kReferenceBatchNorm;

extern const Kernel kLayoutSizeOf, kLayoutDepthSpace, kLayoutReverseSequence, kLayoutTriangle,
    kLayoutCenterCropPad, kLayoutGatherElements, kLayoutGatherNd, kLayoutCompress;

extern const Kernel kReferenceResize, kReferenceGridSample, kReferenceRoiAlign, kReferenceArgReduce,
    kReferenceHardmax, kReferenceTopK, kReferenceCumSum, kReferenceScatterElements,
    kReferenceScatterNd, kReferenceOneHot, kReferenceEyeLike, kReferenceRange, kReferenceNonZero,
    kReferenceUnique, kReferenceNonMaxSuppression, kReferenceMaxPool, kReferenceMaxUnpool,
    kReferenceConvTranspose, kReferenceGru, kReferenceRnn, kReferenceInstanceNorm,
    kReferenceGroupNorm, kReferenceMeanVarianceNorm, kReferenceLrn, kReferenceLpNorm,
    kReferenceLoss, kReferenceEinsum, kReferenceDet, kReferenceQuantize, kReferenceDequantize,
    kReferenceDynamicQuantize, kReferenceMatMulInteger, kReferenceConvInteger,
    kReferenceQLinearMatMul, kReferenceQLinearConv, kReferenceWindow, kReferenceDft, kReferenceStft,
    kReferenceMelWeightMatrix;

}  // namespace keel::kernels
