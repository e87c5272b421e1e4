#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/tensor.h"

namespace keel::program {

/// Results of nodes by the digest of everything they depend on, within a byte budget; the least
/// recently used go first. Thread-safe.
class ResultMemo {
 public:
  explicit ResultMemo(std::size_t byte_budget) : byte_budget_(byte_budget) {}

  struct Entry {
    std::vector<Tensor> outputs;
  };

  std::optional<Entry> find(const Digest& key);
  void put(const Digest& key, Entry entry);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::size_t bytes = 0;
  };
  Counts counts() const;

 private:
  struct Slot {
    Digest key;
    Entry entry;
    std::size_t bytes;
  };
  std::size_t byte_budget_;
  mutable std::mutex mutex_;
  std::list<Slot> recent_;  // front: used last
  std::unordered_map<Digest, std::list<Slot>::iterator, DigestHash> slots_;
  Counts counts_;
};

}  // namespace keel::program
