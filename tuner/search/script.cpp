#include "tuner/search/script.h"

#include <deque>
#include <map>

#include "compiler/base/check.h"

namespace keel::search {
namespace {

class Scripted final : public Strategy {
 public:
  Scripted(Script script, std::size_t max_trials)
      : script_(std::move(script)), max_trials_(max_trials) {}

  std::optional<Proposal> ask() override {
    while (asked_ < max_trials_) {
      if (!queue_.empty()) {
        Proposal next = std::move(queue_.front());
        queue_.pop_front();
        ++asked_;
        return next;
      }
      if (told_ < asked_ || is_finished_) return std::nullopt;
      go_on();
    }
    return std::nullopt;
  }

  void tell(const Trial& trial) override {
    KEEL_CHECK(told_ < asked_);
    ++told_;
    outcomes_[trial.assignment] = trial.outcome;
  }

 private:
  void go_on() {
    std::vector<Outcome> outcomes;
    if (batch_ != nullptr)
      for (const Assignment& x : batch_->assignments) outcomes.push_back(*outcomes_.at(x));
    batch_ = script_.resume(std::move(outcomes));
    is_finished_ = batch_ == nullptr;
    if (is_finished_) return;
    for (const Assignment& x : batch_->assignments)
      if (outcomes_.try_emplace(x).second) queue_.push_back({x, batch_->phase});
  }

  Script script_;
  std::size_t max_trials_;
  const Batch* batch_ = nullptr;  ///< what the script waits for
  bool is_finished_ = false;
  std::deque<Proposal> queue_;
  std::map<Assignment, std::optional<Outcome>> outcomes_;  ///< empty: not told yet
  std::size_t asked_ = 0;
  std::size_t told_ = 0;
};

}  // namespace

const Batch* Script::resume(std::vector<Outcome> outcomes) {
  handle_.promise().outcomes_ = std::move(outcomes);
  handle_.resume();
  return handle_.promise().batch_;
}

bool meets_requirements(const Outcome& outcome) {
  return outcome.state == TrialState::Complete && outcome.violation <= 0;
}

std::unique_ptr<Strategy> make_scripted(Script script, std::size_t max_trials) {
  return std::make_unique<Scripted>(std::move(script), max_trials);
}

}  // namespace keel::search
