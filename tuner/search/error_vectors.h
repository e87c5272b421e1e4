#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "tuner/search/model_state.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// What the errors of told trials, as vectors (Outcome::error_sketch), say of other assignments.
///
/// A rounding is nearly the same whatever is lowered elsewhere, so errors add as vectors: those
/// that point one way pile up and opposite ones cancel, of which a sum of squares knows nothing.
/// Each component of the error is taken as a Gaussian process over assignments, with one covariance
/// for all: a share for what all kept is wrong by, one for each unit that both lower, and one that
/// falls with what they differ in, for what roundings do to each other. The expected squared error
/// is the squared length of the mean, and the variance of what remains unknown.
class ErrorVectors {
 public:
  /// A trial, and by how many decades its error exceeds what the others let expect.
  struct Miss {
    const Trial* trial;
    double decades;
  };

  /// \param space   pinned units are Kept; trials that lower one are left out
  /// \param trials  outlive the misses; of more than GaussianProcess::kMaxPoints the last, probes
  ///                after all others. Sketches are of one size.
  /// \returns       empty with few trials that have a sketch, without that of all kept, and without
  ///                any of a single unit
  static std::optional<ErrorVectors> fit(const Space& space, const std::vector<Trial>& trials);

  /// Expected squared errors, on the samples that sketches are of.
  std::vector<double> squared_errors(std::span<const ModelPoint> points) const;

  /// Of all trials but probes and all kept, which nothing else tells of; the last first.
  const std::vector<Miss>& misses() const { return misses_; }

 private:
  struct Fitted;
  explicit ErrorVectors(std::shared_ptr<const Fitted> fitted) : fitted_(std::move(fitted)) {}

  std::shared_ptr<const Fitted> fitted_;
  std::vector<Miss> misses_;
};

}  // namespace keel::search
