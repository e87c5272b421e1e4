#include "compiler/base/nearest.h"

#include <algorithm>
#include <cctype>
#include <tuple>

namespace keel {
namespace {

std::string lowered(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

// Levenshtein distance by one row of the dynamic programme.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

struct Closeness {
  int kind;  // 0 the last path component, 1 contains, 2 spelled alike
  std::size_t distance;
  std::size_t index;
  auto operator<=>(const Closeness&) const = default;
};

}  // namespace

std::vector<std::string> nearest(std::string_view word, std::span<const std::string> candidates,
                                 std::size_t count) {
  const std::string wanted = lowered(word);
  if (wanted.empty()) return {};
  std::vector<Closeness> close;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::string candidate = lowered(candidates[i]);
    const std::size_t distance = edit_distance(wanted, candidate);
    if (candidate.ends_with("/" + wanted)) {
      close.push_back({0, distance, i});
    } else if (candidate.find(wanted) != std::string::npos) {
      close.push_back({1, distance, i});
    } else if (2 * distance <= wanted.size()) {
      close.push_back({2, distance, i});
    }
  }
  std::ranges::sort(close);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < std::min(count, close.size()); ++i)
    names.push_back(candidates[close[i].index]);
  return names;
}

}  // namespace keel
