#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "compiler/base/tensor.h"
#include "profiler/accuracy/difference.h"

namespace keel::accuracy {

constexpr std::size_t kSketchSize = 128;

/// The errors of a sample's outputs, (y - r) / ||r|| each, projected to kSketchSize numbers: a
/// fixed linear map, so that sketches add as errors do, whose lengths and angles are about those of
/// the errors. Divided by the root of the number of outputs, as SampleScore::squared_relative_l2.
///
/// A count sketch (Charikar, Chen, Farach-Colton 2002): each element is added, with a random sign,
/// to one place; of kSketchSize in a row each to another. Places and signs are the same in every
/// process.
///
/// \param differences  measure() of each output
/// \returns            empty where a relative error is not finite or shapes differ; integer outputs
///     add nothing
std::vector<float> error_sketch(std::span<const Tensor> outputs, std::span<const Tensor> reference,
                                std::span<const Difference> differences);

}  // namespace keel::accuracy
