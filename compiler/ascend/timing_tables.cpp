#include "compiler/ascend/timing_tables.h"

#include <nlohmann/json.hpp>
#include <string>

namespace keel::ascend {
namespace {

using Json = nlohmann::ordered_json;  // keeps the order of the file

Error wrong(const std::filesystem::path& file, const std::string& field, const Json& found,
            const std::string& wanted) {
  return {ErrorCode::InvalidConfig, "field '" + field + "' is " + found.dump() + ", not " + wanted,
          file.string(), "set '" + field + "' to " + wanted};
}

Json part(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() ? *found : Json();
}

Result<std::array<double, 2>> quantiles(const Json& found, const std::string& field,
                                        const std::filesystem::path& file) {
  if (!found.is_array() || found.size() != 2 || !found[0].is_number() || !found[1].is_number() ||
      found[0].get<double>() > found[1].get<double>())
    return wrong(file, field, found, "two numbers, the lower one first");
  return std::array{found[0].get<double>(), found[1].get<double>()};
}

}  // namespace

Result<TimingTables> read_timing_tables(std::string_view text, const std::filesystem::path& file) {
  const Json content = Json::parse(text, nullptr, false);
  if (!content.is_object())
    return Error{ErrorCode::InvalidConfig, "the timing file holds no JSON object", file.string(),
                 "repair the file, or write it again with scripts/calibrate.sh"};
  TimingTables tables;
  const Json corrections = part(content, "corrections");
  if (!corrections.is_object())
    return wrong(file, "corrections", corrections, "an object of a number for each signature");
  for (const auto& [signature, value] : corrections.items()) {
    if (!value.is_number())
      return wrong(file, "corrections." + signature, value, "the logarithm of a factor");
    tables.corrections.push_back({signature, value.get<double>()});
  }
  const Json errors = part(content, "errors");
  if (!errors.is_object()) return wrong(file, "errors", errors, "an object of the kernel classes");
  for (const auto& [kernel_class, entry] : errors.items()) {
    const std::string field = "errors." + kernel_class;
    if (!entry.is_object()) return wrong(file, field, entry, "an object");
    TimingError error{.kernel_class = kernel_class};
    KEEL_TRY(error.measured, quantiles(part(entry, "measured"), field + ".measured", file));
    KEEL_TRY(error.unmeasured, quantiles(part(entry, "unmeasured"), field + ".unmeasured", file));
    const Json shared = part(entry, "shared");
    if (!shared.is_number() || shared.get<double>() < 0 || shared.get<double>() > 1)
      return wrong(file, field + ".shared", shared, "a number from 0 to 1");
    error.shared = shared.get<double>();
    tables.errors.push_back(std::move(error));
  }
  return tables;
}

}  // namespace keel::ascend
