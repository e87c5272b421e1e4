#include "profiler/accuracy/labels.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

#include "compiler/base/file.h"

namespace keel::accuracy {
namespace {

constexpr const char* kFixForm = "write an array of class indices, such as [3, 0, 7]";

Error bad_labels(std::string what, const std::filesystem::path& path, std::string fix = kFixForm) {
  return {ErrorCode::InvalidConfig, std::move(what), path.string(), std::move(fix)};
}

bool is_class_index(const nlohmann::json& label) {
  if (label.is_number_unsigned())
    return label.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  return label.is_number_integer() && label.get<std::int64_t>() >= 0;
}

// `label` in a message: strings and nested values of a hostile file may be long or not UTF-8.
std::string shown(const nlohmann::json& label) {
  if (label.is_structured()) return label.is_array() ? "an array" : "an object";
  return label.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 40);
}

}  // namespace

Result<std::vector<std::int64_t>> read_labels(const std::filesystem::path& path,
                                              std::size_t samples) {
  KEEL_TRY(const std::string text, read_file(path));
  nlohmann::json parsed;
  try {
    parsed = nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::size_t read = std::min(error.byte, text.size());
    const auto line =
        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(read), '\n');
    return bad_labels("labels are not JSON", path.string() + ":" + std::to_string(line));
  }
  if (parsed.is_object() && !parsed.contains("labels"))
    return bad_labels("labels are an object without the key \"labels\"", path);
  const nlohmann::json& list = parsed.is_object() ? parsed["labels"] : parsed;
  if (!list.is_array())
    return bad_labels("labels are " + std::string(list.is_object() ? "an object" : shown(list)) +
                          ", not an array of class indices",
                      path);

  std::vector<std::int64_t> labels;
  for (const nlohmann::json& label : list) {
    if (!is_class_index(label))
      return bad_labels("label " + std::to_string(labels.size()) + " is " + shown(label) +
                            ", not a class index (an integer, 0 or more)",
                        path);
    labels.push_back(label.get<std::int64_t>());
  }
  if (labels.size() != samples)
    return bad_labels(std::to_string(labels.size()) + " labels for " + std::to_string(samples) +
                          (samples == 1 ? " sample" : " samples"),
                      path, "write one label a sample, in the order of the samples' names");
  return labels;
}

}  // namespace keel::accuracy
