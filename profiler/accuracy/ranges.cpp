#include "profiler/accuracy/ranges.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <tuple>

#include "compiler/base/check.h"

namespace keel::accuracy {
namespace {

// What round_to() makes of a magnitude: ties go to even, which at the top is the power of two that
// does not exist and at the bottom is zero, so both borders belong to the loss.
struct Borders {
  double overflow;   ///< magnitudes from here on round beyond the largest finite
  double underflow;  ///< magnitudes up to here round to 0
};

Borders borders_of(DType lowered) {
  KEEL_CHECK(is_tunable_float(lowered));
  if (lowered == DType::F16) return {65520.0, 0x1p-25};
  if (lowered == DType::BF16) return {0x1.ffp127, 0x1p-134};
  return {0x1.ffffffp127, 0x1p-150};
}

// A constant trip count, so that the loop below vectorises without a scalar remainder.
constexpr std::size_t kBlock = 4096;

// What a block of floats holds, as the integers that magnitudes are: they order as the floats do.
struct BlockFindings {
  std::int32_t largest = 0;
  std::uint32_t smallest_less_one = UINT32_MAX;  ///< of zero: it wraps to the largest
  std::int32_t overflows = 0;
  std::int32_t underflows = 0;
  std::int32_t non_finite = 0;
};

BlockFindings examine(const float* values, std::int32_t overflow, std::int32_t underflow) {
  constexpr std::int32_t kInfinityBits = 0x7f800000;
  BlockFindings found;
  for (std::size_t i = 0; i < kBlock; ++i) {
    const std::int32_t bits = std::bit_cast<std::int32_t>(values[i]) & 0x7fffffff;
    const bool finite = bits < kInfinityBits;
    found.largest = std::max(found.largest, finite ? bits : 0);
    found.smallest_less_one =
        std::min(found.smallest_less_one, static_cast<std::uint32_t>(bits) - 1);
    found.overflows +=
        static_cast<std::int32_t>(finite) & static_cast<std::int32_t>(bits >= overflow);
    found.underflows +=
        static_cast<std::int32_t>(bits != 0) & static_cast<std::int32_t>(bits <= underflow);
    found.non_finite += static_cast<std::int32_t>(!finite);
  }
  return found;
}

std::int32_t magnitude_bits(double value) {
  return std::bit_cast<std::int32_t>(static_cast<float>(value));
}

void add_block(Range& range, const float* values, const Borders& borders) {
  const BlockFindings found =
      examine(values, magnitude_bits(borders.overflow), magnitude_bits(borders.underflow));
  const double largest = static_cast<double>(std::bit_cast<float>(found.largest));
  range.largest = std::max(range.largest, largest);
  const auto smallest = std::bit_cast<float>(found.smallest_less_one + 1);
  if (smallest > 0 && std::isfinite(smallest))
    range.smallest_nonzero = std::min(range.smallest_nonzero, static_cast<double>(smallest));
  range.overflows += found.overflows;
  range.underflows += found.underflows;
  range.non_finite += found.non_finite;
}

void add_floats(Range& range, std::span<const float> values, const Borders& borders) {
  for (; values.size() >= kBlock; values = values.subspan(kBlock))
    add_block(range, values.data(), borders);
  if (values.empty()) return;
  std::array<float, kBlock> last{};  // the zeros that fill it count as nothing
  std::ranges::copy(values, last.begin());
  add_block(range, last.data(), borders);
}

void add_doubles(Range& range, std::span<const double> values, const Borders& borders) {
  for (const double value : values) {
    const double magnitude = std::fabs(value);
    if (!std::isfinite(magnitude)) {
      ++range.non_finite;
      continue;
    }
    range.largest = std::max(range.largest, magnitude);
    if (magnitude > 0) range.smallest_nonzero = std::min(range.smallest_nonzero, magnitude);
    range.overflows += magnitude >= borders.overflow;
    range.underflows += magnitude > 0 && magnitude <= borders.underflow;
  }
}

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

bool SampleLoss::exceeds(const SampleLoss& other) const {
  return std::tie(overflows, underflows, other.sample) >
         std::tie(other.overflows, other.underflows, sample);
}

double Range::overflow_share() const { return share(overflows, elements); }
double Range::underflow_share() const { return share(underflows, elements); }

void Range::add(const Tensor& tensor, DType lowered, std::size_t sample) {
  const bool narrow = is_tunable_float(tensor.dtype());
  if (!narrow && tensor.dtype() != DType::F64) return;
  const std::int64_t overflows_before = overflows;
  const std::int64_t underflows_before = underflows;
  if (narrow) {
    add_floats(*this, tensor.as<float>(), borders_of(lowered));
  } else {
    add_doubles(*this, tensor.as<double>(), borders_of(lowered));
  }
  elements += tensor.size();
  ++samples;
  const SampleLoss loss{overflows - overflows_before, underflows - underflows_before, sample};
  samples_overflowing += loss.overflows > 0;
  samples_underflowing += loss.underflows > 0;
  if (samples == 1 || loss.exceeds(most_lost)) most_lost = loss;
}

void Range::merge(const Range& other) {
  if (other.samples > 0 && (samples == 0 || other.most_lost.exceeds(most_lost)))
    most_lost = other.most_lost;
  largest = std::max(largest, other.largest);
  smallest_nonzero = std::min(smallest_nonzero, other.smallest_nonzero);
  elements += other.elements;
  overflows += other.overflows;
  underflows += other.underflows;
  non_finite += other.non_finite;
  samples += other.samples;
  samples_overflowing += other.samples_overflowing;
  samples_underflowing += other.samples_underflowing;
}

}  // namespace keel::accuracy
