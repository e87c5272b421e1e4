#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/tensor.h"

namespace keel::program {

/// Results of nodes by the digest of everything they depend on, within a byte budget. Thread-safe.
///
/// What saves least goes first, among results as recently used: each has a priority of its cost per
/// byte times how often it was wanted, above the priority of what went last when it was put in or
/// found (GreedyDual-Size with frequency: Cherkasova, Improving WWW proxies performance with
/// Greedy-Dual-Size-Frequency caching policy, 1998). So an old expensive result outlives younger
/// cheap ones, but not for ever, and a base that trials share outlives what one trial made of it.
class ResultMemo {
 public:
  explicit ResultMemo(std::size_t byte_budget) : byte_budget_(byte_budget) {}

  struct Entry {
    std::vector<Tensor> outputs;
  };

  std::optional<Entry> find(const Digest& key);
  /// \param seconds  what computing it took
  void put(const Digest& key, Entry entry, double seconds);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t evictions = 0;  ///< of results that were in, or that would have gone at once
    std::size_t bytes = 0;
  };
  Counts counts() const;

 private:
  // Priority, then the order of use, so that no two are equal.
  using Rank = std::pair<double, std::uint64_t>;
  struct Slot {
    Entry entry;
    std::size_t bytes = 0;
    double seconds_per_byte = 0;
    double times_wanted = 1;
    std::map<Rank, Digest>::iterator place;
  };
  Rank next_rank(double worth);
  void make_room();

  std::size_t byte_budget_;
  mutable std::mutex mutex_;
  std::unordered_map<Digest, Slot, DigestHash> slots_;
  std::map<Rank, Digest> by_priority_;  // first: goes next
  double floor_ = 0;                    // the priority of what went last
  std::uint64_t uses_ = 0;
  Counts counts_;
};

}  // namespace keel::program
