#include <gtest/gtest.h>

#include <cmath>

#include "tests/tuner/report/example_profile.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

struct Circle {
  double x, y, r;
};

// Of an attribute, the number; `at` is where its element begins.
double number(const std::string& svg, std::size_t at, const std::string& attribute) {
  const std::size_t value = svg.find(" " + attribute + "=\"", at);
  EXPECT_NE(value, std::string::npos) << attribute;
  return value == std::string::npos ? 0 : std::stod(svg.substr(value + attribute.size() + 3));
}

// The dot whose tooltip starts with `name`.
Circle circle(const std::string& svg, const std::string& name) {
  const std::size_t tooltip = svg.find("\"><title>" + name);
  const std::size_t at = svg.rfind("<circle", tooltip);
  EXPECT_NE(tooltip, std::string::npos) << name;
  return {number(svg, at, "cx"), number(svg, at, "cy"), number(svg, at, "r")};
}

TEST(RooflineSvg, DrawsRoofsADotAKernelThatComputesAndNamesTheSlowest) {
  const std::string svg = roofline_svg(example_profile());
  for (
      const char* part :
      {R"(<title>Roofline of force_fp16 on Ascend910B3, 1 of 7 nodes kept</title>)",
       R"(predicted latency 16.0 us, in nine of ten cases 14.0 to 20.5 us;)",
       R"(y="-5">memory 2 GB/s</text>)", R"(y="-5">L2 16 GB/s</text>)",
       R"(text-anchor="end">cube f16 0.0 T/s</text>)",
       // 8064 operations in 10 us on 904 bytes.
       R"(<title>conv_1 +2: 10.00 us, bound by cube, 8.92 operations a byte, 0.000806 T/s</title>)",
       R"(<title>log_1: 4.00 us, bound by vector, 0.125 operations a byte, 3.6e-05 T/s</title>)",
       R"(>cube: 10.0 us, 62.5 %</text>)", R"(>vector: 4.0 us, 25.0 %</text>)",
       R"(>without arithmetic, no dot: 1 kernels,</text>)", R"(>2.0 us, 12.5 %</text>)",
       R"(>1  conv_1 +2</text>)", R"(>10.00 us, bound by cube</text>)", R"(>2  log_1</text>)"})
    EXPECT_NE(svg.find(part), std::string::npos) << part << "\n" << svg;
  EXPECT_EQ(count(svg, "</title></circle>"), 2U);
}

TEST(RooflineSvg, PutsADotWhereItsFiguresSayAndSizesItByTime) {
  Profile profile = example_profile();
  // Intensities of 1 and 100; both roofs of memory meet the roof of the cube within 1 to 1000.
  profile.memory_roofs = {{"memory", 10}};
  profile.compute_roofs = {{"cube f16", 1e6}};
  ProfiledKernel& conv = profile.kernels[0];
  ProfiledKernel& log = profile.kernels[3];
  conv.bytes_read = 900;
  conv.bytes_written = 100;
  conv.operations = 1e5;
  conv.row.us = 16;
  log.bytes_read = 60;
  log.bytes_written = 40;
  log.operations = 100;
  log.row.us = 4;
  const std::string svg = roofline_svg(profile);
  const Circle of_conv = circle(svg, "conv_1");
  const Circle of_log = circle(svg, "log_1");
  // 1 to 100 operations a byte: the plot's 620 pixels; 10^7 to 10^12 a second: its 490.
  EXPECT_NEAR(of_log.x, 74, 0.1);
  EXPECT_NEAR(of_conv.x, 694, 0.1);
  EXPECT_NEAR(of_conv.y - of_log.y, -490.0 / 5 * std::log10(1e5 / 16 / 25), 0.11);
  EXPECT_NEAR(of_conv.r, 2 * of_log.r, 0.11) << "four times the time is four times the area";
}

TEST(RooflineSvg, HasColoursForBothSchemes) {
  const std::string svg = roofline_svg(example_profile());
  EXPECT_NE(svg.find("@media (prefers-color-scheme:dark){svg{--bg:#"), std::string::npos);
  EXPECT_EQ(count(svg, "href"), 0U) << "it needs no other file";
}

TEST(RooflineSvg, EscapesNames) {
  Profile profile = example_profile();
  profile.variant = "a<b";
  profile.kernels[0].row.nodes = {"\"x\" & y"};
  const std::string svg = roofline_svg(profile);
  EXPECT_NE(svg.find("Roofline of a&lt;b"), std::string::npos);
  EXPECT_NE(svg.find(">1  &quot;x&quot; &amp; y</text>"), std::string::npos) << svg;
  EXPECT_EQ(svg.find("a<b"), std::string::npos);
}

TEST(RooflineSvg, KeepsNumbersOfEqualDotsApart) {
  Profile profile = example_profile();
  profile.kernels = {profile.kernels[0], profile.kernels[0], profile.kernels[0]};
  const std::string svg = roofline_svg(profile);
  const std::string mark = "<text class=\"number halo\"";
  std::vector<double> ys;
  for (std::size_t at = svg.find(mark); at != std::string::npos; at = svg.find(mark, at + 1))
    ys.push_back(number(svg, at, "y"));
  ASSERT_EQ(ys.size(), 3U);
  EXPECT_GE(ys[1] - ys[0], 11.9);
  EXPECT_GE(ys[2] - ys[1], 11.9);
}

TEST(RooflineSvg, IsADrawingWhereNothingComputes) {
  const std::string svg = roofline_svg(Profile{});
  EXPECT_TRUE(svg.starts_with("<svg ")) << svg;
  EXPECT_EQ(count(svg, "nan") + count(svg, "inf\""), 0U) << svg;
}

}  // namespace
}  // namespace keel::report
