#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tuner/report/kernel_row.h"

namespace keel::report {

/// What every kernel of an example has; the rest is set where it matters.
inline KernelRow example_row(std::string name, std::vector<std::string> nodes,
                             std::vector<std::string> types, std::string kernel_class, double us) {
  KernelRow row;
  row.name = std::move(name);
  row.nodes = std::move(nodes);
  row.ascend_types = std::move(types);
  row.kernel_class = std::move(kernel_class);
  row.us = us;
  return row;
}

/// Sets the dtypes of a row.
inline KernelRow with_dtypes(KernelRow row, std::vector<std::string> in,
                             std::vector<std::string> out, std::string compute = "") {
  row.dtypes_in = std::move(in);
  row.dtypes_out = std::move(out);
  row.compute = std::move(compute);
  return row;
}

}  // namespace keel::report
