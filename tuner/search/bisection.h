#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace keel::search {

/// Looks between a number that is bad and a larger one that is good for two neighbours of which
/// that holds.
class Bisection {
 public:
  /// \pre bad < good
  Bisection(std::size_t bad, std::size_t good) : bad_(bad), good_(good) {}

  /// The number to try next; empty when good() and the one below it are known.
  std::optional<std::size_t> next() const {
    if (good_ - bad_ <= 1) return std::nullopt;
    return bad_ + (good_ - bad_) / 2;
  }

  /// Says what next() turned out to be. \pre next() has a value
  void tell(bool is_good) { (is_good ? good_ : bad_) = *next(); }

  std::size_t good() const { return good_; }

 private:
  std::size_t bad_;
  std::size_t good_;
};

/// 1 .. count - 1, each the middle of what the ones before leave open: any first part of it is
/// spread evenly.
std::vector<std::size_t> coarse_to_fine(std::size_t count);

}  // namespace keel::search
