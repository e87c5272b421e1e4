#include "tuner/engine/loop.h"

#include <tbb/flow_graph.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <span>

namespace keel::engine {
namespace {

namespace flow = tbb::flow;
using JobPtr = std::shared_ptr<Job>;  // shared by the nodes of the flow graph a job passes

// Nodes of a trial that its keep list names: of free units it keeps, and the owner's.
void count_kept(const Target& target, study::TrialRecord& record) {
  for (std::size_t u = 0; u < target.units.size(); ++u) {
    const UnitFacts& unit = target.units[u];
    const bool free = unit.state == search::UnitState::Free;
    const search::Assignment& x = record.trial.assignment;
    if (x[u] != 0 || !search::is_listed(unit.state) || unit.format_of) continue;
    if (target.format == Format::Bf16 && target.is_in_format(x, u)) continue;
    record.kept_units += free ? 1 : 0;
    record.kept_nodes += static_cast<int>(unit.nodes.size());
  }
}

class Loop {
 public:
  Loop(const Bench& bench, search::Strategy& strategy, study::Study& study, std::stop_token stop,
       const AfterTrials& after)
      : bench_(bench),
        strategy_(strategy),
        recorded_(study.trials()),
        recorder_(study, after),
        stop_(std::move(stop)) {
    flow::make_edge(compile_, measure_);
    flow::make_edge(measure_, evaluate_);
    flow::make_edge(evaluate_, check_);
    flow::make_edge(check_, in_order_);
    flow::make_edge(in_order_, record_);
  }

  Status run() {
    propose();
    graph_.wait_for_all();
    Status recorded = recorder_.finish();
    if (error_) return *error_;
    return recorded;
  }

 private:
  // Keeps kLookAhead trials on their way. The first job put into the graph may bring the recorder
  // here at once, so nothing is touched after that.
  void propose() {
    std::vector<JobPtr> jobs;
    while (asked_ - told_ < kLookAhead && !error_ && !recorder_.failed() &&
           !stop_.stop_requested()) {
      std::optional<search::Proposal> proposal = strategy_.ask();
      if (!proposal) break;
      JobPtr job = std::make_shared<Job>();
      job->record.trial.number = asked_++;
      job->record.trial.assignment = std::move(proposal->assignment);
      job->record.trial.phase = proposal->phase;
      job->samples = proposal->samples;
      job->slowest_us = proposal->slowest_us;
      if (!take_recorded(*job)) return;
      jobs.push_back(std::move(job));
    }
    for (const JobPtr& job : jobs) compile_.try_put(job);
  }

  bool take_recorded(Job& job) {
    const std::uint64_t number = job.record.trial.number;
    if (number >= recorded_.size()) return true;
    const study::TrialRecord& recorded = recorded_[number];
    if (recorded.trial.assignment != job.record.trial.assignment) {
      error_ = Error{
          ErrorCode::StudyCorrupt,
          "trial " + std::to_string(number) + " of the study is not the one this search proposes",
          "study.db", "start a new study in another --output folder"};
      return false;
    }
    job.record = recorded;
    job.recorded = true;
    return true;
  }

  void record(Job& job) {
    if (error_ || job.cancelled || stopped_) {
      stopped_ = true;  // a trial after a lost one would leave a hole in the study
      return;
    }
    if (job.fatal) {
      error_ = std::move(job.fatal);
      return;
    }
    ++told_;
    strategy_.tell(job.record.trial);
    if (!job.recorded) {
      count_kept(*bench_.target, job.record);
      recorder_.add(std::move(job.record));
    }
    propose();
  }

  const Bench& bench_;
  search::Strategy& strategy_;
  // Read while recorded trials are proposed: all of them are before the first new one is added.
  std::span<const study::TrialRecord> recorded_;
  Recorder recorder_;
  std::stop_token stop_;
  std::uint64_t asked_ = 0;
  std::uint64_t told_ = 0;
  bool stopped_ = false;
  std::optional<Error> error_;

  flow::graph graph_;
  // A bounded node takes its jobs in the order they came, where an unbounded one leaves the newest
  // to be first: then the trials that others wait for would be last.
  const std::size_t workers_ = static_cast<std::size_t>(tbb::this_task_arena::max_concurrency());
  flow::function_node<JobPtr, JobPtr> compile_{graph_, workers_, [this](JobPtr job) {
                                                 compile(bench_, *job);
                                                 return job;
                                               }};
  flow::function_node<JobPtr, JobPtr> measure_{graph_, flow::serial, [this](JobPtr job) {
                                                 measure(bench_, *job);
                                                 return job;
                                               }};
  flow::function_node<JobPtr, JobPtr> evaluate_{graph_, workers_, [this](JobPtr job) {
                                                  evaluate(bench_, *job, stop_);
                                                  return job;
                                                }};
  // A check blocks a worker: its command computes in the worker's place, so --jobs bounds both.
  flow::function_node<JobPtr, JobPtr> check_{graph_, workers_, [this](JobPtr job) {
                                               check(bench_, *job, stop_);
                                               return job;
                                             }};
  flow::sequencer_node<JobPtr> in_order_{
      graph_, [](const JobPtr& job) { return job->record.trial.number; }};
  flow::function_node<JobPtr> record_{graph_, flow::serial, [this](const JobPtr& job) {
                                        record(*job);
                                        return flow::continue_msg();
                                      }};
};

}  // namespace

Status run_loop(const Bench& bench, search::Strategy& strategy, study::Study& study,
                std::stop_token stop, const AfterTrials& after) {
  Loop loop(bench, strategy, study, std::move(stop), after);
  return loop.run();
}

}  // namespace keel::engine
