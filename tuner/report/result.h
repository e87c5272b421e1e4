#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "compiler/ascend/cann.h"
#include "profiler/accuracy/metrics.h"
#include "profiler/accuracy/split.h"
#include "tuner/report/front_step.h"
#include "tuner/report/range_finding.h"
#include "tuner/search/certificate.h"
#include "tuner/search/goal.h"
#include "tuner/search/unit_findings.h"
#include "tuner/study/study.h"

namespace keel::report {

/// A unit with everything a reason may quote.
struct UnitRow {
  study::UnitRecord record;
  std::string unit_class;                ///< "cube", "vector", "layout"
  std::vector<RangeFinding> suspicions;  ///< in execution order
};

/// What a tuning run found. A pure function of the question: no clock, host or thread count.
struct TuneResult {
  study::Question question;
  std::vector<accuracy::Requirement> requirements;
  std::vector<std::string> figure_names = accuracy::figure_names({});  ///< of all MetricValues
  std::vector<UnitRow> units;
  std::vector<search::UnitFinding> findings;  ///< as units
  search::Assignment start;                ///< what probes lower one more unit of; empty: all kept
  std::vector<study::TrialRecord> trials;  ///< all of them, in order
  std::vector<std::uint64_t> front;        ///< trial numbers, by latency
  std::optional<std::uint64_t> all_kept, all_lowered;  ///< the anchors
  std::optional<std::uint64_t> recommended;
  /// By the recommendation, on what ranks and on what validates; the bounds of the goal too.
  bool requirements_met = false;
  accuracy::Split split;
  study::MetricValues hold_out;  ///< of the recommendation; empty without hold-out samples
  study::MetricValues hold_out_lo = {}, hold_out_hi = {};  ///< ends of its intervals
  bool hold_out_met = false;
  double time_error = 0;  ///< relative error of predicted latencies; 0: they were measured
  bool finished = true;   ///< false: interrupted, this is what is known so far
  /// Nodes that the owner's list keeps and no unit stands for: they move elements only. In every
  /// keep list.
  std::vector<std::string> owners_layout = {};
  /// Between neighbours on the front, in its order; empty where times were measured.
  std::vector<FrontStep> front_steps = {};
  /// How far the recommendation may be from the best, as requirements; empty of a run that was
  /// interrupted or recommends nothing.
  std::vector<std::optional<search::Certificate>> certificates = {};
  search::Goal goal = {};
  /// The ends of intervals at this confidence have to meet the requirements; absent: the figures
  /// themselves have.
  std::optional<double> confidence = {};
};

/// What the compiler command needs beside the result.
struct CompilerCommand {
  /// What atc gets: the model, or named.onnx. Absolute, or relative to the folder of atc.sh.
  std::filesystem::path model;
  std::string input_shape;  ///< "x:1,3,224,224;y:1,16"
  std::string soc_version;
  std::string precision_mode;
  std::string allow_hf32;  ///< the vendor's spelling; empty: not given
  /// (name, absolute path) of files that were evaluated with every variant.
  std::vector<std::pair<std::string, std::string>> evaluated_files = {};
  /// (name, value) of further options, as the user gave them.
  std::vector<std::pair<std::string, std::string>> passed_on = {};
  ascend::Cann cann = ascend::Cann::V8;             ///< decides what the keep list is called
  std::string variant = "the recommended variant";  ///< what is compiled, for people
  std::vector<std::string> owners_layout = {};  ///< as in TuneResult, for who has the study only
  bool keeps_nodes = true;  ///< false: the keep list is empty and is not handed over
};

/// Where and when it ran: everything that may differ between two equal runs.
struct RunFacts {
  std::string started, finished;  ///< ISO 8601, UTC
  double seconds = 0;
  std::string host;
  int jobs = 0;
  std::size_t batch_samples = 1;  ///< in one execution
  std::uint64_t trials_run = 0;   ///< by this process
  std::uint64_t trials_resumed = 0;
  std::string keel_version;
  std::vector<std::string> command_line;
  std::vector<std::pair<std::string, double>> phase_seconds;

  /// What evaluating the trials of a phase of the search took: seconds of single threads.
  struct Evaluations {
    std::string phase;
    std::uint64_t trials = 0;
    double seconds = 0;
  };
  std::vector<Evaluations> evaluations;
  double first_trial_seconds = 0;  ///< of trial 0, which shares no result with another; 0: resumed
  std::uint64_t cache_hits = 0, cache_misses = 0, cache_remade = 0, cache_evictions = 0;
};

}  // namespace keel::report
