#include "tuner/search/similarity.h"

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

namespace keel::search {
namespace {

// More make a prediction on 10,000 units too slow; what is left out is no larger than any of them.
constexpr std::size_t kMostHeavy = 1024;

std::size_t words_for(std::size_t units) { return (units + 63) / 64; }

void set_bit(Bits& bits, std::size_t unit) { bits[unit / 64] |= std::uint64_t{1} << (unit % 64); }

auto array_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::ArrayXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

// A constant trip count, so that the compiler makes vectors of the loop over it.
constexpr std::size_t kBlock = 64;

// What the neighbour at a place, from 1 on, changes in a code: a bit of its own up to place 15;
// further on different sets of bits.
std::uint16_t bits_of_neighbour(int place) {
  if (place < 16) return static_cast<std::uint16_t>(1U << place);
  return static_cast<std::uint16_t>(static_cast<unsigned>(place) * 0x9E36U);
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

SharedError::SharedError(const Space& space, const ErrorModel& model) : base_(model.base) {
  for (UnitIndex u = 0; u < space.units.size(); ++u)
    if (space.units[u].state == UnitState::Free) heavy_.push_back(u);
  const double part = base_ / static_cast<double>(std::max<std::size_t>(heavy_.size(), 1));
  const auto adds = [&](UnitIndex u) { return std::abs(model.unit[u]) + part; };
  std::ranges::stable_sort(heavy_, std::greater(), adds);
  if (heavy_.size() > kMostHeavy) heavy_.resize(kMostHeavy);
  for (const UnitIndex u : heavy_) adds_.push_back(adds(u));
}

SharedError::Parts SharedError::of(const Assignment& x) const {
  Parts parts{std::vector<double>(heavy_.size()), 0};
  for (std::size_t i = 0; i < heavy_.size(); ++i) parts.added[i] = x[heavy_[i]] != 0 ? adds_[i] : 0;
  parts.whole = base_ + array_of(parts.added).sum();
  return parts;
}

double SharedError::correlation(const Parts& a, const Parts& b) const {
  const double common = base_ + array_of(a.added).min(array_of(b.added)).sum();
  const double product = a.whole * b.whole;
  return product > 0 ? common * common / product : 1;
}

double SharedError::distance(const Parts& a, const Parts& b) const {
  const double differing = (array_of(a.added) - array_of(b.added)).abs().sum();
  const double product = a.whole * b.whole;
  return product > 0 ? differing / std::sqrt(product) : 0;
}

SharedSurroundings::SharedSurroundings(const Space& space) : influences_(space.units.size()) {
  std::vector<std::set<UnitIndex>> neighbours(space.units.size());
  const auto link = [&](UnitIndex a, UnitIndex b) {
    neighbours[a].insert(b);
    neighbours[b].insert(a);
  };
  for (const TensorLink& tensor : space.tensors)
    if (tensor.producer)
      for (const UnitIndex consumer : tensor.consumers) link(*tensor.producer, consumer);
  for (const Adjacency& pair : space.adjacent) link(pair.first, pair.second);
  for (UnitIndex u = 0; u < space.units.size(); ++u) {
    influences_[u].push_back({u, 1});
    neighbours[u].erase(u);
    int place = 0;
    for (const UnitIndex neighbour : neighbours[u])
      influences_[neighbour].push_back({u, bits_of_neighbour(++place)});
  }
}

SharedSurroundings::Codes SharedSurroundings::of(const Assignment& x) const {
  Codes codes((x.size() + kBlock - 1) / kBlock * kBlock, 0);
  for (std::size_t u = 0; u < x.size(); ++u)
    if (x[u] != 0)
      for (const Influence& influence : influences_[u])
        codes[influence.on] = static_cast<std::uint16_t>(codes[influence.on] ^ influence.bits);
  return codes;
}

SharedSurroundings::Differing SharedSurroundings::differing(const Codes& a, const Codes& b) {
  Differing sum;
  for (std::size_t from = 0; from < a.size(); from += kBlock) {
    const std::uint16_t* of_a = a.data() + from;
    const std::uint16_t* of_b = b.data() + from;
    std::uint16_t units = 0, surroundings = 0;  // as narrow as the codes: as many at once
    for (std::size_t i = 0; i < kBlock; ++i) {
      const auto changed = static_cast<std::uint16_t>(of_a[i] ^ of_b[i]);
      units = static_cast<std::uint16_t>(units + (changed & 1));
      surroundings = static_cast<std::uint16_t>(surroundings + (changed != 0 ? 1 : 0));
    }
    sum.units += units;
    sum.surroundings += surroundings;
  }
  return sum;
}

}  // namespace keel::search
