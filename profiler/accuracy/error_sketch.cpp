#include "profiler/accuracy/error_sketch.h"

#include <cmath>
#include <cstdint>
#include <vector>

#include "compiler/base/random.h"

namespace keel::accuracy {
namespace {

/// What the elements of all outputs add up to, one output after the other.
class Sums {
 public:
  explicit Sums(std::uint64_t elements) : has_places_(elements <= kSketchSize) {}

  template <class T>
  void add(std::span<const T> output, std::span<const T> reference, double factor) {
    for (std::size_t i = 0; i < output.size(); ++i) {
      const double error =
          (static_cast<double>(output[i]) - static_cast<double>(reference[i])) * factor;
      if (std::isfinite(error)) add(first_ + i, error);  // else the reference is not
    }
  }

  void go_on(std::int64_t elements) { first_ += static_cast<std::uint64_t>(elements); }

  std::vector<float> sketch() const { return {sums_.begin(), sums_.end()}; }

 private:
  void add(std::uint64_t element, double error) {
    if (has_places_) {
      sums_[element] += error;
      return;
    }
    const std::uint64_t hash = Rng(element).next();
    sums_[hash % kSketchSize] += hash >> 63U != 0 ? error : -error;
  }

  bool has_places_;  ///< one each
  std::uint64_t first_ = 0;
  std::vector<double> sums_ = std::vector<double>(kSketchSize);
};

bool is_finite(const Difference& difference) {
  return std::isfinite(difference.squared_error) &&
         (difference.squared_error == 0 || difference.squared_reference > 0);
}

}  // namespace

std::vector<float> error_sketch(std::span<const Tensor> outputs, std::span<const Tensor> reference,
                                std::span<const Difference> differences) {
  std::uint64_t elements = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!is_finite(differences[i])) return {};
    elements += static_cast<std::uint64_t>(outputs[i].size());
  }
  Sums sums(elements);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const double squared = differences[i].squared_reference * static_cast<double>(outputs.size());
    const double factor = 1 / std::sqrt(squared);
    if (differences[i].squared_error == 0) {
      // Nothing to add.
    } else if (is_tunable_float(outputs[i].dtype())) {
      sums.add(outputs[i].as<float>(), reference[i].as<float>(), factor);
    } else if (outputs[i].dtype() == DType::F64) {
      sums.add(outputs[i].as<double>(), reference[i].as<double>(), factor);
    }
    sums.go_on(outputs[i].size());
  }
  return sums.sketch();
}

}  // namespace keel::accuracy
