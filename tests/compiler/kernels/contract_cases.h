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

/// Of the families with one implementation, and of transposed convolutions.
void add_rare_families(std::vector<ContractCase>& cases);

/// Those of contract_index.cpp: by index, along an axis, resampling.
std::vector<ContractCase> index_cases(Rng& rng);

/// Calls of every family, kind and attribute, with seeded random operands.
std::vector<ContractCase> contract_cases();

/// Those of contract_index.cpp: by index, along an axis, resampling.
std::vector<ContractCase> index_cases(Rng& rng);

}  // namespace keel::kernels
