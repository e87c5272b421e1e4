#pragma once

#include <optional>
#include <vector>

#include "tuner/search/similarity.h"
#include "tuner/search/strategy.h"

namespace keel::search {

/// Units whose precision changes no output, as far as told trials show: two that differ in such a
/// unit alone have the same error to the last bit. It is that way where no value is rounded, since
/// all lie on the narrower grid: of a mask, of what is only moved or selected behind a rounding.
///
/// What differs in them alone need not be evaluated to know its error.
class InertUnits {
 public:
  /// \param trials  Partial ones with their estimate: see with_probing_scaled()
  InertUnits(const Space& space, const std::vector<Trial>& trials);

  /// The squared error of a told trial from which `x` differs in inert units alone.
  std::optional<double> squared_error(const Assignment& x) const;

  /// Whether two assignments differ in inert units alone.
  bool have_same_error(const Assignment& a, const Assignment& b) const;

 private:
  struct Told {
    Bits bits;
    double squared_error;
  };

  std::vector<Told> told_;
  Bits inert_;
  bool has_any_ = false;
};

}  // namespace keel::search
