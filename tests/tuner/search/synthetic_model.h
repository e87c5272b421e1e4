#pragma once

#include <cstdint>
#include <vector>

#include "tuner/search/error_model.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// A made-up model with a known truth: what a strategy would measure on a device.
struct SyntheticModel {
  Space space;
  ErrorModel truth;
  /// Lowering both changes the squared error by this factor of their sum.
  struct Interaction {
    UnitIndex first;
    UnitIndex second;
    double strength;
  };
  std::vector<Interaction> interactions;
  std::vector<std::uint8_t> is_cliff;       ///< lowering it gives a wrong or non-finite output
  std::vector<std::uint8_t> is_non_finite;  ///< which of the two
  std::vector<double> hidden_us;            ///< time of a lowered unit the space knows nothing of
  double error_bound = 0;                   ///< the one requirement, on the relative error

  Outcome measure(const Assignment& x) const;
};

/// Units in a chain with skips, casts and adjacency savings; a tenth of them suspect.
Space random_space(std::uint64_t seed, std::size_t units);

/// Coefficients over four decades, some tensor terms.
ErrorModel random_error_model(const Space& space, std::uint64_t seed);

/// The truth over random_space: additive, pairwise interactions, saturation, two cliffs, and
/// latencies that the space predicts only to a few percent.
SyntheticModel random_model(std::uint64_t seed, std::size_t units);

/// Every assignment of the free units, fixed ones at their bit. \pre at most 16 free units
std::vector<Assignment> every_assignment(const Space& space);

}  // namespace keel::search
