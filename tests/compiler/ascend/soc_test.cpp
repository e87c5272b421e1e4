#include "compiler/ascend/soc.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "compiler/base/file.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kConfigs = keel::test::source_folder() / "configs";

json shipped(const std::string& name) {
  return json::parse(*read_file(kConfigs / "soc" / (name + ".json")));
}

/// A configs folder of one SoC, "Ascend910B3", with this file.
fs::path written(const std::string& text) {
  const std::string test = testing::UnitTest::GetInstance()->current_test_info()->name();
  const fs::path root = fs::path(testing::TempDir()) / ("soc_" + test);
  fs::create_directories(root / "soc");
  fs::copy(kConfigs / "timing", root / "timing",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  std::ofstream(root / "soc" / "Ascend910B3.json") << text;
  return root;
}

Result<Soc> load(const json& content) { return load_soc(written(content.dump()), "Ascend910B3"); }

TEST(Soc, LoadsTheChipWithoutFp32InItsCube) {
  const Result<Soc> soc = load_soc(kConfigs, "Ascend310P3");
  ASSERT_TRUE(soc.ok()) << soc.error().what;
  EXPECT_EQ(soc->name, "Ascend310P3");
  EXPECT_EQ(soc->family, "ascend310p");
  EXPECT_EQ(soc->overflow, Overflow::Saturate);
  EXPECT_FALSE(soc->cube_fp32);
  EXPECT_FALSE(soc->cube_hf32);
  EXPECT_FALSE(soc->bf16);
  EXPECT_EQ(soc->cube_cores, 8);
  EXPECT_EQ(soc->cube_macs_fp16, 4096);
  EXPECT_EQ(soc->cube_macs_fp32, 0);
  EXPECT_EQ(soc->l2_bytes, 16 << 20);
  EXPECT_DOUBLE_EQ(soc->timing.launch_us, 2.078);
  EXPECT_DOUBLE_EQ(soc->timing.depthwise_efficiency, 0.3579);
}

TEST(Soc, LoadsTheChipWithFp32InItsCube) {
  const Result<Soc> soc = load_soc(kConfigs, "Ascend910B3");
  ASSERT_TRUE(soc.ok()) << soc.error().what;
  EXPECT_EQ(soc->family, "ascend910b");
  EXPECT_EQ(soc->overflow, Overflow::InfNan);
  EXPECT_TRUE(soc->cube_fp32);
  EXPECT_TRUE(soc->cube_hf32);
  EXPECT_TRUE(soc->bf16);
  EXPECT_EQ(soc->cube_cores, 20);
  EXPECT_EQ(soc->vector_cores, 40);
  EXPECT_EQ(soc->cube_macs_hf32, 2048);
  EXPECT_EQ(soc->cube_macs_fp32, 1024);
  EXPECT_EQ(soc->l2_bytes, 192 << 20);
  EXPECT_NE(soc->digest, load_soc(kConfigs, "Ascend310P3")->digest);
}

TEST(Soc, LoadsWithWhatIsUnknownOfIt) {
  const Result<Soc> soc = load_soc(kConfigs, "Ascend310B1");
  ASSERT_TRUE(soc.ok()) << soc.error().what;
  ASSERT_EQ(soc->unknown.size(), 1U);
  EXPECT_EQ(soc->unknown[0].field, "memory_gbs");
  EXPECT_EQ(soc->unknown[0].reason, "the product page says LPDDR4X and no rate");
  EXPECT_FALSE(soc->knows("memory_gbs"));
  EXPECT_TRUE(soc->knows("l2_bytes"));
  EXPECT_EQ(soc->cube_cores, 1);
  EXPECT_EQ(soc->file, kConfigs / "soc/Ascend310B1.json");
}

TEST(Soc, MayLackAnyNumber) {
  const json gone = {{"value", nullptr}, {"reason", "nowhere"}};
  const json schema = json::parse(*read_file(kConfigs / "schema" / "soc.schema.json"));
  const auto expect_unknown = [](const json& content, const std::string& field) {
    const Result<Soc> soc = load(content);
    ASSERT_TRUE(soc.ok()) << field << ": " << soc.error().what;
    ASSERT_EQ(soc->unknown.size(), 1U) << field;
    EXPECT_EQ(soc->unknown[0].field, field);
  };
  for (const json& name : schema.at("required")) {
    const std::string field = name.get<std::string>();
    json content = shipped("Ascend910B3");
    json& entry = content.at(field);
    if (!entry.contains("value") || !entry.at("value").is_number()) continue;
    entry = gone;
    expect_unknown(content, field);
  }
  for (const auto& [field, form] : schema.at("properties").at("timing").at("properties").items()) {
    if (field == "model" || field == "extrapolated_from") continue;
    json content = shipped("Ascend910B3");
    content.at("timing")[field] = gone;
    expect_unknown(content, "timing." + field);
  }
}

TEST(Soc, NeedsItsFlagsAndItsOverflowRule) {
  const struct {
    const char* field;
    const char* what;
  } cases[] = {{"bf16", "field 'bf16' is null, not true or false"},
               {"cube_fp32", "field 'cube_fp32' is null, not true or false"},
               {"overflow", "field 'overflow' is null, not \"inf_nan\" or \"saturate\""}};
  for (const auto& c : cases) {
    json content = shipped("Ascend910B3");
    content.at(c.field) = {{"value", nullptr}, {"reason", "nowhere"}};
    const Result<Soc> soc = load(content);
    ASSERT_FALSE(soc.ok()) << c.field;
    EXPECT_EQ(soc.error().what, c.what);
  }
}

TEST(Soc, SaysWhereItsTimingConstantsAreFrom) {
  EXPECT_EQ(load_soc(kConfigs, "Ascend910B3")->timing.extrapolated_from, "");
  EXPECT_EQ(load_soc(kConfigs, "Ascend310P3")->timing.extrapolated_from, "");
  EXPECT_EQ(load_soc(kConfigs, "Ascend910B4")->timing.extrapolated_from, "Ascend910B2");
  EXPECT_EQ(load_soc(kConfigs, "Ascend310B4")->timing.extrapolated_from, "Ascend310P3");
}

TEST(Soc, NeedsEveryFieldTheSchemaRequires) {
  const json schema = json::parse(*read_file(kConfigs / "schema" / "soc.schema.json"));
  for (const json& field : schema.at("required")) {
    json content = shipped("Ascend910B3");
    content.erase(field.get<std::string>());
    const Result<Soc> soc = load(content);
    ASSERT_FALSE(soc.ok()) << field;
    EXPECT_NE(soc.error().what.find(field.get<std::string>()), std::string::npos);
    EXPECT_NE(soc.error().what.find("is missing"), std::string::npos) << soc.error().what;
  }
  for (const json& field : schema.at("properties").at("timing").at("required")) {
    json content = shipped("Ascend910B3");
    content.at("timing").erase(field.get<std::string>());
    const Result<Soc> soc = load(content);
    ASSERT_FALSE(soc.ok()) << field;
    EXPECT_EQ(soc.error().what, "field 'timing." + field.get<std::string>() + "' is missing");
  }
}

TEST(Soc, ReportsAMissingField) {
  json content = shipped("Ascend910B3");
  content.erase("cube_cores");
  const Result<Soc> soc = load(content);
  ASSERT_FALSE(soc.ok());
  EXPECT_EQ(soc.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(soc.error().what, "field 'cube_cores' is missing");
  EXPECT_TRUE(soc.error().where.ends_with("soc/Ascend910B3.json"));
  EXPECT_EQ(soc.error().fix,
            "add 'cube_cores': {\"value\": ..., \"source\": ..., \"confidence\": ...}, or "
            "{\"value\": null, \"reason\": ...} where it is not known");
}

TEST(Soc, ReportsAValueOfTheWrongKind) {
  const struct {
    const char* field;
    json value;
    const char* what;
    const char* fix;
  } cases[] = {
      {"/cube_cores/value", "20", "field 'cube_cores' is \"20\", not a positive whole number",
       "set 'cube_cores' to a positive whole number"},
      {"/l2_bytes/value", 1.5, "field 'l2_bytes' is 1.5, not a positive whole number",
       "set 'l2_bytes' to a positive whole number"},
      {"/cube_mhz/value", 0, "field 'cube_mhz' is 0, not a positive number",
       "set 'cube_mhz' to a positive number"},
      {"/cube_macs_fp32/value", -1, "field 'cube_macs_fp32' is -1, not a number of at least 0",
       "set 'cube_macs_fp32' to a number of at least 0"},
      {"/timing/cube_efficiency",
       {{"value", 74}, {"source", "here"}, {"confidence", "low"}},
       "field 'timing.cube_efficiency' is 74, not a number above 0 and at most 1",
       "set 'timing.cube_efficiency' to a number above 0 and at most 1"},
      {"/bf16/value", 1, "field 'bf16' is 1, not true or false", "set 'bf16' to true or false"},
      {"/overflow/value", "wrap", "field 'overflow' is \"wrap\", not \"inf_nan\" or \"saturate\"",
       "set 'overflow' to \"inf_nan\" or \"saturate\""},
      {"/cube_mhz", 1800, "field 'cube_mhz' is 1800, not an object with a value and a source",
       "set 'cube_mhz' to an object with a value and a source"},
      {"/family", 3, "field 'family' is 3, not a text", "set 'family' to a text"},
      {"/name", "Ascend910B2", "field 'name' is \"Ascend910B2\", not the name of the file",
       "set 'name' to the name of the file"},
  };
  for (const auto& c : cases) {
    json content = shipped("Ascend910B3");
    content[json::json_pointer(c.field)] = c.value;
    const Result<Soc> soc = load(content);
    ASSERT_FALSE(soc.ok()) << c.field;
    EXPECT_EQ(soc.error().what, c.what);
    EXPECT_EQ(soc.error().fix, c.fix);
  }
}

TEST(Soc, ReportsARateThatDisagreesWithItsFlag) {
  json content = shipped("Ascend910B3");
  content.at("cube_fp32").at("value") = false;
  const Result<Soc> soc = load(content);
  ASSERT_FALSE(soc.ok());
  EXPECT_EQ(soc.error().what, "cube_fp32 is false, but cube_macs_fp32 is 1024");
  EXPECT_EQ(soc.error().fix,
            "give a rate above 0 to the formats the cube has, and 0 to the others");
}

TEST(Soc, ReportsAnUnknownChipWithTheNearest) {
  const Result<Soc> near = load_soc(kConfigs, "Ascend310P2");
  ASSERT_FALSE(near.ok());
  EXPECT_EQ(near.error().code, ErrorCode::InvalidConfig);
  EXPECT_EQ(near.error().what, "SoC 'Ascend310P2' has no parameter file");
  EXPECT_EQ(near.error().where, (kConfigs / "soc").string());
  EXPECT_EQ(near.error().fix,
            "use 'Ascend310B2', 'Ascend310P1' or 'Ascend310P3' (nearest names; 'keel devices' "
            "lists all)");

  const Result<Soc> far = load_soc(kConfigs, "tpu");
  ASSERT_FALSE(far.ok());
  EXPECT_EQ(far.error().fix, "choose one that 'keel devices' lists");
}

TEST(Soc, IsSpelledAsTheVendorDoes) {
  const Result<Soc> lower = load_soc(kConfigs, "ascend910b4-1");
  ASSERT_FALSE(lower.ok());
  EXPECT_EQ(lower.error().fix, "use 'Ascend910B4-1' (upper and lower case matter)");
}

TEST(Soc, IsNotLookedUpOutsideItsFolder) {
  EXPECT_FALSE(load_soc(kConfigs, "../ascend/op_info").ok());
  EXPECT_FALSE(load_soc(kConfigs, "").ok());
}

TEST(Soc, ReportsAFolderThatDoesNotExist) {
  const Result<Soc> soc = load_soc("/no/such/folder", "Ascend910B3");
  ASSERT_FALSE(soc.ok());
  EXPECT_EQ(soc.error().what, "cannot list the SoC files: No such file or directory");
  EXPECT_EQ(soc.error().where, "/no/such/folder/soc");
  EXPECT_EQ(soc.error().fix, "point KEEL_CONFIGS at the configs folder of keel");
}

TEST(Soc, ReportsAFileThatIsNotJson) {
  for (const std::string text : {"", "[]", "{\"name\": "}) {
    const Result<Soc> soc = load_soc(written(text), "Ascend910B3");
    ASSERT_FALSE(soc.ok());
    EXPECT_TRUE(soc.error().what.starts_with("the SoC file is not valid JSON: "))
        << soc.error().what;
    EXPECT_EQ(soc.error().fix, "repair the file, or copy one that loads from configs/soc");
  }
}

TEST(Soc, ReportsAFileCutAtAnyByte) {
  json content = shipped("Ascend910B3");
  for (json* section : {&content, &content.at("timing")}) {
    for (json& entry : *section) {
      if (entry.contains("source"))
        entry = {{"value", entry.at("value")}, {"source", "s"}, {"confidence", "low"}};
    }
  }
  const std::string text = content.dump();
  ASSERT_TRUE(load_soc(written(text), "Ascend910B3").ok());
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_FALSE(load_soc(written(text.substr(0, size)), "Ascend910B3").ok()) << size;
}

TEST(Soc, TakesItsTimingFromItsModelWhereItsOwnFileHasNoOtherValue) {
  const json model = json::parse(*read_file(kConfigs / "timing" / "ascend910b.json"));
  const Result<Soc> plain = load(shipped("Ascend910B3"));
  ASSERT_TRUE(plain.ok()) << plain.error().what;
  EXPECT_EQ(plain->timing.cube_efficiency,
            model.at("parameters").at("cube_efficiency").at("value").get<double>());
  EXPECT_EQ(plain->timing.corrections.size(), model.at("corrections").size());
  EXPECT_EQ(plain->timing.errors.size(), model.at("errors").size());
  json content = shipped("Ascend910B3");
  content.at("timing")["cube_efficiency"] = {
      {"value", 0.5}, {"source", "here"}, {"confidence", "low"}};
  const Result<Soc> own = load(content);
  ASSERT_TRUE(own.ok()) << own.error().what;
  EXPECT_EQ(own->timing.cube_efficiency, 0.5);
  EXPECT_EQ(own->timing.launch_us, plain->timing.launch_us);
}

TEST(Soc, ReportsATimingModelWithoutAFile) {
  json content = shipped("Ascend910B3");
  content.at("timing").at("model") = "ascend911";
  const Result<Soc> soc = load(content);
  ASSERT_FALSE(soc.ok());
  EXPECT_EQ(soc.error().what, "timing model 'ascend911' has no file");
  EXPECT_TRUE(soc.error().where.ends_with("timing/ascend911.json")) << soc.error().where;
  EXPECT_EQ(soc.error().fix, "set 'timing.model' to the name of a file in configs/timing");
}

TEST(Soc, ReportsATimingModelThatIsNotJson) {
  const fs::path root = written(shipped("Ascend910B3").dump());
  std::ofstream(root / "timing" / "ascend910b.json") << "[]";
  const Result<Soc> soc = load_soc(root, "Ascend910B3");
  ASSERT_FALSE(soc.ok());
  EXPECT_EQ(soc.error().what, "the timing file is not valid JSON: it does not hold an object");
  EXPECT_TRUE(soc.error().where.ends_with("timing/ascend910b.json")) << soc.error().where;
  EXPECT_EQ(soc.error().fix, "repair the file, or copy one that loads from configs/timing");
}

TEST(Soc, NoticesWhenItsTimingModelChanges) {
  const fs::path root = written(shipped("Ascend910B3").dump());
  const Digest before = load_soc(root, "Ascend910B3")->digest;
  std::ofstream(root / "timing" / "ascend910b.json", std::ios::app) << "\n";
  EXPECT_NE(load_soc(root, "Ascend910B3")->digest, before);
}

}  // namespace
}  // namespace keel::ascend
