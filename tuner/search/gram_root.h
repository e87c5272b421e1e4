#pragma once

#include <Eigen/Core>

namespace keel::search {

/// Rows whose inner products are `gram`, as many and as long as it has rows.
/// \param gram  positive semidefinite but for rounding, symmetric
Eigen::MatrixXd gram_root(const Eigen::MatrixXd& gram);

}  // namespace keel::search
