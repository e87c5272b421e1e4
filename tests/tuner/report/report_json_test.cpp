#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/tuner/report/example_result.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

TEST(ReportJson, GivesTheCertificateOfARequirement) {
  TuneResult result = example_result();
  search::Certificate certificate;
  certificate.verified_us = 125;
  certificate.bound_us = 100;
  certificate.is_closed = true;
  certificate.verified = 7;
  result.certificates = {certificate};
  const std::string text = result_json(result);
  for (const char* line : {"\"gap\": 0.25", "\"bound_us\": 100.0", "\"bound_is_closed\": true",
                           "\"measured_over_predicted\": 1.0", "\"verified_variants\": 7"})
    EXPECT_NE(text.find(line), std::string::npos) << line;
  result.certificates = {std::nullopt};
  EXPECT_NE(result_json(result).find("\"certificate\": null"), std::string::npos);
}

TEST(RunJson, HoldsEveryFact) {
  const RunFacts facts{.started = "2024-05-01T18:00:00Z",
                       .finished = "2024-05-01T18:01:30Z",
                       .seconds = 90.25,
                       .host = "build7",
                       .jobs = 8,
                       .batch_samples = 16,
                       .trials_run = 40,
                       .trials_resumed = 17,
                       .keel_version = "0.1.0",
                       .command_line = {"keel", "tune", "net.onnx"},
                       .phase_seconds = {{"search", 80.5}, {"reference", 9.75}},
                       .evaluations = {{"anchor", 2, 1.5}, {"probe", 38, 4.25}},
                       .first_trial_seconds = 1.25,
                       .cache_hits = 70,
                       .cache_misses = 30,
                       .cache_remade = 12,
                       .cache_evictions = 5};
  EXPECT_EQ(run_json(facts), R"({
  "format": 1,
  "keel_version": "0.1.0",
  "command_line": [
    "keel",
    "tune",
    "net.onnx"
  ],
  "host": "build7",
  "jobs": 8,
  "batch_samples": 16,
  "started": "2024-05-01T18:00:00Z",
  "finished": "2024-05-01T18:01:30Z",
  "seconds": 90.25,
  "phase_seconds": {
    "search": 80.5,
    "reference": 9.75
  },
  "trials_run": 40,
  "trials_resumed": 17,
  "first_trial_seconds": 1.25,
  "evaluations": {
    "anchor": {
      "trials": 2,
      "seconds": 1.5
    },
    "probe": {
      "trials": 38,
      "seconds": 4.25
    }
  },
  "cache": {
    "hits": 70,
    "misses": 30,
    "remade": 12,
    "evictions": 5
  }
}
)");
}

