#include "tuner/search/model_state.h"

namespace keel::search {

ModelPoint model_point(const Space& space, const ErrorModel& model, Assignment x) {
  const double latency_us = predicted_latency_us(space, x);
  const double squared_error = predicted_squared_error(space, model, x);
  const int casts = predicted_casts(space, x);
  return {std::move(x), latency_us, squared_error, casts};
}

ModelState::ModelState(const Space& space, const ErrorModel& model)
    : space_(space),
      model_(model),
      tensors_of_(space.units.size()),
      pairs_of_(space.units.size()),
      lowered_consumers_(space.tensors.size(), 0) {
  for (std::uint32_t t = 0; t < space.tensors.size(); ++t) {
    const TensorLink& tensor = space.tensors[t];
    if (tensor.producer) tensors_of_[*tensor.producer].push_back(t);
    for (const UnitIndex consumer : tensor.consumers) tensors_of_[consumer].push_back(t);
  }
  for (std::uint32_t a = 0; a < space.adjacent.size(); ++a) {
    pairs_of_[space.adjacent[a].first].push_back(a);
    pairs_of_[space.adjacent[a].second].push_back(a);
  }
  reset(all_kept(space));
}

void ModelState::reset(const Assignment& x) {
  x_ = x;
  latency_us_ = predicted_latency_us(space_, x);
  squared_error_ = predicted_squared_error(space_, model_, x);
  casts_ = predicted_casts(space_, x);
  for (std::size_t t = 0; t < space_.tensors.size(); ++t) {
    lowered_consumers_[t] = 0;
    for (const UnitIndex consumer : space_.tensors[t].consumers)
      lowered_consumers_[t] += x[consumer];
  }
}

void ModelState::add_tensor(std::size_t index, int sign) {
  const TensorLink& tensor = space_.tensors[index];
  const std::uint32_t lowered = lowered_consumers_[index];
  const bool is_producer_lowered = tensor.producer && x_[*tensor.producer] != 0;
  if (is_producer_lowered) {
    if (tensor.is_output || lowered < tensor.consumers.size()) {
      latency_us_ += sign * tensor.cast_to_kept_us;
      casts_ += sign;
    }
  } else if (lowered > 0) {
    latency_us_ += sign * tensor.cast_to_lowered_us;
    casts_ += sign;
  }
  if (is_producer_lowered || lowered > 0) squared_error_ += sign * model_.tensor[index];
}

void ModelState::flip(UnitIndex unit) {
  const bool lowers = x_[unit] == 0;
  const Unit& costs = space_.units[unit];
  latency_us_ += lowers ? costs.lowered_us - costs.kept_us : costs.kept_us - costs.lowered_us;
  squared_error_ += lowers ? model_.unit[unit] : -model_.unit[unit];
  for (const std::uint32_t a : pairs_of_[unit]) {
    const Adjacency& pair = space_.adjacent[a];
    latency_us_ += x_[pair.first] == x_[pair.second] ? pair.saving_us : -pair.saving_us;
  }
  for (const std::uint32_t t : tensors_of_[unit]) add_tensor(t, -1);
  x_[unit] ^= 1;
  for (const std::uint32_t t : tensors_of_[unit]) {
    if (space_.tensors[t].producer != unit)
      lowered_consumers_[t] = lowers ? lowered_consumers_[t] + 1 : lowered_consumers_[t] - 1;
    add_tensor(t, +1);
  }
}

}  // namespace keel::search
