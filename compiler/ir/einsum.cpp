#include "compiler/ir/einsum.h"

#include <algorithm>
#include <map>

namespace keel::ir {
namespace {

Error broken(std::string_view equation, const std::string& why) {
  return {ErrorCode::InvalidModel, "equation '" + std::string(equation) + "': " + why, "", ""};
}

// Labels of the axes a term names; the ellipsis becomes the negative labels -depth .. -1.
using Labels = std::vector<int>;

std::size_t letters_of(std::string_view term) {
  return static_cast<std::size_t>(std::ranges::count_if(term, [](char c) { return c != '.'; }));
}

Result<Labels> labels_of(std::string_view equation, std::string_view term, std::size_t depth) {
  Labels labels;
  for (std::size_t i = 0; i < term.size(); ++i) {
    const char c = term[i];
    if (term.substr(i, 3) == "...") {
      for (std::size_t k = depth; k > 0; --k) labels.push_back(-static_cast<int>(k));
      i += 2;
    } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
      labels.push_back(c);
    } else {
      return broken(equation, "'" + std::string(1, c) + "' is no letter");
    }
  }
  return labels;
}

std::vector<std::string_view> split(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(at);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// Without "->" the result has the ellipsis, then the letters that occur once, in order.
Labels implicit_result(const std::vector<Labels>& terms) {
  std::map<int, int> count;
  for (const Labels& term : terms)
    for (const int label : term) ++count[label];
  Labels result;
  for (const auto& [label, times] : count)
    if (label < 0 || times == 1) result.push_back(label);
  return result;
}

}  // namespace

Result<EinsumPlan> plan_einsum(std::string_view equation, const std::vector<Shape>& operands) {
  const std::size_t arrow = equation.find("->");
  const std::vector<std::string_view> texts = split(equation.substr(0, arrow), ',');
  if (texts.size() != operands.size())
    return broken(equation, "it names " + std::to_string(texts.size()) + " operands, not " +
                                std::to_string(operands.size()));
  std::vector<Labels> terms;
  std::size_t deepest = 0;
  std::map<int, std::int64_t> extents;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t letters = letters_of(texts[i]);
    const bool has_ellipsis = texts[i].find("...") != std::string_view::npos;
    const std::size_t rank = operands[i].size();
    if (letters > rank || (!has_ellipsis && letters != rank))
      return broken(equation,
                    "operand " + std::to_string(i) + " has shape " + to_text(operands[i]));
    const std::size_t depth = has_ellipsis ? rank - letters : 0;
    deepest = std::max(deepest, depth);
    KEEL_TRY(Labels labels, labels_of(equation, texts[i], depth));
    if (labels.size() != rank) return broken(equation, "a term has more than one ellipsis");
    for (std::size_t k = 0; k < rank; ++k) {
      std::int64_t& extent = extents.try_emplace(labels[k], operands[i][k]).first->second;
      if (extent == 1) extent = operands[i][k];
      if (operands[i][k] != extent && operands[i][k] != 1)
        return broken(equation, "an axis is " + std::to_string(extent) + " and " +
                                    std::to_string(operands[i][k]) + " long");
    }
    terms.push_back(std::move(labels));
  }
  Labels order = implicit_result(terms);
  if (arrow != std::string_view::npos) {
    KEEL_TRY(order, labels_of(equation, equation.substr(arrow + 2), deepest));
  }
  EinsumPlan plan;
  plan.result_rank = order.size();
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (!extents.contains(order[i]))
      return broken(equation, "the result has an axis no operand has");
    if (std::ranges::count(order, order[i]) > 1)
      return broken(equation, "the result names an axis twice");
  }
  for (const auto& [label, extent] : extents)
    if (std::ranges::find(order, label) == order.end()) order.push_back(label);
  for (const int label : order) plan.extents.push_back(extents.at(label));
  for (const Labels& term : terms) {
    std::vector<std::size_t>& axes = plan.of.emplace_back();
    for (const int label : term)
      axes.push_back(static_cast<std::size_t>(std::ranges::find(order, label) - order.begin()));
  }
  return plan;
}

}  // namespace keel::ir
