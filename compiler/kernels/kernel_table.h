#pragma once

#include "compiler/kernels/kernel.h"

namespace keel::kernels {

// One line a kernel, defined in the file its name starts with.

extern const Kernel kOnednnConv, kOnednnConvTranspose, kOnednnMatMul, kOnednnGemm, kOnednnLstm,
    kOnednnGru, kOnednnRnn, kOnednnEinsum;

extern const Kernel kVectorUnary, kVectorBinary, kVectorInteger, kVectorClip, kVectorWhere,
    kVectorPool, kVectorReduce, kVectorSoftmax, kVectorLayerNorm, kVectorBatchNorm,
    kVectorChannelNorm, kVectorResize;

extern const Kernel kLayoutReshape, kLayoutIdentity, kLayoutChoose, kLayoutLoopEnd,
    kLayoutTranspose, kLayoutSlice, kLayoutExpand, kLayoutTile, kLayoutSplit, kLayoutConcat,
    kLayoutPad, kLayoutMirrorPad, kLayoutGather, kLayoutShapeOf, kLayoutConstantOfShape;

extern const Kernel kReferenceConv, kReferenceMatMul, kReferenceGemm, kReferencePool,
    kReferenceUnary, kReferenceBinary, kReferenceClip, kReferenceWhere, kReferenceCast,
    kReferenceReduce, kReferenceSoftmax, kReferenceLstm, kReferenceLayerNorm, kReferenceBatchNorm;

extern const Kernel kLayoutSizeOf, kLayoutDepthSpace, kLayoutReverseSequence, kLayoutTriangle,
    kLayoutCenterCropPad, kLayoutGatherElements, kLayoutGatherNd, kLayoutCompress;

extern const Kernel kReferenceResize, kReferenceGridSample, kReferenceRoiAlign, kReferenceArgReduce,
    kReferenceHardmax, kReferenceTopK, kReferenceCumSum, kReferenceScatterElements,
    kReferenceScatterNd, kReferenceOneHot, kReferenceEyeLike, kReferenceRange, kReferenceNonZero,
    kReferenceUnique, kReferenceNonMaxSuppression;

extern const Kernel kReferenceConvTranspose, kReferenceInstanceNorm, kReferenceGroupNorm,
    kReferenceMeanVarianceNorm, kReferenceLrn, kReferenceLpNorm, kReferenceLoss, kReferenceGru,
    kReferenceRnn, kReferenceMaxUnpool, kReferenceEinsum, kReferenceDet;

extern const Kernel kReferenceQuantize, kReferenceDequantize, kReferenceDynamicQuantize,
    kReferenceMatMulInteger, kReferenceQLinearMatMul, kReferenceConvInteger, kReferenceQLinearConv;

extern const Kernel kReferenceWindow, kReferenceDft, kReferenceStft, kReferenceMel;

}  // namespace keel::kernels
