#include "tuner/report/kernel_json.h"

namespace keel::report {

nlohmann::ordered_json kernel_facts_json(const KernelRow& row) {
  nlohmann::ordered_json json = {{"name", row.name},
                                 {"nodes", row.nodes},
                                 {"ascend_types", row.ascend_types},
                                 {"class", row.kernel_class}};
  if (!row.compute.empty()) json["compute"] = row.compute;
  json["dtypes_in"] = row.dtypes_in;
  json["dtypes_out"] = row.dtypes_out;
  return json;
}

}  // namespace keel::report
