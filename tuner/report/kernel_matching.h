#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tuner/report/kernel_row.h"

namespace keel::report {

using KernelRows = std::vector<const KernelRow*>;

/// Which kernels of two variants of a model correspond: those of the same nodes, then of what is
/// left those of the same first node, else of none; equal ones in launch order. Casts that stand
/// alone, which have no nodes, correspond where their names are the same.
class KernelMatching {
 public:
  KernelMatching(const KernelRows& before, const KernelRows& after);

  /// For a kernel before its place after, where it has one; each place is taken once.
  std::optional<std::size_t> place_of(std::size_t before) const { return place_[before]; }
  bool is_taken(std::size_t after) const { return is_taken_[after]; }

 private:
  using Key = std::function<std::vector<std::string>(const KernelRow&)>;
  void match(const KernelRows& before, const KernelRows& after, const Key& key);

  std::vector<std::optional<std::size_t>> place_;
  std::vector<bool> is_taken_;
};

}  // namespace keel::report
