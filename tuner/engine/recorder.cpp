#include "tuner/engine/recorder.h"

#include <algorithm>
#include <iterator>

namespace keel::engine {

Recorder::Recorder(study::Study& study, const AfterTrials& after,
                   std::chrono::milliseconds gathering)
    : study_(study), after_(after), gathering_(gathering), thread_([this] { write(); }) {}

Recorder::~Recorder() { static_cast<void>(finish()); }

void Recorder::add(study::TrialRecord record) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_.size() < study::kMostAppended || error_; });
  if (error_) return;
  waiting_.push_back(std::move(record));
  changed_.notify_all();
}

bool Recorder::failed() const {
  const std::lock_guard lock(mutex_);
  return error_.has_value();
}

Status Recorder::finish() {
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  if (error_) return *error_;
  return Done{};
}

void Recorder::write() {
  std::unique_lock lock(mutex_);
  while (!error_) {
    changed_.wait(lock, [this] { return !waiting_.empty() || finishing_; });
    if (waiting_.empty()) return;
    changed_.wait_for(lock, gathering_,
                      [this] { return waiting_.size() >= study::kMostAppended || finishing_; });
    std::vector<study::TrialRecord> batch(std::move_iterator(waiting_.begin()),
                                          std::move_iterator(waiting_.end()));
    waiting_.clear();
    changed_.notify_all();
    lock.unlock();
    Status stored = study_.append(std::move(batch));
    if (stored.ok() && after_) after_(study_);
    lock.lock();
    if (!stored.ok()) {
      error_ = std::move(stored).error();
      changed_.notify_all();
    }
  }
}

}  // namespace keel::engine
