#pragma once

#include <cstddef>

namespace keel::bench {

// What one core of this machine can do at most, in processor time, so that a machine shared with
// others gives nearly the same numbers. The best of several trials, each of some milliseconds.

/// fp32 operations a second, a multiply-add being two, in the widest vectors the processor has.
double peak_operations_per_second();

/// Seconds in which `bytes` are moved: half of them read, half written, by std::memcpy between
/// two buffers that were in use just before. As much data as a kernel moves is copied, so it comes
/// from the same level of the caches.
double copy_seconds(double bytes);

}  // namespace keel::bench
