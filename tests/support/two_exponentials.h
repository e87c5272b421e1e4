#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace keel::test {

/// Writes `model.onnx` and `samples/000.x.npy, 000.z.npy ...`: a = exp(x), b = exp(z), two units.
/// An exponential overflows in fp16 in the samples listed for its input, and nowhere else.
void write_two_exponentials(const std::filesystem::path& folder, std::size_t samples,
                            const std::vector<std::size_t>& x_overflows,
                            const std::vector<std::size_t>& z_overflows);

}  // namespace keel::test
