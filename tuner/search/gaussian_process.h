#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace keel::search {

/// A Gaussian process of zero mean over things of which only pairwise similarities are known.
class GaussianProcess {
 public:
  struct Value {
    double mean;
    double deviation;
  };

  /// The variance is that of the largest likelihood.
  ///
  /// \param similarity  of every pair of targets, row after row: symmetric, 1 on the diagonal
  /// \param targets     at least one, expected to scatter around zero
  /// \param nugget      variance of a repeat, as a share of the variance
  /// \returns           empty where the similarities are not positive definite
  static std::optional<GaussianProcess> fit(const std::vector<double>& similarity,
                                            const std::vector<double>& targets, double nugget);

  /// Logarithm, up to a constant that only the number of targets decides.
  double likelihood() const { return likelihood_; }

  /// Where nothing is similar.
  double deviation() const { return deviation_; }

  /// \param similarities  to each target, of one thing after another
  std::vector<Value> at(const std::vector<double>& similarities) const;

  /// A fit takes cubic time.
  static constexpr std::size_t kMaxPoints = 512;
  /// Likelihoods of so many tell which similarity to take; one fit then has all points.
  static constexpr std::size_t kMostToChoose = 160;

 private:
  std::vector<double> factor_;   ///< lower Cholesky factor of similarity + nugget, by column
  std::vector<double> weights_;  ///< (similarity + nugget)^-1 * targets
  double nugget_ = 0;
  double deviation_ = 0;
  double likelihood_ = 0;
};

}  // namespace keel::search
