#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tuner/report/result.h"

namespace keel::report {

/// A program of the vendor's that a script of keel's calls.
enum class VendorTool : std::uint8_t { Atc, Aoe };

/// The end of a script: goes to the script's folder and runs `tool` with what was evaluated, its
/// arguments quoted for sh, and those of the script behind them.
/// \param note  a line for people, above the call; may be empty
std::string vendor_call(VendorTool tool, const CompilerCommand& command, const std::string& note);

/// Names of the options that were passed on, "--log --input_format", that `tool` takes or does
/// not; each after a blank.
std::string passed_on_names(VendorTool tool, const CompilerCommand& command, bool taken);

}  // namespace keel::report
