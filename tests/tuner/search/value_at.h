#pragma once

#include <array>

#include "tuner/search/gaussian_process.h"
#include "tuner/search/model_state.h"

namespace keel::search {

/// Of one assignment alone, of a process that is asked of many.
template <class Process>
GaussianProcess::Value value_at(const Process& process, const Assignment& x) {
  return process.at(std::array{ModelPoint{x}}).front();
}

}  // namespace keel::search
