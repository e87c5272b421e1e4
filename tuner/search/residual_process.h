#pragma once

#include <cstdint>
#include <vector>

#include "tuner/search/space.h"

namespace keel::search {

/// A Gaussian process over assignments with the kernel variance * exp(-hamming / length).
///
/// Carries what the additive model gets wrong from measured assignments to their neighbours. The
/// length maximises the likelihood over a fixed grid; the variance is its closed form there.
class ResidualProcess {
 public:
  struct Value {
    double mean;
    double deviation;
  };

  /// \param assignments  at most kMaxPoints, of equal size
  /// \param residuals    one each, expected to scatter around zero
  ResidualProcess(const std::vector<Assignment>& assignments, const std::vector<double>& residuals);

  Value at(const Assignment& x) const;

  /// A fit takes cubic time: 512 points take 20 ms.
  static constexpr std::size_t kMaxPoints = 512;

 private:
  using Bits = std::vector<std::uint64_t>;

  std::vector<Bits> points_;
  std::vector<double> factor_;   ///< lower Cholesky factor of the kernel at variance 1, by column
  std::vector<double> weights_;  ///< kernel^-1 * residuals
  double length_ = 1;
  double deviation_;
};

}  // namespace keel::search
