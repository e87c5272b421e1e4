#include "tuner/search/residual_process.h"

#include <algorithm>
#include <cmath>

#include "compiler/base/check.h"

namespace keel::search {
namespace {

// Repeats agree to about 1 %, relative to the spread of residuals.
constexpr double kNugget = 1e-2;
// What has its error in common differs by less than that.
constexpr double kSharedNugget = 1e-3;
// In decades of error. A few lucky residuals must not make the process certain of everything.
constexpr double kLeastDeviation = 0.03;
constexpr double kUnfittedDeviation = 0.15;
constexpr std::size_t kFewestPoints = 4;
// Lengths tried, as fractions of the number of units.
constexpr double kLengthFractions[] = {1.0 / 16, 1.0 / 8, 1.0 / 4, 1.0 / 2, 1.0};
// Powers of the error in common: products of two roundings, and of four.
constexpr double kPowers[] = {1, 2};
// Lengths tried, as ratios of the error.
constexpr double kErrorRatios[] = {0.2, 1, 3};

}  // namespace

ResidualProcess::Point ResidualProcess::point_of(const Assignment& x) const {
  return {to_bits(x), shared_ ? shared_->of(x) : SharedError::Parts()};
}

double ResidualProcess::compare(Form::Kind kind, const Point& a, const Point& b) const {
  switch (kind) {
    case Form::Kind::Units:
      return hamming_distance(a.bits, b.bits);
    case Form::Kind::Errors:
      return shared_->distance(a.parts, b.parts);
    case Form::Kind::Common:
      return shared_->correlation(a.parts, b.parts);
  }
  KEEL_CHECK(false && "a Form::Kind outside its enumeration");
}

double ResidualProcess::similarity(const Form& form, double compared) {
  return form.kind == Form::Kind::Common ? std::pow(compared, form.scale)
                                         : std::exp(-compared / form.scale);
}

std::vector<ResidualProcess::Form> ResidualProcess::forms(std::size_t units) const {
  using enum Form::Kind;
  std::vector<Form> grid;
  for (const double fraction : kLengthFractions)
    grid.push_back({Units, std::max(1.0, fraction * static_cast<double>(units)), kNugget});
  if (!shared_) return grid;
  constexpr double kNuggets[] = {kNugget, kSharedNugget};
  for (const double nugget : kNuggets)
    for (const double ratio : kErrorRatios) grid.push_back({Errors, ratio, nugget});
  for (const double nugget : kNuggets)
    for (const double power : kPowers) grid.push_back({Common, power, nugget});
  return grid;
}

ResidualProcess::ResidualProcess(const std::vector<Assignment>& assignments,
                                 const std::vector<double>& residuals,
                                 std::optional<SharedError> shared)
    : shared_(std::move(shared)) {
  KEEL_CHECK(assignments.size() == residuals.size() &&
             assignments.size() <= GaussianProcess::kMaxPoints);
  if (assignments.size() < kFewestPoints) return;
  for (const Assignment& x : assignments) points_.push_back(point_of(x));
  choose_form(residuals, assignments[0].size());
  if (!process_ || points_.size() <= GaussianProcess::kMostToChoose) return;
  std::vector<double> matrix = compared_points(form_.kind, points_.size());
  for (double& value : matrix) value = similarity(form_, value);
  if (std::optional<GaussianProcess> whole = GaussianProcess::fit(matrix, residuals, form_.nugget))
    process_ = std::move(whole);
  else
    points_.resize(GaussianProcess::kMostToChoose);
}

void ResidualProcess::choose_form(const std::vector<double>& residuals, std::size_t units) {
  const std::size_t count = std::min(points_.size(), GaussianProcess::kMostToChoose);
  const std::vector<double> targets(residuals.begin(),
                                    residuals.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<double> compared, matrix(count * count);
  std::optional<Form::Kind> kind;  // of `compared`
  for (const Form& form : forms(units)) {
    if (kind != form.kind) compared = compared_points(form.kind, count);
    kind = form.kind;
    std::ranges::transform(compared, matrix.begin(),
                           [&](double value) { return similarity(form, value); });
    std::optional<GaussianProcess> process = GaussianProcess::fit(matrix, targets, form.nugget);
    if (!process || (process_ && process->likelihood() <= process_->likelihood())) continue;
    process_ = std::move(process);
    form_ = form;
  }
}

// Of the first `count`, every pair.
std::vector<double> ResidualProcess::compared_points(Form::Kind kind, std::size_t count) const {
  std::vector<double> compared(count * count);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = 0; j <= i; ++j)
      compared[i * count + j] = compared[j * count + i] = compare(kind, points_[i], points_[j]);
  return compared;
}

std::vector<ResidualProcess::Value> ResidualProcess::at(std::span<const ModelPoint> points) const {
  if (!process_) return std::vector<Value>(points.size(), {0, kUnfittedDeviation});
  std::vector<double> near;
  near.reserve(points_.size() * points.size());
  for (const ModelPoint& other : points) {
    const Point compared = point_of(other.assignment);
    for (const Point& point : points_)
      near.push_back(similarity(form_, compare(form_.kind, point, compared)));
  }
  std::vector<Value> values = process_->at(near);
  // The floor is that of the process: the share of it that remains is the process's to say.
  const double floor = std::max(1.0, kLeastDeviation / std::max(process_->deviation(), 1e-12));
  for (Value& value : values) value.deviation *= floor;
  return values;
}

}  // namespace keel::search
