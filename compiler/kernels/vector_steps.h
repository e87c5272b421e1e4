#pragma once

#include <vector>

#include "compiler/base/rounding.h"
#include "compiler/base/wide.h"
#include "compiler/kernels/recurrent_problem.h"
#include "compiler/kernels/vector_math.h"

namespace keel::kernels {

/// The vector unit's steps between those of a recurrence: each works on `hidden` elements, and
/// rounds its result. Operands and result may be the same.
class VectorSteps {
 public:
  explicit VectorSteps(const RecurrentProblem& problem)
      : problem_(problem), hidden_(static_cast<std::size_t>(problem.hidden)), bounded_(hidden_) {}

  std::size_t hidden() const { return hidden_; }

  void round(float* x, std::size_t count) const {
    round_in_place(problem_.vector, problem_.overflow, {x, count});
  }
  template <class F>
  void apply(const float* a, const float* b, float* y, F f) const {
    map(hidden_, a, b, y, f);
    round(y, hidden_);
  }
  void multiply(const float* a, const float* b, float* y) const {
    apply(a, b, y, [](float x, float z) { return x * z; });
  }
  void add(const float* a, const float* b, float* y) const {
    apply(a, b, y, [](float x, float z) { return x + z; });
  }
  void one_less(const float* a, float* y) const {
    apply(a, a, y, [](float x, float) { return 1 - x; });
  }
  void sigmoid(const float* x, float* y) {
    apply(clipped(x), x, y, [](float a, float) { return static_cast<float>(sigmoid_of(a)); });
  }
  void tanh(const float* x, float* y) {
    apply(clipped(x), x, y, [](float a, float) { return static_cast<float>(tanh_of(a)); });
  }
  void relu(const float* x, float* y) {
    apply(clipped(x), x, y, [](float a, float) { return a < 0 ? 0.0f : a; });
  }

 private:
  template <class F>
  KEEL_WIDE static void map(std::size_t count, const float* a, const float* b, float* y, F f) {
    for (std::size_t i = 0; i < count; ++i) y[i] = f(a[i], b[i]);
  }
  // Returns `x`, or its clipped copy.
  const float* clipped(const float* x) {
    if (problem_.clip == 0) return x;
    apply(x, x, bounded_.data(), [bound = problem_.clip](float a, float) {
      a = a < -bound ? -bound : a;
      return a > bound ? bound : a;
    });
    return bounded_.data();
  }

  const RecurrentProblem& problem_;
  std::size_t hidden_;
  std::vector<float> bounded_;
};

}  // namespace keel::kernels
