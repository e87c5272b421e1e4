#include "tuner/search/error_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "tuner/search/group_probing.h"

namespace keel::search {
namespace {

// Weight of one coefficient's relative departure from its prior, against one trial's relative
// residual of the same size: low, because probes are repeatable.
constexpr double kRidge = 0.01;
// Weights come from the model before: the first pass has only the priors.
constexpr int kPasses = 2;
constexpr int kMaxSweeps = 60;
constexpr double kSweepTolerance = 1e-6;  // of a coefficient, relative to its scale
// Of the error of all kept, at least this much remains whatever is lowered: a prediction far below
// what was ever measured would be believed.
constexpr double kLeastBase = 0.1;

bool touches_lowered(const TensorLink& tensor, const Assignment& x) {
  return (tensor.producer && x[*tensor.producer] != 0) ||
         std::any_of(tensor.consumers.begin(), tensor.consumers.end(),
                     [&](UnitIndex consumer) { return x[consumer] != 0; });
}

double median_or(std::vector<double> values, double fallback) {
  if (values.empty()) return fallback;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// How much more lowering a unit adds than an earlier study says: the median ratio of those that
/// were probed again; 1 where none was.
double earlier_scale(const Space& space, const std::vector<std::optional<double>>& measured) {
  std::vector<double> ratios;
  for (std::size_t u = 0; u < measured.size(); ++u)
    if (const std::optional<double>& earlier = space.units[u].earlier_squared_error;
        earlier && *earlier > kNoiseFloor && measured[u] && *measured[u] > kNoiseFloor)
      ratios.push_back(*measured[u] / *earlier);
  return median_or(std::move(ratios), 1);
}

/// To units that no probe lowered alone, an equal part of what one of several adds beyond those of
/// them that are known.
void add_shares(const Space& space, const std::vector<Trial>& trials, double base,
                std::vector<std::optional<double>>& prior) {
  for (const ProbedGroup& group : probed_groups(space, trials)) {
    const Trial& trial = trials[group.trial];
    if (!is_fit_for_model(space, trial)) continue;
    double added = trial.outcome.squared_error - base;
    std::vector<UnitIndex> unknown;
    for (const UnitIndex unit : group.units) {
      if (prior[unit])
        added -= std::max(0.0, *prior[unit]);
      else
        unknown.push_back(unit);
    }
    for (const UnitIndex unit : unknown)
      prior[unit] = std::max(0.0, added) / static_cast<double>(unknown.size());
  }
}

/// What each unit's lowering adds alone; negative where its probe has less error than all kept.
std::vector<double> unit_priors(const Space& space, const std::vector<Trial>& all,
                                const std::vector<const Trial*>& trials, double base) {
  double largest = 0;
  std::vector<std::optional<double>> lone(space.units.size());
  const Assignment kept = all_kept(space);
  for (const Trial* trial : trials) {
    const double error = trial->outcome.squared_error - base;
    largest = std::max(largest, error);
    if (const std::optional<UnitIndex> unit = only_lowered(space, trial->assignment, kept))
      lone[*unit] = error;
  }
  std::vector<std::optional<double>> prior(space.units.size());
  std::vector<double> known;
  for (std::size_t u = 0; u < lone.size(); ++u) {
    if (!lone[u]) continue;
    // The probe of a follower has the error of those it follows in it.
    const std::optional<UnitIndex> leader = space.units[u].follows;
    prior[u] = *lone[u] - (leader ? lone[*leader].value_or(0.0) : 0.0);
    known.push_back(std::max(0.0, *prior[u]));
  }
  const double scale = earlier_scale(space, prior);
  add_shares(space, all, base, prior);
  const double unprobed = median_or(std::move(known), largest / double(prior.size() + 1));
  const auto of_unit = [&](std::size_t u) {
    if (space.units[u].state != UnitState::Free) return 0.0;
    if (prior[u]) return *prior[u];
    const std::optional<double>& earlier = space.units[u].earlier_squared_error;
    return earlier ? scale * *earlier : unprobed;
  };
  std::vector<double> result;
  for (std::size_t u = 0; u < prior.size(); ++u) result.push_back(of_unit(u));
  return result;
}

/// `model` with what lowering takes away scaled down until kLeastBase of the base is left: what
/// probes take away alone, they do not take away together.
ErrorModel with_positive_total(ErrorModel model) {
  double taken = 0;
  for (const double theta : model.unit) taken -= std::min(theta, 0.0);
  const double most = (1 - kLeastBase) * model.base;
  if (taken > most)
    for (double& theta : model.unit)
      if (theta < 0) theta *= most / taken;
  return model;
}

/// Upper bound of each tensor's term: no larger than any probe that includes it. 0 where the term
/// is constant, or the same as a unit's own.
std::vector<double> tensor_scales(const Space& space, const std::vector<double>& prior) {
  std::vector<double> scales;
  for (const TensorLink& tensor : space.tensors) {
    double least = std::numeric_limits<double>::infinity();
    int free_units = 0;
    bool is_constant = false;
    const auto visit = [&](UnitIndex unit) {
      is_constant |= space.units[unit].state == UnitState::Lowered;
      if (space.units[unit].state != UnitState::Free) return;
      ++free_units;
      least = std::min(least, std::max(0.0, prior[unit]));
    };
    if (tensor.producer) visit(*tensor.producer);
    for (const UnitIndex consumer : tensor.consumers) visit(consumer);
    scales.push_back(is_constant || free_units < 2 ? 0.0 : least);
  }
  return scales;
}

/// One coefficient in units of its scale, and the trials it shows in.
struct Column {
  bool is_tensor;
  std::size_t index;  ///< of the unit or tensor
  double scale;       ///< negative: of a unit whose lowering takes error away
  double prior;       ///< of value
  double value;
  std::vector<std::uint32_t> trials;
};

std::vector<Column> make_columns(const Space& space, const ErrorModel& prior,
                                 const std::vector<const Trial*>& trials) {
  std::vector<Column> columns;
  const auto add = [&](Column column, const auto& is_active) {
    if (column.scale == 0) return;
    for (std::uint32_t i = 0; i < trials.size(); ++i)
      if (is_active(trials[i]->assignment)) column.trials.push_back(i);
    columns.push_back(std::move(column));
  };
  for (std::size_t u = 0; u < space.units.size(); ++u)
    add({false, u, prior.unit[u], 1, 1, {}}, [u](const Assignment& x) { return x[u] != 0; });
  const std::vector<double> scales = tensor_scales(space, prior.unit);
  for (std::size_t t = 0; t < space.tensors.size(); ++t)
    add({true, t, scales[t], 0, 0, {}},
        [&, t](const Assignment& x) { return touches_lowered(space.tensors[t], x); });
  return columns;
}

struct Row {
  double weight;
  double residual;  ///< weighted
};

// A saturated error is far below its sum: weighting by the larger of both keeps one such trial from
// outvoting the probes.
std::vector<Row> make_rows(const Space& space, const ErrorModel& model,
                           const std::vector<const Trial*>& trials) {
  std::vector<Row> rows;
  for (const Trial* trial : trials) {
    const double measured = trial->outcome.squared_error;
    const double predicted = predicted_squared_error(space, model, trial->assignment);
    const double weight = 1 / std::max({measured, predicted, kNoiseFloor});
    rows.push_back({weight, (measured - predicted) * weight});
  }
  return rows;
}

/// min sum_i residual_i^2 + ridge * sum_j (value_j - prior_j)^2, value >= 0.
void descend(std::vector<Column>& columns, std::vector<Row>& rows) {
  for (int sweep = 0; sweep < kMaxSweeps; ++sweep) {
    double largest_step = 0;
    for (Column& column : columns) {
      double slope = kRidge * (column.prior - column.value);
      double curvature = kRidge;
      for (const std::uint32_t i : column.trials) {
        const double effect = rows[i].weight * column.scale;
        slope += effect * rows[i].residual;
        curvature += effect * effect;
      }
      const double value = std::max(0.0, column.value + slope / curvature);
      const double step = value - column.value;
      if (step == 0) continue;
      column.value = value;
      for (const std::uint32_t i : column.trials)
        rows[i].residual -= rows[i].weight * column.scale * step;
      largest_step = std::max(largest_step, std::abs(step));
    }
    if (largest_step < kSweepTolerance) return;
  }
}

}  // namespace

double predicted_squared_error(const Space& space, const ErrorModel& model, const Assignment& x) {
  double total = model.base;
  for (std::size_t u = 0; u < x.size(); ++u)
    if (x[u] != 0) total += model.unit[u];
  for (std::size_t t = 0; t < space.tensors.size(); ++t)
    if (model.tensor[t] > 0 && touches_lowered(space.tensors[t], x)) total += model.tensor[t];
  return total;
}

bool is_fit_for_model(const Space& space, const Trial& trial) {
  const TrialState state = trial.outcome.state;
  return (state == TrialState::Complete || state == TrialState::Partial) &&
         std::isfinite(trial.outcome.squared_error) &&
         with_fixed_units(space, trial.assignment) == trial.assignment;
}

ErrorModel fit_error_model(const Space& space, const std::vector<Trial>& trials) {
  std::vector<const Trial*> usable;
  ErrorModel model;
  const Assignment kept = all_kept(space);
  for (const Trial& trial : trials) {
    if (!is_fit_for_model(space, trial)) continue;
    usable.push_back(&trial);
    if (trial.assignment == kept) model.base = trial.outcome.squared_error;
  }
  model.unit = unit_priors(space, trials, usable, model.base);
  model = with_positive_total(std::move(model));
  model.tensor.assign(space.tensors.size(), 0.0);
  std::vector<Column> columns = make_columns(space, model, usable);
  for (int pass = 0; pass < kPasses; ++pass) {
    std::vector<Row> rows = make_rows(space, model, usable);
    descend(columns, rows);
    for (const Column& column : columns) {
      std::vector<double>& thetas = column.is_tensor ? model.tensor : model.unit;
      thetas[column.index] = column.scale * column.value;
    }
    model = with_positive_total(std::move(model));
  }
  return model;
}

}  // namespace keel::search
