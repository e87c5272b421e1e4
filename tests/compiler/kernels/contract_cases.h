#pragma once

#include <string>
#include <vector>

#include "tests/compiler/kernels/owned_call.h"

namespace keel::kernels {

/// How far a fast kernel may be from the reference.
struct Tolerance {
  double ulps = 0;        ///< units in the last place of each element
  double of_largest = 0;  ///< or this part of the largest finite magnitude of the output
};

struct ContractCase {
  std::string name;
  OwnedCall call;
  Tolerance tolerance;
};

/// Multiples of 1/4 in [-1, 1]: sums of their products are exact in any order.
Tensor quarters(Rng& rng, const Shape& shape);

/// The cases of contract_compute.cpp: transposed convolutions, GRU and RNN, contractions, losses,
/// norms by channel, quantised operators and signals.
void add_compute_cases(std::vector<ContractCase>& cases, Rng& rng);

/// Those of contract_index.cpp: by index, along an axis, resampling.
std::vector<ContractCase> index_cases(Rng& rng);

/// Calls of every family, kind and attribute, with seeded random operands.
std::vector<ContractCase> contract_cases();

}  // namespace keel::kernels
