#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tuner/study/study.h"

namespace keel::engine {

/// Called after trials have reached the disk, with all that have.
using AfterTrials = std::function<void(const study::Study&)>;

/// How long a trial waits for others to share its append: a flush of the disk takes as long for
/// many as for one. A crash loses what waits.
constexpr std::chrono::milliseconds kGathering{50};

/// Appends trials to a study from a thread of its own, all that wait in one append, so that no
/// worker waits for the disk. Between construction and finish() the study is the recorder's.
class Recorder {
 public:
  Recorder(study::Study& study, const AfterTrials& after,
           std::chrono::milliseconds gathering = kGathering);
  ~Recorder();  ///< as finish()
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  /// Hands a trial over; waits while an append's worth of them wait already.
  /// \pre trials come in the order of their numbers
  void add(study::TrialRecord record);

  /// Whether an append failed; what is added after that is dropped.
  bool failed() const;

  /// Waits until every trial handed over is on the disk.
  /// \error IoFailed  an append failed; the study ends before its trials
  Status finish();

 private:
  void write();

  study::Study& study_;
  const AfterTrials& after_;
  std::chrono::milliseconds gathering_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<study::TrialRecord> waiting_;
  bool finishing_ = false;
  std::optional<Error> error_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace keel::engine
