#include "tuner/study/head.h"

#include <algorithm>
#include <numeric>

namespace keel::study {
namespace {

using search::TrialState;
using search::UnitState;

std::string quoted(const std::string* value) {
  return value == nullptr ? "missing" : "'" + *value + "'";
}

void add(std::string& text, const std::string& name, const std::string& stored,
         const std::string& now) {
  if (!text.empty()) text += "; ";
  text += name + " is " + stored + " in the study, " + now + " now";
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return "'" + text + "'";
}

const std::string* find(const Question& question, const std::string& name) {
  const auto entry = std::ranges::find(question, name, &Question::value_type::first);
  return entry == question.end() ? nullptr : &entry->second;
}

void add_question(std::string& text, const Question& stored, const Question& now) {
  for (const auto& [name, value] : stored) {
    const std::string* other = find(now, name);
    if (other == nullptr || *other != value) add(text, name, quoted(&value), quoted(other));
  }
  for (const auto& [name, value] : now)
    if (find(stored, name) == nullptr) add(text, name, quoted(nullptr), quoted(&value));
}

std::string described(const UnitRecord& unit) {
  return "'" + unit.name + "' (" + std::string(name(unit.state)) + ", " +
         std::to_string(unit.nodes.size()) + " nodes)";
}

bool same(const UnitRecord& a, const UnitRecord& b) {
  return a.name == b.name && a.nodes == b.nodes && a.state == b.state && a.follows == b.follows &&
         a.gang == b.gang && node_positions(a) == node_positions(b);
}

void add_units(std::string& text, const std::vector<UnitRecord>& stored,
               const std::vector<UnitRecord>& now) {
  if (stored.size() != now.size())
    return add(text, "the number of units", std::to_string(stored.size()),
               std::to_string(now.size()));
  // One is enough: where the first unit shifts, so do all others.
  const auto [first, other] = std::ranges::mismatch(stored, now, same);
  if (first != stored.end())
    add(text, "unit " + std::to_string(first - stored.begin()), described(*first),
        described(*other));
}

}  // namespace

std::string_view name(UnitState state) {
  switch (state) {
    case UnitState::Free:
      return "free";
    case UnitState::Kept:
      return "kept";
    case UnitState::Lowered:
      return "lowered";
    case UnitState::Original:
      return "original";
  }
  KEEL_CHECK(false);
}

std::optional<UnitState> unit_state_named(std::string_view text) {
  for (const UnitState state :
       {UnitState::Free, UnitState::Kept, UnitState::Lowered, UnitState::Original})
    if (name(state) == text) return state;
  return std::nullopt;
}

std::string_view name(TrialState state) {
  switch (state) {
    case TrialState::Complete:
      return "complete";
    case TrialState::NonFinite:
      return "non_finite";
    case TrialState::Failed:
      return "failed";
    case TrialState::Partial:
      return "partial";
    case TrialState::Rejected:
      return "rejected";
  }
  KEEL_CHECK(false);
}

std::vector<std::uint64_t> node_positions(const UnitRecord& unit) {
  if (!unit.positions.empty()) return unit.positions;
  std::vector<std::uint64_t> positions(unit.nodes.size());
  std::iota(positions.begin(), positions.end(), 0U);
  return positions;
}

Digest digest(const Head& head) {
  Hasher hasher;
  const auto add_count = [&](std::size_t count) { hasher.add(std::uint64_t{count}); };
  const auto add_list = [&](const std::vector<std::string>& list) {
    add_count(list.size());
    for (const std::string& text : list) hasher.add(std::string_view(text));
  };
  add_count(head.question.size());
  for (const auto& [name, value] : head.question) {
    hasher.add(std::string_view(name));
    hasher.add(std::string_view(value));
  }
  add_count(head.units.size());
  for (const UnitRecord& unit : head.units) {
    hasher.add(std::string_view(unit.name));
    hasher.add(name(unit.state));
    add_list(unit.nodes);
    add_list(unit.ascend_types);
    add_list(unit.suspicions);
    hasher.add(std::uint64_t{unit.follows.has_value()});
    if (unit.follows) hasher.add(std::uint64_t{*unit.follows});
    hasher.add(std::uint64_t{unit.gang.has_value()});
    if (unit.gang) hasher.add(std::uint64_t{*unit.gang});
    add_count(unit.poles.size());
    for (const PoleRecord& pole : unit.poles) {
      hasher.add(std::string_view(pole.name));
      hasher.add(std::uint64_t{pole.floor_is_lost});
    }
    for (const std::uint64_t position : node_positions(unit)) hasher.add(position);
  }
  add_list(head.metrics);
  return hasher.digest();
}

std::string difference(const Head& stored, const Head& now) {
  std::string text;
  add_question(text, stored.question, now.question);
  add_units(text, stored.units, now.units);
  if (stored.metrics != now.metrics)
    add(text, "the list of metrics", joined(stored.metrics), joined(now.metrics));
  return text;
}

}  // namespace keel::study
