#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/result.h"

namespace keel::onnx_io {

/// A flag that says something of inputs: `a:1,2;b:3` as pairs of name and text. A name may contain
/// colons: the last one divides.
/// \param what  what stands after the colon, for errors: "1,2,3"
/// \error InvalidConfig  a part without a name or a colon, or a name given twice
Result<std::vector<std::pair<std::string, std::string_view>>> named_parts(std::string_view text,
                                                                          const char* flag,
                                                                          const char* what,
                                                                          const char* form);

}  // namespace keel::onnx_io
