#include "profiler/accuracy/error_sketch.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

// A constant trip count, so that the compiler makes vectors of the loop over them.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kGroups = kSketchSize / kLanes;

using Row = std::array<float, kSketchSize>;

// Every row takes the next of these, and turns its places by a group more than the last: both are
// the same again after as many rows as their product, since they have no divisor in common.
constexpr std::size_t kSignRows = 61;

const std::array<Row, kSignRows>& sign_rows() {
  static const std::array<Row, kSignRows> rows = [] {
    std::array<Row, kSignRows> made;
    Rng rng(0);
    for (Row& row : made)
      for (float& sign : row) sign = rng.below(2) == 0 ? 1.0F : -1.0F;
    return made;
  }();
  return rows;
}

/// What the elements of all outputs add up to, one output after the other. Of each kSketchSize in a
/// row all have another place, and a random sign.
class Sums {
 public:
  template <class T>
  void add(std::span<const T> output, std::span<const T> reference, double factor) {
    std::size_t i = 0;
    const auto error_at = [&](std::size_t at) {
      const double error = static_cast<double>(output[at]) - static_cast<double>(reference[at]);
      // Else the reference is not finite.
      return std::isfinite(error) ? error * factor : 0.0;
    };
    while (i < output.size()) {
      const Row& signs = sign_rows()[row_ % kSignRows];
      if (next_ % kLanes != 0 || output.size() - i < kLanes) {
        sums_[place_of(next_)] += signs[next_] * error_at(i);
        advance(1);
        ++i;
        continue;
      }
      double* const sums = sums_.data() + place_of(next_);
      const float* const of_lanes = signs.data() + next_;
      for (std::size_t lane = 0; lane < kLanes; ++lane)
        sums[lane] += of_lanes[lane] * error_at(i + lane);
      advance(kLanes);
      i += kLanes;
    }
  }

  std::vector<float> sketch() const { return {sums_.begin(), sums_.end()}; }

 private:
  std::size_t place_of(std::size_t at) const {
    return (at + row_ % kGroups * kLanes) % kSketchSize;
  }

  void advance(std::size_t count) {
    next_ += count;
    if (next_ < kSketchSize) return;
    next_ = 0;
    ++row_;
  }

  std::size_t row_ = 0;
  std::size_t next_ = 0;  ///< in the row
  std::array<double, kSketchSize> sums_{};
};

bool is_finite(const Difference& difference) {
  return std::isfinite(difference.squared_error) &&
         (difference.squared_error == 0 || difference.squared_reference > 0);
}

}  // namespace

std::vector<float> error_sketch(std::span<const Tensor> outputs, std::span<const Tensor> reference,
                                std::span<const Difference> differences) {
  if (!std::ranges::all_of(differences, is_finite)) return {};
  if (!std::ranges::equal(outputs, reference, {}, &Tensor::shape, &Tensor::shape)) return {};
  Sums sums;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    // Where all is right there is a factor all the same: places do not depend on errors.
    const double squared =
        std::max(differences[i].squared_reference, 1e-300) * static_cast<double>(outputs.size());
    const double factor = 1 / std::sqrt(squared);
    if (is_tunable_float(outputs[i].dtype()))
      sums.add(outputs[i].as<float>(), reference[i].as<float>(), factor);
    else if (outputs[i].dtype() == DType::F64)
      sums.add(outputs[i].as<double>(), reference[i].as<double>(), factor);
  }
  return sums.sketch();
}

}  // namespace keel::accuracy
