#pragma once

#include <coroutine>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "tuner/search/strategy.h"

namespace keel::search {

/// Assignments whose outcomes a Script needs before it goes on. \pre realised, fixed units fixed
struct Batch {
  std::vector<Assignment> assignments;
  Phase phase = Phase::Fill;
};

/// A search written as straight-line code: a coroutine that awaits batches.
///
///     Script try_both(Space space) {
///       const Batch both{{all_lowered(space), all_kept(space)}, Phase::Anchor};
///       const std::vector<Outcome> outcomes = co_await both;
///       ...
///     }
///
/// The outcomes are in the order of the batch. An assignment may be awaited again: what was
/// evaluated before is not proposed a second time. Parameters are taken by value, since the
/// coroutine outlives the call, and a batch has a name, since it outlives the expression.
///
/// \pre a script ends, or awaits something new after finitely many batches
class Script {
 public:
  class Promise;
  using promise_type = Promise;

  explicit Script(std::coroutine_handle<Promise> handle) : handle_(handle) {}
  Script(Script&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Script& operator=(Script&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script() {
    if (handle_) handle_.destroy();
  }

  /// Goes on with the outcomes of the batch returned last; the first time with none.
  /// \returns the next batch, valid until the next call; null at the end. \pre not at the end
  const Batch* resume(std::vector<Outcome> outcomes);

 private:
  std::coroutine_handle<Promise> handle_;
};

/// What the compiler needs to make a coroutine of a function that returns a Script.
class Script::Promise {
 public:
  Script get_return_object() { return Script(std::coroutine_handle<Promise>::from_promise(*this)); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  std::suspend_always final_suspend() const noexcept { return {}; }
  void return_void() { batch_ = nullptr; }
  void unhandled_exception() const { throw; }

  struct Awaiter {
    Promise* promise;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    std::vector<Outcome> await_resume() const { return std::move(promise->outcomes_); }
  };
  Awaiter await_transform(const Batch& batch) {
    batch_ = &batch;
    return {this};
  }
  Awaiter await_transform(const Batch&&) = delete;

 private:
  friend class Script;
  const Batch* batch_ = nullptr;  ///< of the coroutine that waits
  std::vector<Outcome> outcomes_;
};

/// Whether a trial is complete and meets every requirement: what most scripts ask.
bool meets_requirements(const Outcome& outcome);

/// Proposes what `script` awaits, each assignment once and at most `max_trials` in all. ask() is
/// empty while a batch waits for its outstanding trials.
std::unique_ptr<Strategy> make_scripted(Script script, std::size_t max_trials);

}  // namespace keel::search
