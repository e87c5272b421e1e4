#include "tuner/search/additive_cut.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <iterator>
#include <map>
#include <set>

#include "compiler/base/check.h"
#include "tuner/search/bounds.h"
#include "tuner/search/fill.h"
#include "tuner/search/front_neighbours.h"
#include "tuner/search/group_probing.h"
#include "tuner/search/hull.h"
#include "tuner/search/local_search.h"
#include "tuner/search/predicted_front.h"
#include "tuner/search/probe_start.h"
#include "tuner/search/refine.h"
#include "tuner/search/surrogate.h"
#include "tuner/search/unit_findings.h"
#include "tuner/search/units_to_probe.h"

namespace keel::search {
namespace {

constexpr std::size_t kFrontTrials = 80;       ///< probes leave so many
constexpr double kProbeShare = 0.45;           ///< or are, with the anchors, so many of all
constexpr std::size_t kScoutsOfProbes = 4;     ///< at most one in so many
constexpr std::size_t kBatch = 4;              ///< trials between two fits
constexpr std::size_t kCertifyBatch = 8;       ///< the model matters less: keeps more workers busy
constexpr std::size_t kMostHullTrials = 16;    ///< Fill finds what more vertices would
constexpr std::size_t kHullVertices = 128;     ///< seeds of the local search
constexpr std::size_t kFrontNeighbours = 512;  ///< of the measured front, beside the model's own
constexpr std::size_t kPredicted = 512;        ///< where errors are known as vectors
constexpr int kRoundsPerCut = 3;
constexpr double kQuietGain = 1e-3;  ///< a round that promises less is quiet
constexpr int kQuietRounds = 3;
// Trials that do not grow the volume by kQuietGain are fruitless, whatever was expected: the search
// gives up after so many, or after so much of its budget, since who gives more wants more.
constexpr std::size_t kFruitlessFill = 64;
constexpr std::size_t kFruitlessPart = 8;
// Model-chosen neighbours evaluated in a row without a better incumbent before only certification
// goes on.
constexpr std::size_t kFruitlessNeighbours = 16;

class AdditiveCut final : public Strategy {
 public:
  AdditiveCut(const Space& space, const StrategyOptions& options)
      : space_(space), started_(space), options_(options), units_(units_to_probe(space)) {}

  std::optional<Proposal> ask() override {
    while (count_ < options_.max_trials) {
      while (!queue_.empty()) {
        Proposal next = std::move(queue_.front());
        queue_.pop_front();
        if (!asked_.insert(next.assignment).second) continue;
        ++count_;
        pending_.push_back(next.assignment);
        return next;
      }
      // While Fill chooses, the batch before keeps other workers busy.
      const std::size_t unseen = stage_ == Stage::Fill ? kBatch : 0;
      if (pending_.size() > unseen || stage_ == Stage::Finished) return std::nullopt;
      plan();
    }
    return std::nullopt;
  }

  void tell(const Trial& trial) override {
    const auto told = std::erase(pending_, trial.assignment);
    KEEL_CHECK(told == 1);
    trials_.push_back(trial);
    // What a front may hold is run in full, if the model wants it there.
    const bool is_partial = trial.outcome.state == TrialState::Partial;
    if (is_partial && !is_verified(trial.outcome)) asked_.erase(trial.assignment);
    const auto predicted = predictions_.find(trial.assignment);
    if (predicted != predictions_.end()) calibration_.add(predicted->second, trial.outcome);
  }

 private:
  enum class Stage { Anchor, Scout, Probe, Split, Pin, Front, Fill, Refine, Finished };

  // Every call queues proposals, or moves to a later stage: ask() comes to an end.
  void plan() {
    switch (stage_) {
      case Stage::Anchor:
        return plan_anchors();
      case Stage::Scout:
        return plan_scouts();
      case Stage::Probe:
        return plan_probes();
      case Stage::Split:
        return plan_halves();
      case Stage::Pin:
        return plan_pinned_anchor();
      case Stage::Front:
        return plan_front();
      case Stage::Fill:
        return plan_fill();
      case Stage::Refine:
        return plan_refine();
      case Stage::Finished:
        return;
    }
  }

  void plan_anchors() {
    stage_ = Stage::Scout;
    queue_.push_back({all_lowered(space_), Phase::Anchor});
    queue_.push_back({all_kept(space_), Phase::Anchor});
    if (units_.size() <= GroupProbing::kMostAlone) scouts_ = scouts(space_, units_);
    scouts_.resize(std::min(scouts_.size(), probes_end() / kScoutsOfProbes));
    if (scouts_.empty()) plan_probes();
  }

