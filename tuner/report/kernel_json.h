#pragma once

#include <nlohmann/json.hpp>

#include "tuner/report/kernel_row.h"

namespace keel::report {

/// What a kernel is, without its times: name, nodes, ascend_types, class, compute of a cube,
/// dtypes_in, dtypes_out.
nlohmann::ordered_json kernel_facts_json(const KernelRow& row);

}  // namespace keel::report
