#pragma once

#include <optional>
#include <span>
#include <vector>

#include "tuner/search/gaussian_process.h"
#include "tuner/search/model_state.h"
#include "tuner/search/similarity.h"

namespace keel::search {

/// A Gaussian process over assignments on what the additive error model gets wrong.
///
/// Carries residuals from measured assignments to others: to those that differ in few units, or in
/// units that add little, by exp(-distance / length), or to those that have much of their error in
/// common. Which of the three, and what length, maximises the likelihood over a fixed grid.
class ResidualProcess {
 public:
  using Value = GaussianProcess::Value;

  /// \param assignments  at most GaussianProcess::kMaxPoints, of equal size
  /// \param residuals    one each, in decades, expected to scatter around zero
  /// \param shared       absent: only the number of units counts
  ResidualProcess(const std::vector<Assignment>& assignments, const std::vector<double>& residuals,
                  std::optional<SharedError> shared = {});

  /// One each.
  std::vector<Value> at(std::span<const ModelPoint> points) const;

  /// Logarithm, up to a constant that only the number of residuals decides; 0 of few.
  double likelihood() const { return process_ ? process_->likelihood() : 0; }

 private:
  /// One point of the grid.
  struct Form {
    enum class Kind { Units, Errors, Common } kind;
    double scale;  ///< the length, or the power of what is in common
    double nugget;
  };

  /// An assignment as forms compare it.
  struct Point {
    Bits bits;
    SharedError::Parts parts;
  };

  Point point_of(const Assignment& x) const;
  /// What a form of that kind makes a similarity of.
  double compare(Form::Kind kind, const Point& a, const Point& b) const;
  static double similarity(const Form& form, double compared);
  std::vector<Form> forms(std::size_t units) const;  ///< those of a kind in a row
  void choose_form(const std::vector<double>& residuals, std::size_t units);
  std::vector<double> compared_points(Form::Kind kind, std::size_t count) const;

  std::optional<SharedError> shared_;
  std::vector<Point> points_;
  Form form_{};
  std::optional<GaussianProcess> process_;
};

}  // namespace keel::search