  void plan_scouts() {
    stage_ = Stage::Probe;
    if (!is_all_kept_rough(space_, trials_)) scouts_.clear();
    for (const UnitIndex unit : scouts_)
      queue_.push_back({lowered_alone(space_, {unit}), Phase::Probe, Samples::Probing});
    if (scouts_.empty()) plan_probes();
  }

  void plan_probes() {
    stage_ = Stage::Split;
    const std::optional<Trial> start = find_start(space_, trials_);
    if (start) {
      started_ = starting_from(space_, start->assignment);
      // Probes are measured against it, on all samples.
      if (start->outcome.state == TrialState::Partial)
        queue_.push_back({start->assignment, Phase::Anchor});
    }
    for (const PoleGroup& group : space_.poles)
      if (!group.floor_is_lost)
        queue_.push_back({lowered_alone(started_, group.units), Phase::Probe});
    std::erase_if(units_, [&](UnitIndex unit) {
      if (!start) return std::ranges::find(scouts_, unit) != scouts_.end();
      return started_.units[unit].state != UnitState::Free;
    });
    probing_.emplace(started_, units_);
    queue_probes(probing_->next(trials_));
  }

  // Asks after which nothing is probed.
  std::size_t probes_end() const {
    const std::size_t all = options_.max_trials;
    const auto share = static_cast<std::size_t>(kProbeShare * static_cast<double>(all));
    return std::max(share, all - std::min(all, kFrontTrials));
  }

  void plan_halves() {
    if (count_ < probes_end()) queue_probes(probing_->next(trials_));
    if (queue_.empty()) stage_ = Stage::Pin;
  }

  // Of suspects as many as half of all trials allow, then as probes_end() does, of what has most
  // time to gain.
  void queue_probes(std::vector<GroupProbing::Group> groups) {
    const auto is_suspect = [&](const GroupProbing::Group& group) {
      return space_.units[group.front()].suspect;
    };
    const auto left = [&](std::size_t end) { return end - std::min(count_ + queue_.size(), end); };
    const auto suspects = static_cast<std::size_t>(std::ranges::count_if(groups, is_suspect));
    const std::size_t most =
        std::max(left(probes_end()), std::min(suspects, left(options_.max_trials / 2)));
    if (groups.size() > most) {
      std::ranges::stable_sort(groups, {}, [&](const GroupProbing::Group& group) {
        double gain_us = 0;
        for (const UnitIndex u : group)
          gain_us += space_.units[u].kept_us - space_.units[u].lowered_us;
        return std::pair(!is_suspect(group), -gain_us);
      });
      groups.resize(most);
      std::ranges::stable_sort(groups, std::greater(),
                               [](const auto& group) { return group.front(); });
    }
    for (const GroupProbing::Group& group : groups)
      queue_.push_back({lowered_alone(started_, group), Phase::Probe, Samples::Probing});
  }

  void plan_pinned_anchor() {
    stage_ = Stage::Front;
    std::vector<UnitFinding> findings = unit_findings(space_, trials_);
    pinned_ = with_pins(started_, findings);
    queue_.push_back({all_lowered(pinned_), Phase::Anchor});
    // The fast end of the front, cliffs and all: all lowered, where that is finite.
    for (UnitFinding& finding : findings)
      if (finding.probed && !finding.guarded) finding.pinned = finding.lone_non_finite;
    queue_.push_back({all_lowered(with_pins(started_, findings)), Phase::Anchor});
  }

  void plan_front() {
    stage_ = Stage::Fill;
    const std::size_t remaining = options_.max_trials - count_;
    fill_end_ = count_ + remaining - remaining / 3;
    const Surrogate surrogate(pinned_, trials_);
    cut(surrogate);
    const Fill front =
        choose_fill(question(surrogate), hull_, std::min(kMostHullTrials, remaining / 3));
    queue(front, Phase::Front);
  }

