#include "compiler/passes/constant_casts.h"

#include <algorithm>

namespace keel::passes {

Tensor ConstantCasts::cast(const Tensor& constant, DType to, Overflow overflow) {
  const std::pair key(digest(constant), to);
  {
    const std::lock_guard lock(mutex_);
    const auto found = done_.find(key);
    if (found != done_.end()) return found->second;
  }
  Tensor rounded(to, constant.shape());
  std::ranges::copy(constant.as<float>(), rounded.fill<float>().begin());
  round_in_place(format_of(to), overflow, rounded.fill<float>());
  const std::lock_guard lock(mutex_);
  return done_.try_emplace(key, std::move(rounded)).first->second;
}

}  // namespace keel::passes
