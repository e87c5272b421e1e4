#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/ascend/op_table.h"
#include "compiler/ascend/soc.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

const std::filesystem::path kConfigs = keel::test::source_folder() / "configs";

/// What the vendor documents of a chip: whether its cube multiplies fp32, HF32 and bf16, and what
/// it does with an overflow.
struct Facts {
  const char* name;
  const char* family;
  bool cube_fp32, cube_hf32, bf16;
  Overflow overflow;
  int cube_cores, vector_cores;
};

constexpr Overflow kSaturate = Overflow::Saturate;
constexpr Overflow kInfNan = Overflow::InfNan;

constexpr Facts kFacts[] = {
    {"Ascend310", "ascend310", false, false, false, kSaturate, 2, 2},
    {"Ascend310B1", "ascend310b", true, true, true, kSaturate, 1, 1},
    {"Ascend310B2", "ascend310b", true, true, true, kSaturate, 1, 1},
    {"Ascend310B3", "ascend310b", true, true, true, kSaturate, 1, 1},
    {"Ascend310B4", "ascend310b", true, true, true, kSaturate, 1, 1},
    {"Ascend310P1", "ascend310p", false, false, false, kSaturate, 10, 10},
    {"Ascend310P3", "ascend310p", false, false, false, kSaturate, 8, 8},
    {"Ascend310P5", "ascend310p", false, false, false, kSaturate, 8, 8},
    {"Ascend310P7", "ascend310p", false, false, false, kSaturate, 8, 8},
    {"Ascend910A", "ascend910", false, false, false, kSaturate, 32, 32},
    // The first generation in spite of its name: no bf16, saturates.
    {"Ascend910B", "ascend910", false, false, false, kSaturate, 30, 30},
    {"Ascend910B1", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910B2", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910B2C", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910B3", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910B4", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910B4-1", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910PremiumA", "ascend910", false, false, false, kSaturate, 32, 32},
    {"Ascend910ProA", "ascend910", false, false, false, kSaturate, 32, 32},
    {"Ascend910ProB", "ascend910", false, false, false, kSaturate, 30, 30},
    {"Ascend910_9362", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910_9363", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910_9372", "ascend910b", true, true, true, kInfNan, 20, 40},
    {"Ascend910_9381", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910_9382", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910_9391", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend910_9392", "ascend910b", true, true, true, kInfNan, 24, 48},
    {"Ascend950DT_9581", "ascend910b", true, true, true, kInfNan, 32, 64},
    {"Ascend950PR_9579", "ascend910b", true, true, true, kInfNan, 28, 56},
};

Soc loaded(const std::string& name) {
  const Result<Soc> soc = load_soc(kConfigs, name);
  EXPECT_TRUE(soc.ok()) << name << ": " << soc.error().what;
  return soc.ok() ? *soc : Soc{};
}

TEST(SocFacts, CoverEveryChip) {
  std::vector<std::string> names;
  for (const Facts& facts : kFacts) names.emplace_back(facts.name);
  EXPECT_EQ(*soc_names(kConfigs), names);
}

TEST(SocFacts, AgreeWithWhatTheVendorDocuments) {
  for (const Facts& facts : kFacts) {
    SCOPED_TRACE(facts.name);
    const Soc soc = loaded(facts.name);
    EXPECT_EQ(soc.name, facts.name);
    EXPECT_EQ(soc.family, facts.family);
    EXPECT_EQ(soc.cube_fp32, facts.cube_fp32);
    EXPECT_EQ(soc.cube_hf32, facts.cube_hf32);
    EXPECT_EQ(soc.bf16, facts.bf16);
    EXPECT_EQ(soc.overflow, facts.overflow);
    EXPECT_EQ(soc.cube_cores, facts.cube_cores);
    EXPECT_EQ(soc.vector_cores, facts.vector_cores);
  }
}

TEST(SocFacts, GiveTheRatesOfTheSlowFormatsAsSharesOfFp16) {
  for (const Facts& facts : kFacts) {
    SCOPED_TRACE(facts.name);
    const Soc soc = loaded(facts.name);
    EXPECT_EQ(soc.cube_macs_fp32, facts.cube_fp32 ? soc.cube_macs_fp16 / 4 : 0);
    EXPECT_EQ(soc.cube_macs_hf32, facts.cube_hf32 ? soc.cube_macs_fp16 / 2 : 0);
  }
}

TEST(SocFacts, NameFamiliesTheOperatorTableKnowsAndSayWhereOneIsBorrowed) {
  const Result<OpTable> table = OpTable::load(kConfigs);
  ASSERT_TRUE(table.ok());
  for (const Facts& facts : kFacts) {
    SCOPED_TRACE(facts.name);
    EXPECT_TRUE(table->check_family(facts.family).ok());
    const bool has_own = !std::string_view(facts.name).starts_with("Ascend910_93") &&
                         !std::string_view(facts.name).starts_with("Ascend950");
    const Result<SocSheet> sheet = load_soc_sheet(kConfigs, facts.name);
    ASSERT_TRUE(sheet.ok());
    EXPECT_EQ(sheet->family_note.empty(), has_own);
    EXPECT_EQ(sheet->family_note.starts_with("borrowed: "), !has_own);
  }
}

TEST(SocFacts, TrustConstantsOfAnotherChipLittle) {
  const std::vector<std::string> measured = {"Ascend310P3", "Ascend910B2", "Ascend910B3"};
  for (const Facts& facts : kFacts) {
    SCOPED_TRACE(facts.name);
    const Result<SocSheet> sheet = load_soc_sheet(kConfigs, facts.name);
    ASSERT_TRUE(sheet.ok());
    const bool is_measured = std::ranges::find(measured, facts.name) != measured.end();
    EXPECT_EQ(sheet->extrapolated_from.empty(), is_measured);
    for (const SheetValue& value : sheet->values) {
      if (is_measured || !value.field.starts_with("timing.")) continue;
      EXPECT_EQ(value.confidence, Confidence::Low) << value.field;
      EXPECT_NE(value.source.find(sheet->extrapolated_from), std::string::npos) << value.field;
    }
  }
}

TEST(SocFacts, LeaveOnlyTheMemoryOfSomeChipsUnknown) {
  const std::vector<std::string> without = {"Ascend310",     "Ascend310B1",   "Ascend310B2",
                                            "Ascend310B3",   "Ascend310P5",   "Ascend310P7",
                                            "Ascend910A",    "Ascend910B",    "Ascend910PremiumA",
                                            "Ascend910ProA", "Ascend910ProB", "Ascend950DT_9581"};
  std::vector<std::string> found;
  for (const Facts& facts : kFacts) {
    const Soc soc = loaded(facts.name);
    for (const UnknownValue& value : soc.unknown) EXPECT_EQ(value.field, "memory_gbs");
    if (!soc.unknown.empty()) found.emplace_back(facts.name);
  }
  EXPECT_EQ(found, without);
}

TEST(SocFacts, TellTheOldAscend910BFromTheChipsOfAtlasA2) {
  EXPECT_EQ(loaded("Ascend910B").note,
            "Ascend910B is the 30-core part at 900 MHz of the first generation; the chips of Atlas "
            "A2 are Ascend910B1 to Ascend910B4");
  EXPECT_EQ(loaded("Ascend910B").cube_mhz, 900);
}

}  // namespace
}  // namespace keel::ascend
