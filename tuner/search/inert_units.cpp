#include "tuner/search/inert_units.h"

#include <algorithm>
#include <cmath>

namespace keel::search {
namespace {

bool differ_among(const Bits& units, const Bits& a, const Bits& b) {
  for (std::size_t i = 0; i < units.size(); ++i)
    if (((a[i] ^ b[i]) & ~units[i]) != 0) return false;
  return true;
}

// The estimate for a Partial trial is never negative: two that are 0 need not be the same.
bool is_comparable(const Outcome& outcome) {
  return std::isfinite(outcome.squared_error) &&
         (outcome.state == TrialState::Complete || outcome.squared_error > 0);
}

}  // namespace

InertUnits::InertUnits(const Space& space, const std::vector<Trial>& trials)
    : inert_(to_bits(Assignment(space.units.size(), 0))) {
  for (const Trial& trial : trials)
    if (is_comparable(trial.outcome))
      told_.push_back({to_bits(trial.assignment), trial.outcome.squared_error});
  Bits changing = inert_;  // something, in at least one pair of trials
  for (std::size_t i = 0; i < told_.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (hamming_distance(told_[i].bits, told_[j].bits) != 1) continue;
      Bits& units = told_[i].squared_error == told_[j].squared_error ? inert_ : changing;
      for (std::size_t w = 0; w < units.size(); ++w)
        units[w] |= told_[i].bits[w] ^ told_[j].bits[w];
    }
  for (std::size_t w = 0; w < inert_.size(); ++w) inert_[w] &= ~changing[w];
  has_any_ = std::ranges::any_of(inert_, [](std::uint64_t word) { return word != 0; });
}

std::optional<double> InertUnits::squared_error(const Assignment& x) const {
  if (!has_any_) return std::nullopt;
  const Bits bits = to_bits(x);
  const auto found = std::ranges::find_if(
      told_, [&](const Told& told) { return differ_among(inert_, told.bits, bits); });
  if (found == told_.end()) return std::nullopt;
  return found->squared_error;
}

bool InertUnits::have_same_error(const Assignment& a, const Assignment& b) const {
  return has_any_ && differ_among(inert_, to_bits(a), to_bits(b));
}

}  // namespace keel::search
