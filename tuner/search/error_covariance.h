#pragma once

#include <Eigen/Core>
#include <optional>
#include <utility>

namespace keel::search {

/// Covariance between assignments, as rows of bits, of each component of their errors, up to a
/// factor.
///
/// A share is what all kept is wrong by; one falls with what two assignments differ in, for what
/// roundings do to each other; one is each unit's that both lower, half of it as long as little
/// else differs. What is by chance is another in every assignment, and has variance alone.
class ErrorCovariance {
 public:
  /// How far roundings reach, and how much is by chance: by likelihood on a small grid, of the
  /// first GaussianProcess::kMostToChoose rows.
  ///
  /// \param adds      squared lengths of what the units of a row add to the error; not all zero
  /// \param rows      of told trials
  /// \param products  inner products of their errors
  /// \returns         empty where no covariance is positive definite
  static std::optional<ErrorCovariance> most_likely(const Eigen::VectorXd& adds,
                                                    const Eigen::MatrixXd& rows,
                                                    const Eigen::MatrixXd& products);

  Eigen::MatrixXd between(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) const;

  /// Of each pair of rows, with what is by chance on the diagonal.
  Eigen::MatrixXd of(const Eigen::MatrixXd& rows) const;

  /// Of each row, with what is by chance.
  Eigen::VectorXd variances(const Eigen::MatrixXd& rows) const;

  /// Of each row, what is by chance.
  Eigen::VectorXd chances(const Eigen::MatrixXd& rows) const;

 private:
  struct Shares {
    Eigen::VectorXd adds;     ///< of a unit, of what all add
    Eigen::VectorXd changes;  ///< of a unit, of what all change in the roundings of others
  };
  struct Form {
    double length;  ///< of what differs, as a share of all changes: then roundings are others
    double chance;  ///< of what a unit adds: is another in every assignment
  };
  struct Pairs {
    Eigen::ArrayXXd differing;  ///< share of the changes of units that differ
    Eigen::ArrayXXd common;     ///< share of what units add that both lower
  };

  ErrorCovariance(Shares shares, Form form) : shares_(std::move(shares)), form_(form) {}

  static Pairs pairs(const Shares& shares, const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
  Eigen::MatrixXd between(const Pairs& pairs) const;
  double likelihood(const Eigen::MatrixXd& rows, const Pairs& pairs,
                    const Eigen::MatrixXd& errors) const;

  Shares shares_;
  Form form_;
};

}  // namespace keel::search
