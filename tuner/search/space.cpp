#include "tuner/search/space.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

namespace keel::search {
namespace {

Assignment with_free_units(const Space& space, std::uint8_t bit) {
  return with_fixed_units(space, Assignment(space.units.size(), bit));
}

enum class CastNeed { None, ToKept, ToLowered };

CastNeed cast_need(const TensorLink& tensor, const Assignment& x) {
  const auto is_lowered = [&](UnitIndex unit) { return x[unit] != 0; };
  if (tensor.producer && is_lowered(*tensor.producer)) {
    const bool needs_kept = tensor.is_output || !std::ranges::all_of(tensor.consumers, is_lowered);
    return needs_kept ? CastNeed::ToKept : CastNeed::None;
  }
  return std::ranges::any_of(tensor.consumers, is_lowered) ? CastNeed::ToLowered : CastNeed::None;
}

double cast_us(const TensorLink& tensor, const Assignment& x) {
  switch (cast_need(tensor, x)) {
    case CastNeed::None:
      return 0;
    case CastNeed::ToKept:
      return tensor.cast_to_kept_us;
    case CastNeed::ToLowered:
      return tensor.cast_to_lowered_us;
  }
  KEEL_CHECK(false && "a CastNeed outside its enumeration");
}

Error invalid(std::string what, std::string_view kind, std::size_t index) {
  return {ErrorCode::InvalidConfig, std::move(what),
          "search space: " + std::string(kind) + " " + std::to_string(index),
          "build the space from a verified graph and finite kernel times"};
}

bool is_cost(double us) { return std::isfinite(us) && us >= 0; }

Status verify_tensor(const TensorLink& tensor, std::size_t index, std::size_t units) {
  const auto out_of_range = [&](UnitIndex unit) {
    return invalid("unit " + std::to_string(unit) + " is not below " + std::to_string(units),
                   "tensor", index);
  };
  if (tensor.producer && *tensor.producer >= units) return out_of_range(*tensor.producer);
  for (std::size_t i = 0; i < tensor.consumers.size(); ++i) {
    const UnitIndex consumer = tensor.consumers[i];
    if (consumer >= units) return out_of_range(consumer);
    if (tensor.producer == consumer)
      return invalid("unit " + std::to_string(consumer) + " consumes what it produces", "tensor",
                     index);
    if (i > 0 && tensor.consumers[i - 1] >= consumer)
      return invalid("consumer " + std::to_string(consumer) + " follows " +
                         std::to_string(tensor.consumers[i - 1]) + " but must be larger",
                     "tensor", index);
  }
  if (!is_cost(tensor.cast_to_kept_us) || !is_cost(tensor.cast_to_lowered_us))
    return invalid("cast times " + std::to_string(tensor.cast_to_kept_us) + " and " +
                       std::to_string(tensor.cast_to_lowered_us) +
                       " us must be finite and not negative",
                   "tensor", index);
  return Done{};
}

Status verify_pole(const std::vector<UnitIndex>& group, std::size_t index, const Space& space) {
  if (group.empty()) return invalid("the group has no unit", "pole", index);
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (group[i] >= space.units.size() || space.units[group[i]].state != UnitState::Free)
      return invalid("unit " + std::to_string(group[i]) + " is not a free one of " +
                         std::to_string(space.units.size()),
                     "pole", index);
    if (i > 0 && group[i - 1] >= group[i])
      return invalid("unit " + std::to_string(group[i]) + " follows " +
                         std::to_string(group[i - 1]) + " but must be larger",
                     "pole", index);
  }
  return Done{};
}

// How many units `unit` follows, one the other; as many as there are where they are a circle.
std::size_t leaders_of(const Space& space, UnitIndex unit) {
  std::size_t leaders = 0;
  for (const std::optional<UnitIndex>* next = &space.units[unit].follows;
       *next && **next < space.units.size() && leaders < space.units.size();
       next = &space.units[**next].follows)
    ++leaders;
  return leaders;
}

}  // namespace

bool is_listed(UnitState state) { return state == UnitState::Free || state == UnitState::Kept; }

double predicted_latency_us(const Space& space, const Assignment& x) {
  double total_us = 0;
  for (std::size_t u = 0; u < space.units.size(); ++u)
    total_us += x[u] != 0 ? space.units[u].lowered_us : space.units[u].kept_us;
  for (const TensorLink& tensor : space.tensors) total_us += cast_us(tensor, x);
  for (const Adjacency& pair : space.adjacent)
    if (x[pair.first] == x[pair.second]) total_us -= pair.saving_us;
  return total_us;
}

int predicted_casts(const Space& space, const Assignment& x) {
  return static_cast<int>(std::ranges::count_if(space.tensors, [&](const TensorLink& tensor) {
    return cast_need(tensor, x) != CastNeed::None;
  }));
}

Assignment with_fixed_units(const Space& space, Assignment x) {
  for (std::size_t u = 0; u < x.size(); ++u) switch (space.units[u].state) {
      case UnitState::Kept:
      case UnitState::Original:
        x[u] = 0;
        break;
      case UnitState::Lowered:
        x[u] = 1;
        break;
      case UnitState::Free:
        break;
    }
  // What is kept here may be what an earlier unit must agree with: again until nothing changes.
  bool has_changed = true;
  const auto keep = [&](UnitIndex u) {
    if (x[u] == 0 || space.units[u].state != UnitState::Free) return;
    x[u] = 0;
    has_changed = true;
  };
  while (has_changed) {
    has_changed = false;
    for (UnitIndex u = 0; u < x.size(); ++u) {
      const Unit& unit = space.units[u];
      if (unit.follows && x[*unit.follows] == 0) keep(u);
      if (unit.gang && x[*unit.gang] == 0) keep(u);
      if (unit.gang && x[u] == 0) keep(*unit.gang);
    }
  }
  return x;
}

