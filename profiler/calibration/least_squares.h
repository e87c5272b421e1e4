#pragma once

#include <functional>
#include <vector>

namespace keel::calibration {

using Numbers = std::vector<double>;

/// A symmetric positive definite system a x = b by Cholesky's method; `a` by rows.
Numbers solve(std::vector<Numbers> a, Numbers b);

/// The x near `start` whose residuals have the smallest sum of squares, by Levenberg and Marquardt
/// with a numerical Jacobian. Deterministic: no random start, equal inputs give equal bytes.
///
/// \param residuals   of any length that does not depend on x
/// \param iterations  at most so many steps
Numbers least_squares(const std::function<Numbers(const Numbers&)>& residuals, Numbers start,
                      int iterations);

}  // namespace keel::calibration
