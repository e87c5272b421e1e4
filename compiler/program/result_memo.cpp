#include "compiler/program/result_memo.h"

namespace keel::program {
namespace {

// What an entry costs beside its tensors: list node, map node, digests.
constexpr std::size_t kEntryOverheadBytes = 256;

std::size_t bytes_of(const ResultMemo::Entry& entry) {
  std::size_t bytes = kEntryOverheadBytes;
  for (const Tensor& tensor : entry.outputs) bytes += tensor.bytes().size();
  return bytes;
}

}  // namespace

ResultMemo::Rank ResultMemo::next_rank(double worth) { return {floor_ + worth, ++uses_}; }

std::optional<ResultMemo::Entry> ResultMemo::find(const Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(key);
  if (found == slots_.end()) {
    ++counts_.misses;
    return std::nullopt;
  }
  ++counts_.hits;
  Slot& slot = found->second;
  auto place = by_priority_.extract(slot.place);
  place.key() = next_rank(slot.seconds_per_byte * ++slot.times_wanted);
  slot.place = by_priority_.insert(std::move(place)).position;
  return slot.entry;
}

void ResultMemo::put(const Digest& key, Entry entry, double seconds) {
  const std::size_t bytes = bytes_of(entry);
  if (bytes > byte_budget_) return;
  const double seconds_per_byte = seconds / static_cast<double>(bytes);
  const std::lock_guard lock(mutex_);
  if (slots_.contains(key)) return;  // another thread was first; the results are equal
  const Rank rank = next_rank(seconds_per_byte);
  if (counts_.bytes + bytes > byte_budget_ && rank < by_priority_.begin()->first) {
    floor_ = rank.first;
    ++counts_.evictions;
    return;
  }
  const auto place = by_priority_.emplace(rank, key).first;
  slots_.emplace(key, Slot{std::move(entry), bytes, seconds_per_byte, 1, place});
  counts_.bytes += bytes;
  make_room();
}

void ResultMemo::make_room() {
  while (counts_.bytes > byte_budget_) {
    const auto first = by_priority_.begin();
    const auto slot = slots_.find(first->second);
    floor_ = first->first.first;
    counts_.bytes -= slot->second.bytes;
    slots_.erase(slot);
    by_priority_.erase(first);
    ++counts_.evictions;
  }
}

ResultMemo::Counts ResultMemo::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace keel::program
