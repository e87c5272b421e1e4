#pragma once

#include <concepts>
#include <cstdint>
#include <type_traits>

namespace keel::kernels {

/// What elements of host type T are added up in: floats in double; integers wrap at 64 bits, and so
/// at their own width when the sum is made one of them.
template <class T>
using WideSum = std::conditional_t<std::floating_point<T>, double, std::uint64_t>;

}  // namespace keel::kernels
