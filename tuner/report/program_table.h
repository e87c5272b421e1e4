#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "tuner/report/program_listing.h"

namespace keel::report {

/// Two lines of summary, then a row a kernel. Below it, indented, the nodes of one that has
/// several, each cast in it with its reason, and of a layout kernel what moves elements. No line is
/// longer than 120 columns where names are ASCII.
std::string program_table(const ProgramListing& program);
/// Header line, then one line a kernel: members as node:type joined by spaces, reasons of casts
/// joined by "; ". No column of times where there are none.
std::string program_csv(const ProgramListing& program);
/// An object: latency_us where it is predicted, kernels, then the rest.
std::string program_json(const ProgramListing& program);

/// The object of a cast in the JSON of a program and of a difference.
nlohmann::ordered_json to_json(const ProgramCast& cast);

}  // namespace keel::report
