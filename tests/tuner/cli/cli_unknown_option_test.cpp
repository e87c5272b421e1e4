#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "compiler/base/error_text.h"
#include "tuner/cli/unknown_option.h"
#include "tuner/cli/vendor_options.h"

namespace keel::cli {
namespace {

std::string message(std::vector<std::string> arguments) {
  CLI::App app("", "tune");
  std::string model;
  app.add_option("--model", model)->required();
  declare_vendor_options(app);
  std::ranges::reverse(arguments);  // as CLI11 takes a vector
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError&) {
    const std::optional<Error> error = unknown_option(app);
    return error ? to_text(*error) : "not an unknown option";
  }
  return "parsed";
}

TEST(UnknownOption, IsReportedWithTheNearestName) {
  EXPECT_EQ(message({"--model", "m", "--input_fromat=NCHW"}),
            "error: keel tune has no option '--input_fromat'\n   at: --input_fromat=NCHW\n"
            "  fix: use '--input_format' (nearest name); 'keel tune --help' lists its options");
}

TEST(UnknownOption, IsReportedBeforeTheRequiredOneThatWasMeant) {
  EXPECT_EQ(
      message({"--modle", "m"}),
      "error: keel tune has no option '--modle'\n   at: --modle\n"
      "  fix: use '--mode' or '--model' (nearest names); 'keel tune --help' lists its options");
}

TEST(UnknownOption, IsReportedWithoutANearNameToo) {
  EXPECT_EQ(message({"--model", "m", "--zzzzzzzzzz"}),
            "error: keel tune has no option '--zzzzzzzzzz'\n   at: --zzzzzzzzzz\n"
            "  fix: 'keel tune --help' lists its options");
}

TEST(UnknownOption, IsNotTheReasonOfOtherErrors) {
  EXPECT_EQ(message({}), "not an unknown option");
  EXPECT_EQ(message({"--model", "m", "stray"}), "not an unknown option");
  EXPECT_EQ(message({"--model", "m", "--job_type=2"}), "parsed");
}

}  // namespace
}  // namespace keel::cli
