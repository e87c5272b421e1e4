#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/e2e/tune_fixture.h"
#include "tests/support/stress_model.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

constexpr double kBound = 0.001;  // relative L2; fp16 everywhere but at the cliffs misses it

// Two blocks, the first with outliers; as wide as the benchmark, so that precision costs time, and
// short, so that a run takes seconds.
constexpr StressOptions kSmall{
    .blocks = 2, .outlier_blocks = 1, .width = 512, .sequence = 32, .samples = 6};

// A finished run: its files as the checks below read them.
struct Tuned {
  StressModel model;
  Json result, reasons;
  std::set<std::string> keep_list;

  // The unit of result.json that holds a node.
  Json unit_of(const std::string& node) const {
    for (const Json& unit : result["units"])
      for (const Json& name : unit["nodes"])
        if (name == node) return unit;
    ADD_FAILURE() << "no unit holds " << node;
    return nullptr;
  }
};

void expect_real_time_in_fp32(const Tuned& tuned) {
  EXPECT_EQ(tuned.result["units"].size(), 57u);
  EXPECT_EQ(tuned.result["all_lowered"]["state"], "non_finite");
  EXPECT_GE(tuned.result["all_kept"]["latency_us"].get<double>(),
            1.15 * tuned.result["all_lowered"]["latency_us"].get<double>());
}

void expect_a_faster_variant_that_meets_the_bound(const Tuned& tuned) {
  const Json& best = tuned.result["recommendation"];
  EXPECT_TRUE(best["requirements_met"]);
  EXPECT_LE(best["validation"]["relative_l2"], kBound);
  EXPECT_GE(best["speed_up"].get<double>(), 1.15);
}

void expect_pins_at_the_cliffs_only(const Tuned& tuned) {
  ASSERT_EQ(tuned.model.cliffs.size(), 4u);
  std::set<std::string> cliffs;  // units
  for (const std::string& node : tuned.model.cliffs) {
    EXPECT_TRUE(tuned.keep_list.contains(node)) << node;
    cliffs.insert(tuned.unit_of(node)["name"]);
  }
  for (const Json& unit : tuned.result["units"])
    EXPECT_EQ(unit["finding"]["pinned"], cliffs.contains(unit["name"])) << unit.dump(1);
}

// Users keep such nodes because they overflow; a probe shows that this does no harm.
void expect_harmless_constants_free(const Tuned& tuned) {
  ASSERT_EQ(tuned.model.harmless.size(), 4u);
  for (const std::string& node : tuned.model.harmless) {
    const Json unit = tuned.unit_of(node);
    EXPECT_NE(unit["suspicions"].dump().find("constant overflows ("), std::string::npos)
        << unit.dump(1);
    EXPECT_EQ(unit["state"], "free");
    EXPECT_TRUE(unit["finding"]["probed"]) << unit.dump(1);
    EXPECT_FALSE(unit["finding"]["pinned"]) << unit.dump(1);
    EXPECT_FALSE(tuned.keep_list.contains(node)) << node;
  }
}

void expect_real_nodes_each_with_its_reason(const Tuned& tuned) {
  std::set<std::string> nodes, explained;
  for (const Json& unit : tuned.result["units"])
    for (const Json& node : unit["nodes"]) nodes.insert(node);
  for (const std::string& line : tuned.keep_list) EXPECT_TRUE(nodes.contains(line)) << line;
  for (const Json& line : tuned.reasons["kept"]) {
    explained.insert(line["node"]);
    EXPECT_FALSE(line["reason"].get<std::string>().empty()) << line.dump(1);
  }
  EXPECT_EQ(tuned.keep_list, explained);
}

// One test, for its two runs are what takes time.
TEST(Stress, IsTunedAroundItsCliffsAlikeByOneAndTwoThreads) {
  const TemporaryFolder folder;
  Tuned tuned;
  tuned.model = write_stress_model(folder / "model", kSmall);
  for (const char* jobs : {"1", "2"}) {
    const Finished run =
        run_keel({"tune", "--model", folder / "model/model.onnx", "--data", folder / "model",
                  "--require", "relative_l2<=" + std::to_string(kBound), "--max_trials", "116",
                  "--jobs", jobs, "--output", folder / jobs});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  const auto text = [&](const std::string& jobs, const std::string& file) {
    return read_text(folder / (jobs + "/" + file));
  };
  for (const std::string& file : kDeterministicFiles) EXPECT_EQ(text("1", file), text("2", file));

  tuned.result = Json::parse(text("1", "result.json"));
  tuned.reasons = Json::parse(text("1", "execeptionlist.reasons.json"));
  std::istringstream lines(text("1", "execeptionlist.cfg"));
  for (std::string line; std::getline(lines, line);) tuned.keep_list.insert(line);
  expect_real_time_in_fp32(tuned);
  expect_a_faster_variant_that_meets_the_bound(tuned);
  expect_pins_at_the_cliffs_only(tuned);
  expect_harmless_constants_free(tuned);
  expect_real_nodes_each_with_its_reason(tuned);
}

}  // namespace
}  // namespace keel::test
