#pragma once

#include <cstdint>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// A made-up model whose errors add as vectors, as roundings do: what lowering a unit adds, and
/// what lowering two at once adds beside.
struct VectorModel {
  struct Together {
    UnitIndex first, second;
    std::vector<double> adds;
  };

  Space space;
  std::vector<double> kept;               ///< what all kept is wrong by
  std::vector<std::vector<double>> adds;  ///< by unit
  std::vector<Together> together = {};
  double error_bound = 1;

  /// \param has_sketch  whether the vector is told, beside its squared length
  Outcome measure(const Assignment& x, bool has_sketch = true) const;

  /// All kept, all lowered, and each unit lowered alone.
  std::vector<Trial> probed(bool has_sketch = true) const;
};

/// Over random_space: vectors of very different lengths, of which many lie along one direction.
VectorModel random_vector_model(std::uint64_t seed, std::size_t units);

}  // namespace keel::search