bool is_realised(const Space& space, const Assignment& x) {
  for (std::size_t u = 0; u < x.size(); ++u) {
    const Unit& unit = space.units[u];
    if (x[u] != 0 && unit.follows && x[*unit.follows] == 0) return false;
    if (unit.gang && x[u] != x[*unit.gang]) return false;
  }
  return true;
}

std::vector<UnitIndex> gang_of(const Space& space, UnitIndex unit) {
  const UnitIndex first = space.units[unit].gang.value_or(unit);
  std::vector<UnitIndex> units{first};
  for (UnitIndex u = first + 1; u < space.units.size(); ++u)
    if (space.units[u].gang == first) units.push_back(u);
  return units;
}

std::vector<UnitIndex> lowered_with(const Space& space, UnitIndex unit) {
  std::set<UnitIndex> units;
  std::vector<UnitIndex> open{unit};
  while (!open.empty()) {
    const UnitIndex next = open.back();
    open.pop_back();
    if (space.units[next].state != UnitState::Free || !units.insert(next).second) continue;
    if (space.units[next].follows) open.push_back(*space.units[next].follows);
    for (const UnitIndex other : gang_of(space, next)) open.push_back(other);
  }
  return {units.begin(), units.end()};
}

std::optional<UnitIndex> only_lowered(const Space& space, const Assignment& x,
                                      const Assignment& y) {
  std::size_t lowered = 0;
  UnitIndex last = 0;  // that nothing else which is lowered follows
  std::size_t most = 0;
  for (UnitIndex u = 0; u < x.size(); ++u) {
    if (x[u] == y[u]) continue;
    if (x[u] == 0) return std::nullopt;
    ++lowered;
    const std::size_t leaders = leaders_of(space, u);
    if (leaders < most) continue;
    most = leaders;
    last = u;
  }
  if (lowered == 0) return std::nullopt;
  std::vector<UnitIndex> group = lowered_with(space, last);
  std::erase_if(group, [&](UnitIndex u) { return y[u] != 0; });
  const auto is_lowered = [&](UnitIndex u) { return x[u] != 0; };
  if (group.size() != lowered || !std::ranges::all_of(group, is_lowered)) return std::nullopt;
  return last;
}

Assignment all_kept(const Space& space) { return with_free_units(space, 0); }

Assignment all_lowered(const Space& space) { return with_free_units(space, 1); }

Assignment lowered_alone(const Space& space, const std::vector<UnitIndex>& group) {
  Assignment x = all_kept(space);
  for (const UnitIndex unit : group) {
    x[unit] = 1;
    for (const UnitIndex lowered : lowered_with(space, unit)) x[lowered] = 1;
  }
  return x;
}

int kept_units(const Space& space, const Assignment& x) {
  int kept = 0;
  for (std::size_t u = 0; u < x.size(); ++u)
    kept += space.units[u].state == UnitState::Free && x[u] == 0 ? 1 : 0;
  return kept;
}

Status verify(const Space& space) {
  for (std::size_t u = 0; u < space.units.size(); ++u) {
    const Unit& unit = space.units[u];
    if (!is_cost(unit.kept_us) || !is_cost(unit.lowered_us))
      return invalid("unit times " + std::to_string(unit.kept_us) + " and " +
                         std::to_string(unit.lowered_us) + " us must be finite and not negative",
                     "unit", u);
    if (unit.state != UnitState::Free) continue;
    if (unit.gang && (*unit.gang >= u || space.units[*unit.gang].gang ||
                      space.units[*unit.gang].state != UnitState::Free))
      return invalid("unit " + std::to_string(*unit.gang) +
                         ", which it must agree with, is not the first free one of its gang",
                     "unit", u);
    if (!unit.follows) continue;
    if (*unit.follows >= space.units.size())
      return invalid("unit " + std::to_string(*unit.follows) + ", which it follows, does not exist",
                     "unit", u);
    if (leaders_of(space, static_cast<UnitIndex>(u)) >= space.units.size())
      return invalid("it follows itself", "unit", u);
    if (space.units[*unit.follows].state != UnitState::Free &&
        space.units[*unit.follows].state != UnitState::Lowered)
      return invalid("unit " + std::to_string(*unit.follows) +
                         ", which it follows, is not lowered by any assignment",
                     "unit", u);
  }
  for (std::size_t t = 0; t < space.tensors.size(); ++t) {
    KEEL_TRY_STATUS(verify_tensor(space.tensors[t], t, space.units.size()));
  }
  for (std::size_t a = 0; a < space.adjacent.size(); ++a) {
    const Adjacency& pair = space.adjacent[a];
    if (pair.first >= space.units.size() || pair.second >= space.units.size() ||
        pair.first == pair.second)
      return invalid("units " + std::to_string(pair.first) + " and " + std::to_string(pair.second) +
                         " must differ and be below " + std::to_string(space.units.size()),
                     "adjacency", a);
    if (!is_cost(pair.saving_us))
      return invalid(
          "saving " + std::to_string(pair.saving_us) + " us must be finite and not negative",
          "adjacency", a);
  }
  for (std::size_t p = 0; p < space.poles.size(); ++p) {
    KEEL_TRY_STATUS(verify_pole(space.poles[p].units, p, space));
  }
  return Done{};
}

}  // namespace keel::search
