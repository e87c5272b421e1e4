#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "compiler/base/result.h"
#include "compiler/base/shape.h"
#include "profiler/accuracy/dataset.h"

namespace keel::accuracy {

/// The shape that the input called `name` has in every sample of `folder`, for a model that leaves
/// it open. Of a .npy file only the header is read.
///
/// \param inputs  every input of the model; their types do not matter
/// \error InvalidConfig  two samples differ in shape (`what` has both); a file is .bin, which holds
///     no shape; what find_sample_files() gives
/// \error NotReadable    a file cannot be read
Result<Shape> sample_shape(const std::filesystem::path& folder, std::span<const Port> inputs,
                           const std::string& name);

}  // namespace keel::accuracy
