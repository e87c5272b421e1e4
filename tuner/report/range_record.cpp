#include "tuner/report/range_record.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;

std::optional<TensorRole> role_named(std::string_view text) {
  for (const TensorRole role : {TensorRole::Input, TensorRole::Result, TensorRole::Constant})
    if (name(role) == text) return role;
  return std::nullopt;
}

accuracy::Range range_of(const Json& json) {
  accuracy::Range range;
  range.largest = json.at("largest");
  if (json.contains("smallest_nonzero")) range.smallest_nonzero = json.at("smallest_nonzero");
  range.elements = json.at("elements");
  range.overflows = json.at("overflows");
  range.underflows = json.at("underflows");
  range.non_finite = json.at("non_finite");
  range.samples = json.at("samples");
  range.samples_overflowing = json.at("samples_overflowing");
  range.samples_underflowing = json.at("samples_underflowing");
  return range;
}

}  // namespace

std::string to_record(const RangeFinding& finding) {
  const accuracy::Range& range = finding.range;
  Json json = {{"node", finding.node},
               {"ascend_type", finding.ascend_type},
               {"tensor", finding.tensor},
               {"role", name(finding.role)},
               {"dtype", name(finding.dtype)},
               {"largest", range.largest},
               {"elements", range.elements},
               {"overflows", range.overflows},
               {"underflows", range.underflows},
               {"non_finite", range.non_finite},
               {"samples", range.samples},
               {"samples_overflowing", range.samples_overflowing},
               {"samples_underflowing", range.samples_underflowing}};
  // JSON has no infinity, which the smallest of no elements is.
  if (range.smallest_nonzero < std::numeric_limits<double>::infinity())
    json["smallest_nonzero"] = range.smallest_nonzero;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<RangeFinding> range_finding_of(std::string_view record) {
  const Error damaged{ErrorCode::StudyCorrupt,
                      "a suspicion of the study is damaged: '" + std::string(record) + "'", "",
                      "restore the folder from a copy"};
  try {
    const Json json = Json::parse(record);
    const std::optional<TensorRole> role = role_named(json.at("role").get<std::string>());
    const std::optional<DType> dtype = dtype_named(json.at("dtype").get<std::string>());
    if (!role || !dtype) return damaged;
    return RangeFinding{json.at("node"), json.at("ascend_type"), json.at("tensor"), *role,
                        *dtype,          range_of(json)};
  } catch (const Json::exception&) {
    return damaged;
  }
}

}  // namespace keel::report
