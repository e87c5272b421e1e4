#pragma once

#include <cstdint>
#include <string_view>

namespace keel::ascend {

/// How sure a rule of the vendor's is, the surest first: of two the larger number is in doubt.
enum class Certainty : std::uint8_t {
  Code,        ///< "C": read in the vendor's source
  Documented,  ///< "D": in the vendor's documentation
  Users,       ///< "U": users have seen it
  Inferred,    ///< "I": follows from the others
  Open,        ///< "?": nothing says so; keel had to choose
};

/// "C", "D", "U", "I" or "?".
std::string_view mark(Certainty certainty);

}  // namespace keel::ascend
