#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace keel::accuracy {

/// Which samples serve which purpose; indices into Dataset::samples, each list sorted.
///
/// 24 samples or more: half to rank, a quarter to validate, a quarter hold-out. 8 to 23: half to
/// rank and validate (the same samples), half hold-out. Fewer: all rank and validate, no hold-out,
/// and the result is marked unvalidated.
struct Split {
  std::vector<std::size_t> ranking;
  std::vector<std::size_t> validation;
  std::vector<std::size_t> hold_out;
};

/// Drawn by a seeded shuffle, the same for the same count and seed on every machine.
Split split_samples(std::size_t count, std::uint64_t seed);

}  // namespace keel::accuracy
