#include "compiler/program/result_memo.h"

#include <algorithm>
#include <array>
#include <utility>

namespace keel::program {
namespace {

// What an entry costs beside its tensors: map nodes, digests, what malloc adds to each.
constexpr std::size_t kOverheadBytes = 400;

// Of the budget, what is known may take one part in so many, beside the tensors.
constexpr std::size_t kShareOfTheKnown = 8;

// What holding a byte takes: a page of new memory, the eviction of another result, colder caches.
// Measured on studies of a transformer and of ultraface: see scripts/bench_incremental.py.
constexpr double kSecondsToHoldAByte = 2e-9;

// What it may hold before anything shows that more would be of use.
constexpr std::size_t kFirstLimit = std::size_t{64} << 20;

// Paths that are remembered: one takes the place of an older one of the same remainder.
constexpr std::size_t kPaths = std::size_t{1} << 20;

ResultMemo::EntryPtr without_tensors(const ResultMemo::Entry& entry, double seconds) {
  auto without = std::make_shared<ResultMemo::Entry>();
  for (const ResultMemo::Entry::Output& output : entry.outputs)
    without->outputs.push_back({output.content});
  without->seconds = seconds;
  return without;
}

}  // namespace

ResultMemo::ResultMemo(std::size_t byte_budget)
    : paths_(kPaths), byte_budget_(byte_budget), limit_(std::min(byte_budget, kFirstLimit)) {}

Digest content_of(const Tensor& tensor) {
  const Digest held{static_cast<std::uint64_t>(tensor.block()), std::uint64_t{tensor.is_lasting()}};
  return combined(std::array{tensor.content_digest(), held});
}

ResultMemo::Rank ResultMemo::next_rank(const Slot& slot, std::size_t bytes) {
  return {floor_ + slot.seconds * slot.times_wanted / static_cast<double>(bytes), ++uses_};
}

ResultMemo::EntryPtr ResultMemo::find(const Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(key);
  if (found == slots_.end()) {
    ++counts_.misses;
    return nullptr;
  }
  ++counts_.hits;
  Slot& slot = found->second;
  ++slot.times_wanted;
  if (slot.bytes > 0) slot.rank = next_rank(slot, slot.bytes);
  return slot.entry;
}

bool ResultMemo::take(const Digest& path) {
  return paths_[path.low % kPaths].exchange(path.high, std::memory_order_relaxed) == path.high;
}

ResultMemo::EntryPtr ResultMemo::put(const Digest& key, Tensors outputs, double seconds,
                                     bool may_hold) {
  std::size_t bytes = 0;
  const auto entry = std::make_shared<Entry>();
  for (Tensor& output : outputs) {
    bytes += output.bytes().size();
    entry->outputs.push_back({content_of(output), std::move(output)});
  }
  const bool is_worth_it = seconds >= kSecondsToHoldAByte * static_cast<double>(bytes);
  std::vector<EntryPtr> dropped;  // made and freed without the lock
  const std::lock_guard lock(mutex_);
  const auto [found, is_new] = slots_.try_emplace(key);
  Slot& slot = found->second;
  if (slot.bytes > 0) return slot.entry;  // another thread was first
  slot.seconds = seconds;
  if (is_new) {
    known_.push_back(key);
  } else {
    ++counts_.remade;
    if (is_worth_it && std::exchange(slot.was_refused, false))
      limit_ = std::min(byte_budget_, limit_ + bytes);
  }
  if (is_worth_it && (may_hold || !is_new) && hold(key, slot, bytes)) {
    slot.entry = entry;
    dropped = make_room();
  } else {
    entry->seconds = seconds;
    slot.entry = without_tensors(*entry, seconds);
  }
  forget_oldest();
  return entry;
}

bool ResultMemo::hold(const Digest& key, Slot& slot, std::size_t bytes) {
  if (bytes > limit_) {
    slot.was_refused = true;
    return false;
  }
  const Rank rank = next_rank(slot, bytes);
  if (counts_.bytes + bytes > limit_ && rank < by_priority_.begin()->first) {
    floor_ = rank.first;
    slot.was_refused = true;
    ++counts_.evictions;
    return false;
  }
  slot.bytes = bytes;
  slot.rank = rank;
  counts_.bytes += bytes;
  by_priority_.emplace(rank, key);
  return true;
}

// Returns what the caller is to free.
std::vector<ResultMemo::EntryPtr> ResultMemo::make_room() {
  std::vector<EntryPtr> dropped;
  while (counts_.bytes > limit_) {
    const auto first = by_priority_.extract(by_priority_.begin());
    Slot& slot = slots_.at(first.mapped());
    if (slot.rank != first.key()) {
      by_priority_.emplace(slot.rank, first.mapped());
      continue;
    }
    floor_ = slot.rank.first;
    counts_.bytes -= std::exchange(slot.bytes, 0);
    slot.was_refused = true;
    dropped.push_back(std::exchange(slot.entry, without_tensors(*slot.entry, slot.seconds)));
    ++counts_.evictions;
  }
  return dropped;
}

void ResultMemo::forget_oldest() {
  while (known_.size() * kOverheadBytes > byte_budget_ / kShareOfTheKnown) {
    const Digest oldest = known_.front();
    known_.pop_front();
    const auto found = slots_.find(oldest);
    if (found->second.bytes > 0) {
      known_.push_back(oldest);
      if (by_priority_.size() == known_.size()) return;  // all are held
    } else {
      slots_.erase(found);
    }
  }
}

ResultMemo::Counts ResultMemo::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace keel::program
