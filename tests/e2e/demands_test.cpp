#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

class DemandsOnTune : public TuneFixture {
 protected:
  Json result(const std::string& output) const {
    return Json::parse(text_of(output, "result.json"));
  }

  // Casts that `keel compile` counts in the recommended variant.
  int compiled_casts(const std::string& output) const {
    const Finished run = run_keel({"compile", "--model", folder_ / "tiny/model.onnx",
                                   "--precision_mode", "force_fp16", "--keep_dtype",
                                   folder_ / (output + "/execeptionlist.cfg"), "--format", "json"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(run.out)["casts"].get<int>();
  }

  // Trials of the study that give two nodes another precision.
  std::string disagreeing(const std::string& output, const std::string& a,
                          const std::string& b) const {
    const auto kept = [](const std::string& node) {
      return "number IN (SELECT trial FROM kept_node WHERE node = '" + node + "')";
    };
    return query(output, "SELECT count(*) FROM trial WHERE (" + kept(a) + ") != (" + kept(b) + ")");
  }
};

TEST_F(DemandsOnTune, BoundTheCastsOfTheCompiledVariant) {
  ASSERT_EQ(tune("free").exit_code, 0);
  const int casts = compiled_casts("free");
  EXPECT_EQ(result("free")["recommendation"]["casts"], casts);
  ASSERT_GT(casts, 1);
  const std::string bound = std::to_string(casts - 1);
  const Finished run = tune("few", {"--max_casts", bound});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_LT(compiled_casts("few"), casts);
  EXPECT_NE(run.out.find("casts<=" + bound), std::string::npos) << run.out;
  EXPECT_GE(result("few")["recommendation"]["latency_us"].get<double>(),
            result("free")["recommendation"]["latency_us"].get<double>());
  EXPECT_EQ(
      query("few",
            "SELECT count(*) FROM trial WHERE state = 0 AND violation <= 0 AND casts <= " + bound +
                " AND latency_us < " +
                std::to_string(0.99 * result("few")["recommendation"]["latency_us"].get<double>())),
      "0");
}

TEST_F(DemandsOnTune, RefuseACountBelowZero) {
  const Finished run = tune("out", {"--max_casts=-1"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err,
            "error: a variant cannot have -1 casts at most\n   at: --max_casts\n"
            "  fix: give 0 or more\n");
}

TEST_F(DemandsOnTune, MakeNodesAgreeInEveryTrial) {
  ASSERT_EQ(tune("free").exit_code, 0);
  EXPECT_NE(disagreeing("free", "root", "tanh"), "0");
  const Finished run = tune("ganged", {"--gang", "root|tanh"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(disagreeing("ganged", "root", "tanh"), "0");
  EXPECT_EQ(run.out.find("not proved"), std::string::npos) << run.out;
}

TEST_F(DemandsOnTune, LowerNodesInEveryTrial) {
  const Finished run = tune("out", {"--lower", "dense_.*", "--lower", "tanh"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(
      query("out", "SELECT count(*) FROM kept_node WHERE node IN ('dense_0', 'dense_2', 'tanh')"),
      "0");
  EXPECT_EQ(query("out", "SELECT reason FROM unit WHERE name = 'tanh'"),
            "lowered by --lower 'tanh'");
}

TEST_F(DemandsOnTune, ArePartOfTheQuestion) {
  ASSERT_EQ(tune("out", {"--max_trials", "4"}).exit_code & ~1, 0);
  for (const auto& [option, value, told] :
       {std::tuple{"--gang", "root|tanh", "gang is '' in the study, ''root|tanh'' now"},
        {"--lower", "tanh", "lower is '' in the study, ''tanh'' now"},
        {"--max_casts", "3", "goal is 'latency' in the study, 'latency casts<=3' now"}}) {
    const Finished other = tune("out", {"--max_trials", "4", option, value});
    EXPECT_EQ(other.exit_code, 2) << option;
    EXPECT_NE(other.err.find(told), std::string::npos) << other.err;
  }
}

}  // namespace
}  // namespace keel::test
