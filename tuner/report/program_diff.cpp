#include "tuner/report/program_diff.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "compiler/base/check.h"
#include "tuner/report/kernel_matching.h"

namespace keel::report {
namespace {

// Kernels with nodes of the model: casts that stand alone are compared as casts.
KernelRows node_kernels(const ProgramListing& program) {
  KernelRows rows;
  for (const ProgramKernel& kernel : program.kernels)
    if (!kernel.row.nodes.empty()) rows.push_back(&kernel.row);
  return rows;
}

bool differ(const KernelRow& a, const KernelRow& b) {
  const auto shown = [](const KernelRow& row) {
    return std::tie(row.kernel_class, row.compute, row.dtypes_in, row.dtypes_out, row.nodes);
  };
  return shown(a) != shown(b);
}

std::vector<KernelChange> compare_kernels(const ProgramListing& before,
                                          const ProgramListing& after) {
  const KernelRows rows_before = node_kernels(before);
  const KernelRows rows_after = node_kernels(after);
  const KernelMatching matching(rows_before, rows_after);
  std::vector<KernelChange> changes;
  for (std::size_t k = 0; k < rows_before.size(); ++k) {
    const std::optional<std::size_t> place = matching.place_of(k);
    if (!place) {
      changes.push_back({KernelFate::Vanishes, *rows_before[k], std::nullopt});
    } else if (differ(*rows_before[k], *rows_after[*place])) {
      changes.push_back({KernelFate::Changes, *rows_before[k], *rows_after[*place]});
    }
  }
  for (std::size_t k = 0; k < rows_after.size(); ++k)
    if (!matching.is_taken(k))
      changes.push_back({KernelFate::Appears, std::nullopt, *rows_after[k]});
  return changes;
}

std::vector<NodeChange> compare_nodes(const ProgramListing& before, const ProgramListing& after) {
  std::map<std::string, const ProgramMember*> members_after;
  for (const ProgramKernel& kernel : after.kernels)
    for (const ProgramMember& member : kernel.members) members_after[member.node] = &member;
  std::vector<NodeChange> changes;
  std::set<std::string> seen;  // a node of the file may be several of the program
  for (const ProgramKernel& kernel : before.kernels)
    for (const ProgramMember& member : kernel.members) {
      const auto found = members_after.find(member.node);
      if (found == members_after.end() || found->second->dtype == member.dtype) continue;
      if (seen.insert(member.node).second) changes.push_back({member, *found->second});
    }
  return changes;
}

std::vector<ProgramCast> casts_only_in(const ProgramListing& program, const ProgramListing& other) {
  const auto key = [](const ProgramCast& cast) {
    return std::tie(cast.tensor, cast.from, cast.to);
  };
  std::set<std::tuple<std::string, std::string, std::string>> known;
  for (const ProgramKernel& kernel : other.kernels)
    for (const ProgramCast& cast : kernel.casts) known.insert(key(cast));
  std::vector<ProgramCast> casts;
  for (const ProgramKernel& kernel : program.kernels)
    for (const ProgramCast& cast : kernel.casts)
      if (!known.contains(key(cast))) casts.push_back(cast);
  return casts;
}

}  // namespace

std::string_view name(KernelFate fate) {
  switch (fate) {
    case KernelFate::Appears:
      return "appears";
    case KernelFate::Vanishes:
      return "vanishes";
    case KernelFate::Changes:
      return "changes";
  }
  KEEL_CHECK(false && "a KernelFate outside its enumeration");
  return {};
}

bool ProgramDiff::is_empty() const {
  return nodes.empty() && kernels.empty() && casts_added.empty() && casts_removed.empty();
}

ProgramDiff diff(const ProgramListing& before, const ProgramListing& after) {
  return {.before = before.variant,
          .after = after.variant,
          .before_us = before.latency_us,
          .after_us = after.latency_us,
          .nodes = compare_nodes(before, after),
          .kernels = compare_kernels(before, after),
          .casts_added = casts_only_in(after, before),
          .casts_removed = casts_only_in(before, after)};
}

}  // namespace keel::report