TEST(ResultJson, HoldsQuestionAnchorsFrontAndRecommendation) {
  TuneResult result = example_result();
  result.units.resize(2);  // two kinds of units are enough
  for (study::TrialRecord& record : result.trials) record.trial.assignment.resize(2);
  result.front = {5};
  EXPECT_EQ(result_json(result), R"json({
  "format": 1,
  "question": {
    "model": "00c0ffee",
    "precision_mode": "force_fp16"
  },
  "finished": true,
  "trials": 7,
  "split": {
    "ranking": [
      0,
      1,
      2,
      3
    ],
    "validation": [
      0,
      1,
      2,
      3
    ],
    "hold_out": [
      4,
      5
    ]
  },
  "goal": "latency",
  "requirements": [
    {
      "requirement": "max_abs<=0.05",
      "validation": 0.025,
      "met": true,
      "hold_out": 0.03,
      "hold_out_met": true
    }
  ],
  "all_lowered": {
    "trial": 0,
    "phase": "anchor",
    "state": "non_finite",
    "latency_us": 98.1,
    "speed_up": 1.3149847094801224,
    "squared_error": "inf",
    "violation": "inf",
    "ranking": {
      "relative_l2": "inf",
      "cosine": 1.0,
      "max_abs": "inf",
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "validation": {
      "relative_l2": "inf",
      "cosine": 1.0,
      "max_abs": "inf",
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "casts": 0,
    "kept_units": 0,
    "kept_nodes": 1
  },
  "all_kept": {
    "trial": 1,
    "phase": "anchor",
    "state": "complete",
    "latency_us": 129.0,
    "speed_up": 1.0,
    "squared_error": 6.25e-08,
    "violation": -0.98,
    "ranking": {
      "relative_l2": 0.00025,
      "cosine": 1.0,
      "max_abs": 0.001,
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "validation": {
      "relative_l2": 0.00025,
      "cosine": 1.0,
      "max_abs": 0.001,
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "casts": 0,
    "kept_units": 3,
    "kept_nodes": 5
  },
  "front": [
    {
      "trial": 5,
      "phase": "refine",
      "state": "complete",
      "latency_us": 119.5,
      "speed_up": 1.0794979079497908,
      "squared_error": 0.0010562500000000001,
      "violation": 5.3,
      "ranking": {
        "relative_l2": 0.0325,
        "cosine": 1.0,
        "max_abs": 0.315,
        "top1_agreement": 1.0,
        "top1_accuracy": "nan"
      },
      "validation": {
        "relative_l2": 0.0325,
        "cosine": 1.0,
        "max_abs": 0.315,
        "top1_agreement": 1.0,
        "top1_accuracy": "nan"
      },
      "casts": 0,
      "kept_units": 1,
      "kept_nodes": 2
    }
  ],
  "recommendation": {
    "trial": 2,
    "phase": "probe",
    "state": "complete",
    "latency_us": 122.9,
    "speed_up": 1.049633848657445,
    "squared_error": 1e-06,
    "violation": -0.5,
    "ranking": {
      "relative_l2": 0.001,
      "cosine": 1.0,
      "max_abs": 0.025,
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "validation": {
      "relative_l2": 0.001,
      "cosine": 1.0,
      "max_abs": 0.025,
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "casts": 0,
    "kept_units": 2,
    "kept_nodes": 3,
    "requirements_met": true,
    "validated": true,
    "hold_out_met": true,
    "hold_out": {
      "relative_l2": 0.0015,
      "cosine": 1.0,
      "max_abs": 0.03,
      "top1_agreement": 1.0,
      "top1_accuracy": "nan"
    },
    "lowering_pays": true,
    "time_error": 0.0,
    "proof": {
      "kept_units": 0,
      "tried_without": 0
    },
    "kept": [
      "log_1"
    ]
  },
  "units": [
    {
      "name": "conv_1",
      "class": "cube",
      "nodes": [
        "conv_1",
        "relu_1"
      ],
      "ascend_types": [
        "Conv2D",
        "Relu"
      ],
      "state": "free",
      "suspicions": [],
      "finding": {
        "probed": true,
        "pinned": false,
        "lone_non_finite": false,
        "lone_error": 0.001,
        "lone_violation": -0.5
      },
      "kept": false
    },
    {
      "name": "log_1",
      "class": "vector",
      "nodes": [
        "log_1"
      ],
      "ascend_types": [
        "Log"
      ],
      "state": "kept",
      "reason": "kept by the owner's list (keep.cfg:3 'OpType::Log')",
      "suspicions": [
        "Log input underflows to 0 on 31 of 48 samples (12.5 % of its elements in f16)"
      ],
      "kept": true
    }
  ]
}
)json");
}

TEST(ResultJson, SaysHowFarTheNextOfTheFrontIsAwayWhereTimesArePredicted) {
  TuneResult result = example_result();
  const auto front = [&] { return nlohmann::json::parse(result_json(result))["front"]; };
  EXPECT_FALSE(front()[0].contains("to_next"));
  result.front_steps = {{5, 2, 3.5, -1.5, 8}, {2, 1, 6.25, 0.5, 11}};
  EXPECT_EQ(front()[0]["to_next"],
            nlohmann::json::parse(
                R"({"difference_us": 3.5, "interval_us": [-1.5, 8.0], "told_apart": false})"));
  EXPECT_EQ(front()[1]["to_next"]["told_apart"], true);
  EXPECT_FALSE(front()[2].contains("to_next")) << "the last";
}

TEST(ResultJson, HoldsTheErrorOfAFailedTrial) {
  TuneResult result = example_result();
  study::TrialRecord& failed = result.trials[0];
  failed.trial.outcome.state = search::TrialState::Failed;
  failed.error = "no kernel for \"pow_1\"";
  EXPECT_NE(result_json(result).find(R"(
  "all_lowered": {
    "trial": 0,
    "phase": "anchor",
    "state": "failed",
    "error": "no kernel for \"pow_1\"",
    "casts": 0,
    "kept_units": 0,
    "kept_nodes": 1
  },
)"),
            std::string::npos);
}

TEST(ResultJson, ExistsWithoutARecommendation) {
  const std::string text = result_json({});
  EXPECT_NE(text.find("\"recommendation\": null"), std::string::npos) << text;
  EXPECT_NE(text.find("\"all_kept\": null"), std::string::npos) << text;
}

TEST(ResultJson, HasTheSameBytesEachTime) {
  EXPECT_EQ(result_json(example_result()), result_json(example_result()));
}

TEST(TrialJson, HoldsTheFiguresAndWhatTheTrialKeeps) {
  EXPECT_EQ(trial_json(example_result(), 5), R"json({
  "trial": 5,
  "phase": "refine",
  "state": "complete",
  "latency_us": 119.5,
  "speed_up": 1.0794979079497908,
  "squared_error": 0.0010562500000000001,
  "violation": 5.3,
  "ranking": {
    "relative_l2": 0.0325,
    "cosine": 1.0,
    "max_abs": 0.315,
    "top1_agreement": 1.0,
    "top1_accuracy": "nan"
  },
  "validation": {
    "relative_l2": 0.0325,
    "cosine": 1.0,
    "max_abs": 0.315,
    "top1_agreement": 1.0,
    "top1_accuracy": "nan"
  },
  "casts": 0,
  "kept_units": 1,
  "kept_nodes": 2,
  "recommended": false,
  "units": [
    {
      "name": "log_1",
      "state": "kept",
      "nodes": [
        "log_1"
      ],
      "ascend_types": [
        "Log"
      ]
    },
    {
      "name": "pow_1",
      "state": "free",
      "nodes": [
        "pow_1"
      ],
      "ascend_types": [
        "Pow"
      ]
    }
  ],
  "nodes": [
    "log_1",
    "pow_1"
  ]
}
)json");
  EXPECT_NE(trial_json(example_result(), 2).find("\"recommended\": true"), std::string::npos);
}

}  // namespace
}  // namespace keel::report
