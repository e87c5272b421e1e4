#pragma once

#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// `space` with one scale and one offset for all its times, so that they predict what `trials`
/// measured. With no measured trial the space is returned as it is.
Space scaled(const Space& space, const std::vector<Trial>& trials);

/// `space` with times that predict what `trials` measured.
///
/// It is scaled(), then has a correction for each free unit (any sign) by
/// least squares with a ridge. Casts and savings keep their sign, so cuts stay exact; unit times
/// may become negative. With no measured trial the space is returned as it is.
Space calibrated(const Space& space, const std::vector<Trial>& trials);

}  // namespace keel::search