  void plan_fill() {
    const std::size_t room = fill_room();
    if (room == 0 || quiet_rounds_ >= kQuietRounds) return enter_refine();
    const Surrogate surrogate(pinned_, trials_);
    if (++rounds_ % kRoundsPerCut == 0) cut(surrogate);
    const Fill fill =
        choose_fill(question(surrogate), candidates(surrogate), std::min(kBatch, room));
    if (fill.volume > grown_volume_ * (1 + kQuietGain)) {
      grown_volume_ = fill.volume;
      grown_at_ = count_;
    }
    quiet_rounds_ = fill.gain < kQuietGain ? quiet_rounds_ + 1 : 0;
    if (count_ - grown_at_ >= std::max(kFruitlessFill, options_.max_trials / kFruitlessPart)) {
      quiet_rounds_ = kQuietRounds;
      return enter_refine();
    }
    queue(fill, Phase::Fill);
    if (fill.assignments.empty()) {
      quiet_rounds_ = kQuietRounds;
      enter_refine();
    }
  }

  // Trials that Fill may ask yet: what is left for Refine it takes too while nothing can be
  // refined.
  std::size_t fill_room() const {
    if (count_ < fill_end_) return fill_end_ - count_;
    return incumbent_to_refine() ? 0 : options_.max_trials - count_;
  }

  std::optional<Trial> incumbent_to_refine() const {
    if (options_.goal.whole_front) return {};
    std::optional<Trial> best = best_verified(space_, trials_, options_.goal);
    if (best && Bounds(options_.goal, space_, trials_).violation(best->outcome) > 0) return {};
    return best;
  }

  void enter_refine() {
    stage_ = Stage::Refine;
    refined_from_ = count_;
  }

  // Back to the front with what the budget still has, where Refine taught something or the front
  // was not quiet yet.
  void leave_refine() {
    const std::size_t remaining = options_.max_trials - count_;
    const bool is_quiet = quiet_rounds_ >= kQuietRounds;
    if (remaining == 0 || (is_quiet && count_ == refined_from_)) {
      stage_ = Stage::Finished;
      return;
    }
    stage_ = Stage::Fill;
    quiet_rounds_ = is_quiet ? kQuietRounds - 1 : 0;
    fill_end_ = count_ + remaining - remaining / 3;
  }

  void plan_refine() {
    const Goal& goal = options_.goal;
    const std::optional<Trial> incumbent = incumbent_to_refine();
    if (!incumbent) return leave_refine();
    if (incumbent->assignment != incumbent_) {
      incumbent_ = incumbent->assignment;
      fruitless_ = 0;
    }
    if (is_last() && incumbent->outcome.state == TrialState::Partial) return complete(*incumbent);
    const std::size_t room = is_last() ? 1 : options_.max_trials - count_ - 1;
    const Surrogate surrogate(pinned_, trials_, Surrogate::Use::ModelsAlone);
    const std::vector<Assignment> uncertified =
        uncertified_neighbours(space_, surrogate, *incumbent, surrogate.trials(), asked_, goal);
    const bool can_certify = room >= uncertified.size();
    if (fruitless_ < kFruitlessNeighbours && can_certify) {
      const std::vector<Assignment> promising = promising_neighbours(
          surrogate, *incumbent, surrogate.trials(), asked_, std::min(kBatch, room), goal);
      fruitless_ += promising.size();
      queue_refinements(promising, *incumbent);
      if (!promising.empty()) return;
    }
    if (uncertified.empty()) return complete(*incumbent);
    if (!can_certify && !is_last() && quiet_rounds_ < kQuietRounds) return fill_rest(*incumbent);
    const std::size_t count = std::min({kCertifyBatch, uncertified.size(), room});
    queue_refinements(
        {uncertified.begin(), uncertified.begin() + static_cast<std::ptrdiff_t>(count)},
        *incumbent);
  }

  // Half a certificate says nothing: the front has more use of what is left.
  void fill_rest(const Trial& incumbent) {
    stage_ = Stage::Fill;
    const bool is_partial = incumbent.outcome.state == TrialState::Partial;
    fill_end_ = options_.max_trials - (is_partial ? 1 : 0);
  }

  // The last trial is for complete(), where that has anything to do.
  bool is_last() const { return options_.max_trials - count_ == 1; }

  // What is recommended shows its error on all samples, as every point of the front does.
  void complete(const Trial& incumbent) {
    if (incumbent.outcome.state == TrialState::Complete) return leave_refine();
    queue_.push_back({incumbent.assignment, Phase::Refine});
    asked_.erase(incumbent.assignment);
  }

  void queue(const std::vector<Assignment>& assignments, Phase phase) {
    for (const Assignment& x : assignments) queue_.push_back({x, phase});
  }

