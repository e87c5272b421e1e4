#include <gtest/gtest.h>

#include "tuner/report/log_axes.h"

namespace keel::report {
namespace {

TEST(LogAxes, TakesWholeDecadesAroundValues) {
  const auto around = [](double least, double most) {
    const Decades decades = Decades::around(least, most);
    return std::pair(decades.lo, decades.hi);
  };
  EXPECT_EQ(around(0.3, 40), std::pair(-1, 2));
  EXPECT_EQ(around(1, 100), std::pair(0, 2));
  EXPECT_EQ(around(10, 10), std::pair(1, 2)) << "at least one";
}

TEST(LogAxes, PutsDecadesAtEqualDistancesAndLargeValuesUp) {
  const LogAxes axes{100, 10, 300, 200, {-1, 2}, {0, 2}};
  EXPECT_DOUBLE_EQ(axes.x(0.1), 100);
  EXPECT_DOUBLE_EQ(axes.x(10), 300);
  EXPECT_DOUBLE_EQ(axes.y(1), 210);
  EXPECT_DOUBLE_EQ(axes.y(100), 10);
  EXPECT_DOUBLE_EQ(axes.slope_degrees(), 45);
}

TEST(LogAxes, LabelsPowersOfTenWithPrefixes) {
  std::string text;
  for (const int power : {-2, -1, 0, 2, 3, 8, 12, 15}) text += power_label(power) + "|";
  EXPECT_EQ(text, "0.01|0.1|1|100|1 k|100 M|1 T|1 P|");
}

TEST(LogAxes, EscapesWhatXmlReserves) {
  EXPECT_EQ(xml("a<b> & \"c\""), "a&lt;b&gt; &amp; &quot;c&quot;");
}

}  // namespace
}  // namespace keel::report
