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

std::optional<ResultMemo::Entry> ResultMemo::find(const Digest& key) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(key);
  if (found == slots_.end()) {
    ++counts_.misses;
    return std::nullopt;
  }
  ++counts_.hits;
  recent_.splice(recent_.begin(), recent_, found->second);
  return found->second->entry;
}

void ResultMemo::put(const Digest& key, Entry entry) {
  const std::size_t bytes = bytes_of(entry);
  if (bytes > byte_budget_) return;
  const std::lock_guard lock(mutex_);
  if (slots_.contains(key)) return;  // another thread was first; the results are equal
  recent_.push_front({key, std::move(entry), bytes});
  slots_[key] = recent_.begin();
  counts_.bytes += bytes;
  while (counts_.bytes > byte_budget_) {
    const Slot& oldest = recent_.back();
    counts_.bytes -= oldest.bytes;
    slots_.erase(oldest.key);
    recent_.pop_back();
  }
}

ResultMemo::Counts ResultMemo::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace keel::program