  // Under Aim::Latency the error but has to meet the requirements.
  void queue_refinements(const std::vector<Assignment>& assignments, const Trial& incumbent) {
    const bool is_verified_only = options_.goal.aim == Aim::Latency && !is_last();
    const Samples samples = is_verified_only ? Samples::Verifying : Samples::All;
    const std::optional<double> slowest_us = slowest_recommended_us(incumbent);
    for (const Assignment& x : assignments)
      queue_.push_back({x, Phase::Refine, samples, slowest_us});
  }

  // Slower ones are not recommended in the place of `incumbent`, whatever their error.
  std::optional<double> slowest_recommended_us(const Trial& incumbent) const {
    const Goal& goal = options_.goal;
    double slowest_us = Bounds(goal, space_, trials_).latency_us();
    if (goal.aim == Aim::Latency) {
      double best_us = incumbent.outcome.latency_us;
      if (options_.rivals.best) best_us = std::min(best_us, options_.rivals.best->latency_us);
      slowest_us = std::min(slowest_us, best_us * (1 + kTie));
    }
    if (std::isinf(slowest_us)) return std::nullopt;
    return slowest_us;
  }

  void queue(const Fill& fill, Phase phase) {
    for (std::size_t i = 0; i < fill.assignments.size(); ++i)
      predictions_.emplace(fill.assignments[i], fill.predictions[i]);
    queue(fill.assignments, phase);
  }

  FillQuestion question(const Surrogate& surrogate) const {
    return {pinned_,  surrogate,     trials_,      asked_,
            pending_, options_.goal, calibration_, options_.rivals};
  }

  void cut(const Surrogate& surrogate) {
    hull_ = lower_hull(surrogate.space(), surrogate.error_model(), kHullVertices);
    if (!options_.goal.max_casts) return;
    for (const ModelPoint& vertex :
         hulls_of_few_casts(surrogate.space(), surrogate.error_model(), kHullVertices))
      hull_.push_back(vertex);
  }

  std::vector<ModelPoint> candidates(const Surrogate& surrogate) const {
    std::vector<Assignment> seeds;
    for (const ModelPoint& vertex : hull_) seeds.push_back(vertex.assignment);
    for (const Trial& trial : front(trials_)) seeds.push_back(trial.assignment);
    LocalSearchOptions options;
    options.seed = options_.seed + count_;
    options.max_casts = options_.goal.max_casts;
    std::vector<ModelPoint> points =
        model_front(surrogate.space(), surrogate.error_model(), seeds, options);
    std::ranges::move(front_neighbours(surrogate, trials_, asked_, kFrontNeighbours),
                      std::back_inserter(points));
    if (surrogate.error_vectors())
      std::ranges::move(predicted_front(surrogate, trials_, points, kPredicted),
                        std::back_inserter(points));
    return points;
  }

  Space space_;
  Space started_;  ///< space_ with what probes start from Lowered, from stage Split on
  Space pinned_;   ///< that with pins Kept, from stage Front on
  StrategyOptions options_;
  std::vector<UnitIndex> units_;         ///< to be probed
  std::vector<UnitIndex> scouts_;        ///< of them, probed first
  std::optional<GroupProbing> probing_;  ///< from stage Split on
  Stage stage_ = Stage::Anchor;
  std::deque<Proposal> queue_;
  std::set<Assignment> asked_;       ///< but those told Partial
  std::size_t count_ = 0;            ///< of proposals asked
  std::vector<Assignment> pending_;  ///< asked, not told
  std::vector<Trial> trials_;
  std::map<Assignment, Prediction> predictions_;  ///< of what Fill proposed
  PredictionCalibration calibration_;
  std::vector<ModelPoint> hull_;
  std::size_t fill_end_ = 0;      ///< asks after which Fill ends
  std::size_t refined_from_ = 0;  ///< asks before Refine
  int rounds_ = 0;
  int quiet_rounds_ = 0;
  double grown_volume_ = 0;   ///< of the front when it last grew
  std::size_t grown_at_ = 0;  ///< asks before that
  Assignment incumbent_;      ///< last refined
  std::size_t fruitless_ = 0;
};

}  // namespace

std::unique_ptr<Strategy> make_additive_cut(const Space& space, const StrategyOptions& options) {
  return std::make_unique<AdditiveCut>(space, options);
}

}  // namespace keel::search
