#include "tuner/search/rivals.h"

namespace keel::search {

void offer_best(Aim aim, FrontPoint point, Rivals& rivals) {
  const auto value = [&](const FrontPoint& each) {
    return aim == Aim::Latency ? each.latency_us : each.log_error;
  };
  if (!rivals.best || value(point) < value(*rivals.best)) rivals.best = point;
}

}  // namespace keel::search
