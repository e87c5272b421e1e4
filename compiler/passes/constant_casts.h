#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "compiler/base/rounding.h"
#include "compiler/base/tensor.h"

namespace keel::passes {

/// Constants rounded to narrower dtypes, each once for all variants. Thread-safe.
class ConstantCasts {
 public:
  /// \pre both dtypes are tunable floats
  Tensor cast(const Tensor& constant, DType to, Overflow overflow);

 private:
  std::mutex mutex_;
  std::map<std::pair<Digest, DType>, Tensor> done_;
};

}  // namespace keel::passes
