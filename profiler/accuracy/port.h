#pragma once

#include <string>

#include "compiler/base/tensor.h"

namespace keel::accuracy {

/// One input or output of the model.
struct Port {
  std::string name;
  TensorType type;
};

}  // namespace keel::accuracy
