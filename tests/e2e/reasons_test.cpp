#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/e2e/demo_samples.h"
#include "tests/places/places.h"
#include "tests/support/process.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;

// Whether some kept line of an Ascend type is explained by `words`.
bool explains(const Json& kept, const std::string& words,
              const std::vector<std::string>& ascend_types) {
  for (const Json& line : kept)
    for (const std::string& type : ascend_types)
      if (line["type"] == type && line["reason"].get<std::string>().find(words) == 0) return true;
  return false;
}

// What the demonstration model was made for: a floor that underflows in front of a logarithm, and
// squares inside layer normalisations that overflow.
TEST(Reasons, OfTheDemonstrationNameItsTwoFaults) {
  const TemporaryFolder folder;
  const std::string demo = source_folder() / "demo";
  const Finished tuned =
      run_keel({"tune", "--model", demo + "/model.onnx", "--data", few_demo_samples(folder),
                "--require", "top1_agreement>=0.99", "--max_trials", "110", "--cache_mb", "256",
                "--output", folder / "out"});
  ASSERT_EQ(tuned.exit_code, 0) << tuned.err;
  const Json reasons = Json::parse(read_text(folder / "out/execeptionlist.reasons.json"));
  const Json& kept = reasons["kept"];
  EXPECT_TRUE(explains(kept, "Log input underflows to 0 on ", {"Log"})) << kept.dump(1);
  EXPECT_TRUE(explains(kept, "Mul result overflows on ", {"Mul"}) ||
              explains(kept, "Pow result overflows on ", {"Pow"}) ||
              explains(kept, "Square result overflows on ", {"Square"}))
      << kept.dump(1);
  for (const Json& line : kept) {
    const std::string reason = line["reason"];
    const bool says_pinned = reason.find("pinned because") != std::string::npos;
    EXPECT_EQ(line["pinned"].get<bool>(), says_pinned) << line.dump(1);
    EXPECT_EQ(line["range"].is_null(), line["suspicions"].empty()) << line.dump(1);
    if (line["range"].is_null()) continue;
    const Json& range = line["range"];
    EXPECT_GT(range["overflow_share"].get<double>() + range["underflow_share"].get<double>(), 0);
    EXPECT_GE(range["largest"], range["smallest_nonzero"]);
    EXPECT_LE(range["samples_overflowing"], range["samples"]);
  }
}

// Nodes of the demonstration model of which the mode's dtype loses elements.
int nodes_with_losses(const std::string& mode) {
  const std::string demo = source_folder() / "demo";
  const Finished run = run_keel({"inspect", "--model", demo + "/model.onnx", "--data", demo,
                                 "--format", "json", "--precision_mode", mode});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  int count = 0;
  for (const Json& node : Json::parse(run.out))
    count += node.contains("range") && node["range"]["overflow_share"] > 0;
  return count;
}

TEST(Inspect, CountsTheLossesOfTheDtypeThatTheModeLowersTo) {
  EXPECT_GT(nodes_with_losses("force_fp16"), 0);
  EXPECT_EQ(nodes_with_losses("must_keep_origin_dtype"), 0);
}

}  // namespace
}  // namespace keel::test
