#include "compiler/lint/name_index.h"

#include <algorithm>

#include "compiler/base/nearest.h"
#include "compiler/lint/prefix.h"

namespace keel::lint {
namespace {

constexpr int kMostSuggestions = 20;

// Bytes beyond ASCII are taken for letters.
std::string letters_of(std::string_view text) {
  std::string result = lowered(text);
  std::erase_if(result, [](unsigned char c) {
    return c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
  });
  return result;
}

bool is_separator(char c) { return std::string_view("_/.:-@#").find(c) != std::string_view::npos; }

std::vector<std::string> found_in(
    const std::map<std::string, std::vector<std::string>, std::less<>>& names,
    std::string_view key) {
  const auto found = names.find(key);
  return found == names.end() ? std::vector<std::string>() : found->second;
}

}  // namespace

NameIndex::NameIndex(const NamedModel& model) : table_(model.table) {
  for (const ir::Origin& origin : model.graph.origins()) {
    op_of_name_.emplace(origin.name, origin.onnx_op);
    by_case_[lowered(origin.name)].push_back(origin.name);
    by_letters_[letters_of(origin.name)].push_back(origin.name);
    for (std::string& type : model.table.ascend_types(origin.onnx_op))
      types_.insert(std::move(type));
  }
  for (const auto& [name, op] : op_of_name_) names_.push_back(name);
  for (const ir::ValueId value : model.graph.values()) {
    NamedTensor tensor;
    const std::optional<ir::NodeId> producer = model.graph.producer(value);
    if (producer && !model.graph[*producer].origins.empty()) {
      tensor.node = model.graph[model.graph[*producer].origins.front()].name;
    } else {
      tensor.origin = model.graph.is_input(value) ? "an input of the model" : "a constant";
    }
    tensors_.emplace(model.graph[value].name, std::move(tensor));
  }
}

std::vector<std::string> NameIndex::in_other_case(std::string_view name) const {
  return found_in(by_case_, lowered(name));
}

std::vector<std::string> NameIndex::with_other_separators(std::string_view name) const {
  const std::string letters = letters_of(name);
  return letters.empty() ? std::vector<std::string>() : found_in(by_letters_, letters);
}

std::vector<std::string> NameIndex::longer_than(std::string_view name) const {
  std::vector<std::string> longer;
  if (name.empty()) return longer;
  for (auto it = op_of_name_.lower_bound(name);
       it != op_of_name_.end() && it->first.starts_with(name); ++it)
    if (it->first.size() > name.size() && is_separator(it->first[name.size()]))
      longer.push_back(it->first);
  return longer;
}

std::optional<NamedTensor> NameIndex::tensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  return found == tensors_.end() ? std::nullopt : std::optional(found->second);
}

std::string NameIndex::type_called(std::string_view word) const {
  const std::string type = table_.primary_type(word);
  return types_.contains(type) ? type : std::string();
}

const std::string& NameIndex::onnx_op(std::string_view node) const {
  return op_of_name_.find(node)->second;
}

std::vector<std::string> NameIndex::near(std::string_view name) {
  if (suggestions_ == kMostSuggestions) return {};
  ++suggestions_;
  return nearest(name, names_, 2);
}

std::vector<std::string> NameIndex::near_type(std::string_view type, bool all) {
  if (suggestions_ == kMostSuggestions) return {};
  ++suggestions_;
  const std::vector<std::string> candidates =
      all ? table_.all_types() : std::vector<std::string>(types_.begin(), types_.end());
  return nearest(type, candidates, 2);
}

}  // namespace keel::lint
