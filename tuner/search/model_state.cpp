#include "tuner/search/model_state.h"

namespace keel::search {

ModelPoint model_point(const Space& space, const ErrorModel& model, Assignment x) {
  const double latency_us = predicted_latency_us(space, x);
  const double squared_error = predicted_squared_error(space, model, x);
  const int casts = predicted_casts(space, x);
  return {std::move(x), latency_us, squared_error, casts};
}

ModelState::ModelState(const Space& space, const ErrorModel& model)
    : space_(space), model_(model), tensors_of_(space.units.size()), pairs_of_(space.units.size()) {
  for (std::uint32_t t = 0; t < space.tensors.size(); ++t) {
    const TensorLink& link = space.tensors[t];
    const auto consumers = static_cast<std::uint32_t>(link.consumers.size());
    tensors_.push_back({{link.cast_to_lowered_us, link.cast_to_kept_us},
                        model.tensor[t],
                        link.is_output ? consumers + 1 : consumers});
    if (link.producer) tensors_of_[*link.producer].push_back({t, true});
    for (const UnitIndex consumer : link.consumers) tensors_of_[consumer].push_back({t, false});
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
    const TensorLink& link = space_.tensors[t];
    tensors_[t].producer = link.producer ? x[*link.producer] : std::uint8_t{0};
    tensors_[t].lowered_consumers = 0;
    for (const UnitIndex consumer : link.consumers) tensors_[t].lowered_consumers += x[consumer];
  }
}

void ModelState::flip(UnitIndex unit) {
  const bool lowers = x_[unit] == 0;
  const Unit& costs = space_.units[unit];
  // Sums that stay in registers.
  double latency_us = latency_us_;
  double squared_error = squared_error_;
  int casts = casts_;
  const auto add = [&](const Tensor& tensor, int sign) {
    const bool is_any_lowered = tensor.lowered_consumers > 0;
    const bool is_any_kept = tensor.lowered_consumers < tensor.consumers;
    const bool is_produced_lowered = tensor.producer != 0;
    const bool needs_cast = is_produced_lowered ? is_any_kept : is_any_lowered;
    latency_us += needs_cast ? sign * tensor.cast_us[tensor.producer] : 0.0;
    casts += needs_cast ? sign : 0;
    squared_error += is_produced_lowered || is_any_lowered ? sign * tensor.squared_error : 0.0;
  };
  latency_us += lowers ? costs.lowered_us - costs.kept_us : costs.kept_us - costs.lowered_us;
  squared_error += lowers ? model_.unit[unit] : -model_.unit[unit];
  for (const std::uint32_t a : pairs_of_[unit]) {
    const Adjacency& pair = space_.adjacent[a];
    latency_us += x_[pair.first] == x_[pair.second] ? pair.saving_us : -pair.saving_us;
  }
  for (const TensorOfUnit& of_unit : tensors_of_[unit]) add(tensors_[of_unit.tensor], -1);
  x_[unit] ^= 1;
  for (const TensorOfUnit& of_unit : tensors_of_[unit]) {
    Tensor& tensor = tensors_[of_unit.tensor];
    if (of_unit.is_produced)
      tensor.producer = x_[unit];
    else
      tensor.lowered_consumers += lowers ? 1U : ~0U;
    add(tensor, +1);
  }
  latency_us_ = latency_us;
  squared_error_ = squared_error;
  casts_ = casts;
}

}  // namespace keel::search
