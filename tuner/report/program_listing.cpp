#include "tuner/report/program_listing.h"

#include <fmt/format.h>

namespace keel::report {
namespace {

constexpr std::size_t kConsumersTold = 2;

std::string text(const CastEnd& end) { return "'" + end.name + "' " + end.state; }

}  // namespace

std::string reason(const ProgramCast& cast) {
  std::string told = fmt::format("cast {} -> {}: {}", cast.from, cast.to, text(cast.producer));
  for (std::size_t i = 0; i < cast.consumers.size() && i < kConsumersTold; ++i)
    told += ", " + text(cast.consumers[i]);
  if (cast.consumers.size() > kConsumersTold)
    told += fmt::format(" and {} more", cast.consumers.size() - kConsumersTold);
  return told;
}

std::string reason(const ProgramRelayout& relayout) {
  const auto text = [](const std::array<std::int64_t, 2>& extents) {
    return fmt::format("{} x {}", extents[0], extents[1]);
  };
  if (relayout.is_result)
    return fmt::format(
        "layout: {} is cut from {} to {} after the product, which gives whole blocks",
        relayout.tensor, text(relayout.blocks), text(relayout.extents));
  return fmt::format(
      "layout: {} is padded from {} to {} before the product, which takes whole blocks",
      relayout.tensor, text(relayout.extents), text(relayout.blocks));
}

ProgramCounts count(const ProgramListing& program) {
  ProgramCounts counts;
  for (const ProgramKernel& kernel : program.kernels) {
    if (kernel.row.kernel_class != "none") ++counts.launches;
    counts.casts += kernel.casts.size();
    if (kernel.row.kernel_class == "cast" && kernel.members.empty()) ++counts.cast_kernels;
  }
  return counts;
}

}  // namespace keel::report
