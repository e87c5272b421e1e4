#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/report/program_listing.h"

namespace keel::report {

/// A node whose dtype differs.
struct NodeChange {
  ProgramMember before, after;  ///< of the same name and type
};

enum class KernelFate : std::uint8_t { Appears, Vanishes, Changes };
std::string_view name(KernelFate fate);

/// A kernel that is in one program only, or differs in class, dtypes or members.
struct KernelChange {
  KernelFate fate = KernelFate::Changes;
  std::optional<KernelRow> before, after;
};

/// What one program has and another has not. Both are variants of one model.
struct ProgramDiff {
  std::string before, after;  ///< ProgramListing::variant
  std::optional<double> before_us, after_us;
  std::vector<NodeChange> nodes;      ///< in launch order of the program before
  std::vector<KernelChange> kernels;  ///< in launch order; casts that stand alone are in `casts_`
  std::vector<ProgramCast> casts_added, casts_removed;

  bool is_empty() const;
};

/// Kernels correspond where their nodes are the same, else where their first node is; casts where
/// tensor and dtypes are the same.
ProgramDiff diff(const ProgramListing& before, const ProgramListing& after);

/// Which of its properties a kernel changes, "in f16 -> f32; nodes - relu_1 + exp_1".
/// \pre change.fate is Changes
std::string what_changes(const KernelChange& change);

/// Variants and predicted time before and after, then a section for nodes, kernels and casts each,
/// or "no difference"; no line is longer than 120 columns where names are ASCII.
std::string diff_table(const ProgramDiff& diff);
/// An object: `differs`, before, after, nodes, kernels, casts_added, casts_removed.
std::string diff_json(const ProgramDiff& diff);

}  // namespace keel::report
