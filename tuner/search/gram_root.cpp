#include "tuner/search/gram_root.h"

#include <Eigen/Cholesky>

namespace keel::search {

Eigen::MatrixXd gram_root(const Eigen::MatrixXd& gram) {
  const Eigen::LDLT<Eigen::MatrixXd> factored(gram);
  const Eigen::MatrixXd lower = factored.matrixL();
  const Eigen::VectorXd lengths = factored.vectorD().cwiseMax(0).cwiseSqrt();
  const Eigen::MatrixXd rows = lower * lengths.asDiagonal();
  return factored.transpositionsP().transpose() * rows;
}

}  // namespace keel::search
