#pragma once

#include <cstdint>
#include <string_view>

#include "compiler/base/result.h"

namespace keel::ascend {

/// Releases of the vendor's toolkit that differ in what files are called.
enum class Cann : std::uint8_t {
  V8,  ///< up to 8.5
  V9,  ///< from 9.0
};

/// "8", "9".
std::string_view name(Cann cann);

/// \error InvalidConfig  neither "8" nor "9"
Result<Cann> cann_named(std::string_view text);

/// What the vendor's documentation calls the keep list, without an extension: "execeptionlist"
/// (sic) up to CANN 8.5, "exceptionlist" from 9.0.
std::string_view keep_list_stem(Cann cann);

}  // namespace keel::ascend
