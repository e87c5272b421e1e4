#include "compiler/ir/einsum.h"

#include <algorithm>
#include <map>
#include <optional>

namespace keel::ir {
namespace {

constexpr std::string_view kArrow = "->";
constexpr std::string_view kEllipsis = "...";

// One operand of the equation: letters, with an ellipsis before letter `ellipsis` perhaps.
struct Term {
  std::string letters;
  std::optional<std::size_t> ellipsis;
};

Error malformed(const std::string& equation, const std::string& why) {
  return {ErrorCode::InvalidModel, "einsum equation '" + equation + "' " + why, "", ""};
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Result<Term> parse_term(const std::string& equation, std::string_view text) {
  Term term;
  while (!text.empty()) {
    if (text.starts_with(kEllipsis)) {
      if (term.ellipsis) return malformed(equation, "has two ellipses in one operand");
      term.ellipsis = term.letters.size();
      text.remove_prefix(kEllipsis.size());
    } else if (is_letter(text.front())) {
      term.letters += text.front();
      text.remove_prefix(1);
    } else {
      return malformed(equation, std::string("has the character '") + text.front() + "'");
    }
  }
  return term;
}

// Gives each letter its label, and each axis of an ellipsis, counted from its last.
class Labels {
 public:
  explicit Labels(const std::string& equation) : equation_(equation) {}

  Result<std::vector<std::size_t>> of_input(const Term& term, const Shape& shape) {
    const std::size_t letters = term.letters.size();
    if (shape.size() < letters || (shape.size() > letters && !term.ellipsis))
      return malformed(equation_,
                       "names " + std::to_string(letters) + " axes of " + to_text(shape));
    const std::size_t hidden = shape.size() - letters;
    std::vector<std::size_t> labels;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      const std::size_t begin = term.ellipsis.value_or(letters);
      const bool is_hidden = axis >= begin && axis < begin + hidden;
      const std::size_t label = is_hidden
                                    ? of_ellipsis(hidden - 1 - (axis - begin))
                                    : of_letter(term.letters[axis < begin ? axis : axis - hidden]);
      std::int64_t& extent = extents_[label];
      if (extent == 1) extent = shape[axis];
      if (shape[axis] != 1 && shape[axis] != extent)
        return malformed(equation_, "gives one label the extents " + std::to_string(extent) +
                                        " and " + std::to_string(shape[axis]));
      labels.push_back(label);
    }
    return labels;
  }

  Result<std::vector<std::size_t>> of_output(const Term& term) const {
    std::vector<std::size_t> labels;
    const auto add_ellipsis = [&] {
      labels.insert(labels.end(), ellipsis_.rbegin(), ellipsis_.rend());
    };
    for (std::size_t i = 0; i < term.letters.size(); ++i) {
      if (term.ellipsis == i) add_ellipsis();
      const auto found = letters_.find(term.letters[i]);
      if (found == letters_.end() || std::ranges::count(term.letters, term.letters[i]) > 1)
        return malformed(equation_, std::string("has '") + term.letters[i] +
                                        "' in its output, which is not once there and in an input");
      labels.push_back(found->second);
    }
    if (term.ellipsis == term.letters.size()) add_ellipsis();
    return labels;
  }

  Ints take_extents() { return std::move(extents_); }

 private:
  std::size_t of_letter(char letter) {
    const auto [found, is_new] = letters_.try_emplace(letter, extents_.size());
    if (is_new) extents_.push_back(1);
    return found->second;
  }
  std::size_t of_ellipsis(std::size_t from_end) {
    while (ellipsis_.size() <= from_end) {
      ellipsis_.push_back(extents_.size());
      extents_.push_back(1);
    }
    return ellipsis_[from_end];
  }

  const std::string& equation_;
  Ints extents_;
  std::map<char, std::size_t> letters_;
  std::vector<std::size_t> ellipsis_;  // last axis first
};

Term implicit_output(const std::vector<Term>& inputs) {
  std::map<char, int> counts;
  for (const Term& term : inputs)
    for (const char letter : term.letters) ++counts[letter];
  Term output;
  if (std::ranges::any_of(inputs, [](const Term& term) { return term.ellipsis.has_value(); }))
    output.ellipsis = 0;
  for (const auto& [letter, count] : counts)
    if (count == 1) output.letters += letter;
  return output;
}

}  // namespace

Result<EinsumLabels> einsum_labels(const std::string& equation, std::span<const Shape> shapes) {
  std::string_view left = equation;
  const std::size_t arrow = left.find(kArrow);
  std::optional<std::string_view> right;
  if (arrow != std::string_view::npos) {
    right = left.substr(arrow + kArrow.size());
    left = left.substr(0, arrow);
  }
  std::vector<Term> terms;
  for (bool last = false; !last;) {
    const std::size_t comma = left.find(',');
    last = comma == std::string_view::npos;
    KEEL_TRY(Term term, parse_term(equation, left.substr(0, comma)));
    terms.push_back(std::move(term));
    if (!last) left.remove_prefix(comma + 1);
  }
  if (terms.size() != shapes.size())
    return malformed(equation, "has " + std::to_string(terms.size()) + " operands, the node " +
                                   std::to_string(shapes.size()));
  Labels labels(equation);
  EinsumLabels result;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    KEEL_TRY(std::vector<std::size_t> of_input, labels.of_input(terms[i], shapes[i]));
    result.inputs.push_back(std::move(of_input));
  }
  Term output = implicit_output(terms);
  if (right) {
    KEEL_TRY(output, parse_term(equation, *right));
  }
  KEEL_TRY(result.output, labels.of_output(output));
  result.extents = labels.take_extents();
  return result;
}

}  // namespace keel::ir
