#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include "compiler/base/error_text.h"
#include "tuner/cli/vendor_options.h"

namespace keel::cli {
namespace {

using Arguments = std::vector<std::string>;

// A command with --model and --device of its own, and what it makes of a command line.
Result<VendorArguments> read(Arguments arguments) {
  CLI::App app;
  std::string model, device;
  app.add_option("--model", model);
  app.add_option("--device", device);
  declare_vendor_options(app);
  std::ranges::reverse(arguments);  // as CLI11 takes a vector
  app.parse(arguments);
  return read_vendor_options(app);
}

std::string error_of(const Arguments& arguments) {
  const Result<VendorArguments> result = read(arguments);
  return result.ok() ? "" : to_text(result.error());
}

std::string value_for(const VendorOption& option) {
  return option.only.empty() ? "/value/x" : std::string(option.only);
}

TEST(VendorOptions, HaveUniqueNamesAndARefusedOneAReason) {
  std::set<std::string_view> names;
  for (const VendorOption& option : vendor_options()) {
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(option.fate != Fate::Refused || !option.why.empty()) << option.name;
    EXPECT_TRUE(option.only.empty() || !option.why.empty()) << option.name;
    // What may come without a value would reach atc.sh as an empty one.
    EXPECT_TRUE(option.takes != Takes::TextOrNothing || option.fate != Fate::PassedOn)
        << option.name;
  }
}

class EveryVendorOption : public testing::TestWithParam<VendorOption> {};

TEST_P(EveryVendorOption, IsReadInBothSpellingsAndMeetsItsFate) {
  const VendorOption& option = GetParam();
  const std::string name = "--" + std::string(option.name);
  const std::string value = value_for(option);
  for (const Arguments& spelling : {Arguments{name + "=" + value}, Arguments{name, value}}) {
    Arguments line = {"--model", "m.onnx"};
    line.insert(line.end(), spelling.begin(), spelling.end());
    line.insert(line.end(), {"--log=info"});
    const Result<VendorArguments> result = read(line);
    if (option.fate == Fate::Refused) {
      ASSERT_FALSE(result.ok());
      EXPECT_EQ(result.error().code, ErrorCode::InvalidConfig);
      EXPECT_NE(result.error().what.find(std::string(option.why)), std::string::npos);
      continue;
    }
    ASSERT_TRUE(result.ok()) << to_text(result.error());
    const bool passed = std::ranges::count(result->passed_on, option.name,
                                           [](const auto& pair) { return pair.first; }) == 1;
    EXPECT_EQ(passed, option.fate == Fate::PassedOn);
    const std::string shown = option.name == "log" ? "--log=info" : name + "=" + value;
    EXPECT_EQ(result->note.find(shown) != std::string::npos, option.name != "device")
        << result->note;
  }
}

INSTANTIATE_TEST_SUITE_P(All, EveryVendorOption,
                         testing::ValuesIn(vendor_options().begin(), vendor_options().end()),
                         [](const auto& option) { return std::string(option.param.name); });

TEST(VendorOptions, SaysInOneNoteWhatIsNotRead) {
  const Result<VendorArguments> result =
      read({"--job_type=2", "--input_format=NCHW", "--aicore_num", "8", "--framework=5", "--reload",
            "--model", "m.onnx"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->note,
            "note: options that keel does not read; for atc, in the atc.sh that keel tune writes: "
            "--input_format=NCHW --aicore_num=8 (latencies are those of all cores); not used: "
            "--framework=5 --job_type=2 --reload");
}

TEST(VendorOptions, SaysNothingWhereNoneIsGiven) {
  const Result<VendorArguments> result = read({"--model", "m.onnx"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->note, "");
  EXPECT_TRUE(result->passed_on.empty());
}

TEST(VendorOptions, TakesTheLastOfARepeatedOptionAsAtcDoes) {
  const Result<VendorArguments> result = read({"--log=info", "--log=debug"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->passed_on,
            (std::vector<std::pair<std::string, std::string>>{{"log", "debug"}}));
}

TEST(VendorOptions, MakesPathsAbsoluteBecauseAtcShRunsElsewhere) {
  const Result<VendorArguments> result = read({"--insert_op_conf=conf/../aipp.cfg"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->passed_on.front().second,
            (std::filesystem::current_path() / "aipp.cfg").string());
}

TEST(VendorOptions, LeavesAloneWhatTheCommandHasOfItsOwn) {
  const Result<VendorArguments> result = read({"--device=npu-sim"});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->note, "");
}

TEST(VendorOptions, RefusesWhatWouldChangeTheNumbers) {
  EXPECT_EQ(
      error_of({"--dynamic_dims=1;2"}),
      "error: keel cannot evaluate --dynamic_dims: keel evaluates one fixed shape: give it as "
      "--input_shape\n   at: --dynamic_dims=1;2\n  fix: leave it out; what atc.sh is called "
      "with, it hands to atc");
  EXPECT_EQ(error_of({"--framework=1"}),
            "error: keel cannot evaluate --framework=1: keel compiles ONNX models only\n"
            "   at: --framework=1\n  fix: leave it out, or use --framework=5");
  EXPECT_NE(error_of({"--output_type=FP16"}).find("compares in their own dtype"),
            std::string::npos);
  EXPECT_EQ(error_of({"--output_type=FP32"}), "");
}

}  // namespace
}  // namespace keel::cli
