#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "compiler/base/hash.h"
#include "compiler/base/tensor.h"

namespace keel::program {

/// Digest of all that a result made from a tensor depends on: the content, and how it is held,
/// which decides the order in which a product is summed.
Digest content_of(const Tensor& tensor);

/// Results of nodes by the digest of everything they depend on, within a byte budget. Thread-safe.
///
/// Of every result it knows the content, so that what reads an equal one can be looked up too; the
/// tensors it holds only where making them again takes longer than holding them.
///
/// What saves least goes first, among results as recently used: each has a priority of its cost per
/// byte times how often it was wanted, above the priority of what went last when it was put in or
/// found (GreedyDual-Size with frequency: Cherkasova, Improving WWW proxies performance with
/// Greedy-Dual-Size-Frequency caching policy, 1998). So an old expensive result outlives younger
/// cheap ones, but not for ever, and a base that trials share outlives what one trial made of it.
/// Beside the tensors, an eighth of the budget is for what is known, of which the oldest goes
/// first. It begins with a small part of the budget and takes more for each result that had to be
/// made again: memory is used as far as it saves time, since memory that was never touched before
/// costs more than memory that is used again.
class ResultMemo {
 public:
  explicit ResultMemo(std::size_t byte_budget);

  struct Entry {
    struct Output {
      Digest content;                     ///< content_of()
      std::optional<Tensor> tensor = {};  ///< where it is held: of all outputs or of none
    };
    std::vector<Output> outputs;
    double seconds = 0;  ///< what making the tensors again takes; 0 where they are held
    bool holds_tensors() const { return outputs.front().tensor.has_value(); }
  };
  using EntryPtr = std::shared_ptr<const Entry>;  // null: nothing is known

  EntryPtr find(const Digest& key);

  /// Whether the path was taken before, of the last million or so.
  /// \param path  digest of the steps that lead to a result
  bool take(const Digest& path);

  /// \param seconds  what making the outputs again takes, together with inputs that are not held
  /// \param may_hold  false: tensors are held only of a result that was known before
  /// \returns        an entry with the tensors, and the seconds that find() would give now
  EntryPtr put(const Digest& key, Tensors outputs, double seconds, bool may_hold = true);

  struct Counts {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    std::uint64_t remade = 0;     ///< put in though they were known
    std::uint64_t evictions = 0;  ///< of tensors that were in, or that would have gone at once
    std::size_t bytes = 0;        ///< of tensors held
  };
  Counts counts() const;

 private:
  // Priority, then the order of use, so that no two are equal.
  using Rank = std::pair<double, std::uint64_t>;
  struct Slot {
    EntryPtr entry;
    std::size_t bytes = 0;  // of tensors that are held
    double seconds = 0;     // that they save
    double times_wanted = 1;
    bool was_refused = false;  // or let go, for want of room
    Rank rank = {};            // of held ones; may have risen above its place
  };
  Rank next_rank(const Slot& slot, std::size_t bytes);
  bool hold(const Digest& key, Slot& slot, std::size_t bytes);
  void forget_oldest();
  std::vector<EntryPtr> make_room();

  std::vector<std::atomic<std::uint64_t>> paths_;  // that were taken, by a part of their digest
  std::size_t byte_budget_;
  std::size_t limit_;  // of the bytes of tensors, now
  mutable std::mutex mutex_;
  std::unordered_map<Digest, Slot, DigestHash> slots_;
  std::deque<Digest> known_;            // oldest first
  std::map<Rank, Digest> by_priority_;  // of those held; first: goes next
  double floor_ = 0;                    // the priority of what went last
  std::uint64_t uses_ = 0;
  Counts counts_;
};

/// How an execution shares results with others.
struct Sharing {
  ResultMemo* memo = nullptr;  ///< may be null
  /// Whether later executions are likely to ask for all that this one is the first to compute.
  bool expects_reuse = true;
};

}  // namespace keel::program
