#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/e2e/own_configs.h"
#include "tests/e2e/tune_fixture.h"
#include "tests/places/places.h"

namespace keel::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::size_t count_of(const std::string& text, const std::string& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

TEST(Devices, ListsDevicesAndEveryChip) {
  const Finished run = run_keel({"devices"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, R"(device   what it does
npu-sim  computes what the SoC computes and predicts its time
null     computes nothing in no time; the template for the next device

SoC                family       cube  vector  cube multiplies in   bf16  overflow   GB/s  predicted times
Ascend310          ascend310       2       2  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend310B1        ascend310b      1       1  fp16 bf16 hf32 fp32  yes   saturate      ?  no: memory_gbs is unknown
Ascend310B2        ascend310b      1       1  fp16 bf16 hf32 fp32  yes   saturate      ?  no: memory_gbs is unknown
Ascend310B3        ascend310b      1       1  fp16 bf16 hf32 fp32  yes   saturate      ?  no: memory_gbs is unknown
Ascend310B4        ascend310b      1       1  fp16 bf16 hf32 fp32  yes   saturate   25.6  extrapolated from Ascend310P3
Ascend310P1        ascend310p     10      10  fp16                 no    saturate    204  extrapolated from Ascend310P3
Ascend310P3        ascend310p      8       8  fp16                 no    saturate    204  mean error 17.4 %
Ascend310P5        ascend310p      8       8  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend310P7        ascend310p      8       8  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910A         ascend910      32      32  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910B         ascend910      30      30  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910B1        ascend910b     24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910B2        ascend910b     24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  mean error 20.9 %
Ascend910B2C       ascend910b     24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910B3        ascend910b     20      40  fp16 bf16 hf32 fp32  yes   inf_nan    1759  mean error 20.9 %
Ascend910B4        ascend910b     20      40  fp16 bf16 hf32 fp32  yes   inf_nan     880  extrapolated from Ascend910B2
Ascend910B4-1      ascend910b     20      40  fp16 bf16 hf32 fp32  yes   inf_nan   ~1759  extrapolated from Ascend910B2
Ascend910PremiumA  ascend910      32      32  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910ProA      ascend910      32      32  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910ProB      ascend910      30      30  fp16                 no    saturate      ?  no: memory_gbs is unknown
Ascend910_9362     ascend910b*    20      40  fp16 bf16 hf32 fp32  yes   inf_nan   ~1759  extrapolated from Ascend910B2
Ascend910_9363     ascend910b*    20      40  fp16 bf16 hf32 fp32  yes   inf_nan   ~1759  extrapolated from Ascend910B2
Ascend910_9372     ascend910b*    20      40  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910_9381     ascend910b*    24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910_9382     ascend910b*    24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910_9391     ascend910b*    24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend910_9392     ascend910b*    24      48  fp16 bf16 hf32 fp32  yes   inf_nan    1759  extrapolated from Ascend910B2
Ascend950DT_9581   ascend910b*    32      64  fp16 bf16 hf32 fp32  yes   inf_nan       ?  no: memory_gbs is unknown
Ascend950PR_9579   ascend910b*    28      56  fp16 bf16 hf32 fp32  yes   inf_nan    1600  extrapolated from Ascend910B2

cube, vector: cores. GB/s: to DDR or HBM. ?: unknown. ~: an assumption.
*: the operator table of that family is used, for the chip's own was not found.
'keel devices SOC' gives every value with its source.
)");
}

TEST(Devices, ListsTheSameAsCsvAndJson) {
  const Json json = Json::parse(run_keel({"devices", "--format", "json"}).out);
  EXPECT_EQ(json["devices"][0]["name"], "npu-sim");
  EXPECT_EQ(json["devices"][1]["name"], "null");
  ASSERT_EQ(json["socs"].size(), 29U);
  const std::string csv = run_keel({"devices", "--format", "csv"}).out;
  EXPECT_EQ(count_of(csv, "\n"), 30U);
  for (const Json& soc : json["socs"])
    EXPECT_NE(csv.find("\n" + soc["name"].get<std::string>() + ","), std::string::npos) << soc;
}

TEST(Devices, ShowsEveryValueOfOneChip) {
  const Finished run = run_keel({"devices", "Ascend310P3"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_TRUE(run.out.starts_with("Ascend310P3, family ascend310p\n\nfield ")) << run.out;
  EXPECT_NE(
      run.out.find(
          "\nmemory_gbs                           204  1e9 bytes / s                        good   "
          "     408 GB/s of an Atlas 300I Duo card, which has two of "
          "these chips\n"),
      std::string::npos)
      << run.out;
  const Json json = Json::parse(run_keel({"devices", "Ascend310P3", "--format", "json"}).out);
  EXPECT_EQ(json["values"].size(), 57U);
  for (const Json& value : json["values"]) EXPECT_FALSE(value["source"].empty()) << value;
}

TEST(Devices, NamesTheNearestOfAChipThatIsMisspelled) {
  const Finished lower = run_keel({"devices", "ascend310p3"});
  EXPECT_EQ(lower.exit_code, 2);
  EXPECT_NE(lower.err.find("fix: use 'Ascend310P3' (upper and lower case matter)"),
            std::string::npos)
      << lower.err;
  EXPECT_EQ(run_keel({"devices", "--format", "xml"}).exit_code, 2);
}

TEST(Devices, AreWhatHelpPointsTo) {
  for (const char* command : {"tune", "run", "inspect", "profile", "compile"}) {
    const Finished help = run_keel({command, "--help"});
    EXPECT_NE(help.out.find("'keel devices'"), std::string::npos) << command;
    EXPECT_EQ(help.out.find("Ascend310P5"), std::string::npos) << command;
  }
}

// Runs of keel on chips whose figures are not all known.
class Chip : public TuneFixture {
 protected:
  Finished on(const std::string& soc, const std::string& command,
              const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {command, "--model", folder_ / "tiny/model.onnx",
                                          "--soc_version", soc};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }
  Finished run_on(const std::string& soc) const {
    return on(soc, "run",
              {"--data", folder_ / "tiny/samples", "--precision_mode", "force_fp16", "--output",
               folder_ / "outputs"});
  }
};

TEST_F(Chip, WithoutItsMemoryBandwidthStillComputes) {
  const Finished run = run_on("Ascend310B1");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out.find("latency_us"), std::string::npos) << run.out;
  EXPECT_NE(run.err.find("note: no latency: times on Ascend310B1 cannot be predicted: its "
                         "memory_gbs is unknown"),
            std::string::npos)
      << run.err;
  EXPECT_TRUE(fs::exists(folder_ / "outputs/000.npy"));

  const Finished inspected = on("Ascend310B1", "inspect", {"--data", folder_ / "tiny/samples"});
  EXPECT_EQ(inspected.exit_code, 0) << inspected.err;
  EXPECT_NE(inspected.out.find("dense_1"), std::string::npos);
  const Finished compiled = on("Ascend310B1", "compile", {"--print_after", "all"});
  EXPECT_EQ(compiled.exit_code, 0) << compiled.err;
  EXPECT_NE(compiled.out.find("MatMul"), std::string::npos);
}

TEST_F(Chip, WithoutItsMemoryBandwidthHasNoPredictedTimes) {
  const std::vector<Finished> runs = {
      on("Ascend310B1", "profile"), tune("out", {"--soc_version", "Ascend310B1"}),
      tune("out", {"--soc_version", "Ascend310B1", "--device", "null"})};
  for (const Finished& run : runs) {
    EXPECT_EQ(run.exit_code, 2) << run.out;
    EXPECT_NE(run.err.find("error: times on Ascend310B1 cannot be predicted: its memory_gbs is "
                           "unknown (the product page says LPDDR4X and no rate)"),
              std::string::npos)
        << run.err;
    EXPECT_NE(run.err.find("configs/soc/Ascend310B1.json\n"), std::string::npos) << run.err;
    EXPECT_NE(run.err.find("fix: add memory_gbs to configs/soc/Ascend310B1.json, or choose a chip"),
              std::string::npos)
        << run.err;
  }
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  const Finished compiled = on("Ascend310B1", "compile");
  EXPECT_EQ(compiled.exit_code, 0) << compiled.err;
  EXPECT_NE(compiled.out.find("kernels launched"), std::string::npos) << compiled.out;
  EXPECT_EQ(compiled.out.find(" us"), std::string::npos) << compiled.out;
}

TEST_F(Chip, HasPredictedTimesOnceTheMissingValueIsAdded) {
  const OwnConfigs configs;
  configs.set("Ascend310B1", "memory_gbs",
              {{"value", 51.2}, {"source", "measured here"}, {"confidence", "good"}});
  const Finished run = on("Ascend310B1", "profile");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("latency "), std::string::npos) << run.out;
}

TEST_F(Chip, WithConstantsOfAnotherIsWarnedOfOnce) {
  const std::string warning =
      "warning: predicted times on Ascend910B4 are extrapolated from "
      "Ascend910B2: no kernel of Ascend910B4 was measured";
  const std::vector<Finished> shown = {
      on("Ascend910B4", "profile"), run_on("Ascend910B4"),
      tune("out", {"--soc_version", "Ascend910B4", "--max_trials", "8"})};
  for (const Finished& run : shown) EXPECT_EQ(count_of(run.err, warning), 1U) << run.err;
  EXPECT_EQ(shown[0].exit_code, 0);

  const std::vector<Finished> silent = {on("Ascend910B3", "profile"), on("Ascend310P3", "profile"),
                                        on("Ascend910B4", "inspect"),
                                        on("Ascend910B4", "compile", {"--print_after", "all"})};
  for (const Finished& run : silent)
    EXPECT_EQ(run.err.find("extrapolated"), std::string::npos) << run.err;
}

TEST_F(Chip, OfAnAmbiguousNameIsExplained) {
  const std::string note = "note: Ascend910B is the 30-core part at 900 MHz";
  EXPECT_EQ(count_of(on("Ascend910B", "inspect").err, note), 1U);
  EXPECT_EQ(count_of(run_on("Ascend910B").err, note), 1U);
  EXPECT_EQ(count_of(on("Ascend910B3", "inspect").err, "note: "), 0U);
}

TEST_F(Chip, OfAFamilyWithoutOperatorTableIsRefused) {
  const OwnConfigs configs;
  configs.set("Ascend910B3", "family", "ascend910_b");
  const Finished run = on("Ascend910B3", "inspect");
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("error: the operator table knows no SoC family 'ascend910_b'"),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("configs/soc/Ascend910B3.json\n"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("fix: set 'family' to 'ascend910b' (nearest name)"), std::string::npos);
}

TEST_F(Chip, MayBeAnyOfTheListed) {
  const Json json = Json::parse(run_keel({"devices", "--format", "json"}).out);
  for (const Json& soc : json["socs"]) {
    const Finished run = on(soc["name"], "profile", {"--format", "json"});
    if (soc["times"] == "no") {
      EXPECT_EQ(run.exit_code, 2) << soc;
    } else {
      EXPECT_EQ(run.exit_code, 0) << soc << run.err;
      EXPECT_GT(Json::parse(run.out)["latency_us"].get<double>(), 0) << soc;
    }
  }
}

// What a change of the files of the two measured chips would move. They must not move by accident.
TEST(Chips, ThatWereMeasuredKeepTheirPredictedTimes) {
  const auto latency_on = [](const char* soc) {
    const Finished run = run_keel({"profile", "--model", source_folder() / "demo/model.onnx",
                                   "--soc_version", soc, "--format", "json"});
    return Json::parse(run.out)["latency_us"].get<double>();
  };
  EXPECT_NEAR(latency_on("Ascend910B3"), 178.43774589699191, 1e-6);
  EXPECT_NEAR(latency_on("Ascend310P3"), 225.6344716159339, 1e-6);
}

}  // namespace
}  // namespace keel::test
