#pragma once

#include <vector>

#include "tuner/search/error_model.h"
#include "tuner/search/space.h"

namespace keel::search {

/// An assignment and what the model says of it.
struct ModelPoint {
  Assignment assignment;
  double latency_us = 0;
  double squared_error = 0;
  int casts = 0;
};

ModelPoint model_point(const Space& space, const ErrorModel& model, Assignment x);

/// A ModelPoint that one flip changes in the time of that unit's tensors, not of the model.
///
/// Keeps references: space and model must outlive it.
class ModelState {
 public:
  ModelState(const Space& space, const ErrorModel& model);

  void reset(const Assignment& x);
  void flip(UnitIndex unit);

  const Assignment& assignment() const { return x_; }
  double latency_us() const { return latency_us_; }
  double squared_error() const { return squared_error_; }
  int casts() const { return casts_; }

  ModelPoint point() const { return {x_, latency_us_, squared_error_, casts_}; }

  /// Flips `units`, lets `look` see the state, and takes the flips back without rounding drift.
  template <class Units, class Look>
  void with_flips(const Units& units, const Look& look) {
    const double latency_us = latency_us_;
    const double squared_error = squared_error_;
    for (const UnitIndex unit : units) flip(unit);
    look();
    for (const UnitIndex unit : units) flip(unit);
    latency_us_ = latency_us;
    squared_error_ = squared_error;
  }

 private:
  /// What a tensor adds by its state.
  struct Tensor {
    double cast_us[2];  ///< of a kept producer, and of a lowered one
    double squared_error;
    std::uint32_t consumers;  ///< the graph's own is one that is never lowered
    std::uint32_t lowered_consumers = 0;
    std::uint8_t producer = 0;  ///< its bit
  };
  struct TensorOfUnit {
    std::uint32_t tensor;
    bool is_produced;
  };

  const Space& space_;
  const ErrorModel& model_;
  std::vector<Tensor> tensors_;
  std::vector<std::vector<TensorOfUnit>> tensors_of_;
  std::vector<std::vector<std::uint32_t>> pairs_of_;  ///< adjacencies of each unit
  Assignment x_;
  double latency_us_ = 0;
  double squared_error_ = 0;
  int casts_ = 0;
};

}  // namespace keel::search
