#include "tuner/search/similarity.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace keel::search {
namespace {

// More make a prediction on 10,000 units too slow; what is left out is no larger than any of them.
constexpr std::size_t kMostHeavy = 1024;

std::size_t words_for(std::size_t units) { return (units + 63) / 64; }

void set_bit(Bits& bits, std::size_t unit) { bits[unit / 64] |= std::uint64_t{1} << (unit % 64); }

template <class Visit>
void for_each_bit(std::uint64_t word, std::size_t index, const Visit& visit) {
  for (; word != 0; word &= word - 1)
    visit(index * 64 + static_cast<std::size_t>(std::countr_zero(word)));
}

}  // namespace

Bits to_bits(const Assignment& x) {
  Bits bits(words_for(x.size()), 0);
  for (std::size_t u = 0; u < x.size(); ++u)
    if (x[u] != 0) set_bit(bits, u);
  return bits;
}

int hamming_distance(const Bits& a, const Bits& b) {
  int distance = 0;
  for (std::size_t i = 0; i < a.size(); ++i) distance += std::popcount(a[i] ^ b[i]);
  return distance;
}

SharedError::SharedError(const Space& space, const ErrorModel& model)
    : base_(model.base), heavy_(space.units.size(), 0), is_heavy_(words_for(space.units.size())) {
  std::vector<UnitIndex> order;
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) order.push_back(u);
  const double part = base_ / static_cast<double>(std::max<std::size_t>(order.size(), 1));
  for (const UnitIndex u : order) heavy_[u] = std::abs(model.unit[u]) + part;
  std::ranges::stable_sort(order, std::greater(), [&](UnitIndex u) { return heavy_[u]; });
  if (order.size() > kMostHeavy) order.resize(kMostHeavy);
  for (const UnitIndex u : order) set_bit(is_heavy_, u);
}

double SharedError::operator()(const Bits& a, const Bits& b) const {
  double of_a = base_, of_b = base_, common = base_;
  for (std::size_t i = 0; i < a.size(); ++i)
    for_each_bit((a[i] | b[i]) & is_heavy_[i], i, [&](std::size_t u) {
      const bool in_a = (a[i] >> (u % 64) & 1U) != 0;
      const bool in_b = (b[i] >> (u % 64) & 1U) != 0;
      of_a += in_a ? heavy_[u] : 0;
      of_b += in_b ? heavy_[u] : 0;
      common += in_a && in_b ? heavy_[u] : 0;
    });
  const double product = of_a * of_b;
  return product > 0 ? common * common / product : 1;
}

double SharedError::distance(const Bits& a, const Bits& b) const {
  double of_a = base_, of_b = base_, differing = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    for_each_bit((a[i] | b[i]) & is_heavy_[i], i, [&](std::size_t u) {
      const bool in_a = (a[i] >> (u % 64) & 1U) != 0;
      const bool in_b = (b[i] >> (u % 64) & 1U) != 0;
      of_a += in_a ? heavy_[u] : 0;
      of_b += in_b ? heavy_[u] : 0;
      differing += in_a != in_b ? heavy_[u] : 0;
    });
  const double product = of_a * of_b;
  return product > 0 ? differing / std::sqrt(product) : 0;
}

SharedSurroundings::SharedSurroundings(const Space& space)
    : surrounding_(space.units.size(), Bits(words_for(space.units.size()), 0)),
      units_(static_cast<double>(space.units.size())) {
  const auto link = [&](UnitIndex a, UnitIndex b) {
    set_bit(surrounding_[a], b);
    set_bit(surrounding_[b], a);
  };
  for (UnitIndex u = 0; u < space.units.size(); ++u) link(u, u);
  for (const TensorLink& tensor : space.tensors)
    if (tensor.producer)
      for (const UnitIndex consumer : tensor.consumers) link(*tensor.producer, consumer);
  for (const Adjacency& pair : space.adjacent) link(pair.first, pair.second);
}

double SharedSurroundings::operator()(const Bits& a, const Bits& b) const {
  Bits changed(a.size(), 0);
  for (std::size_t i = 0; i < a.size(); ++i)
    for_each_bit(a[i] ^ b[i], i, [&](std::size_t u) {
      for (std::size_t j = 0; j < changed.size(); ++j) changed[j] |= surrounding_[u][j];
    });
  int count = 0;
  for (const std::uint64_t word : changed) count += std::popcount(word);
  return 1 - count / std::max(units_, 1.0);
}

}  // namespace keel::search
