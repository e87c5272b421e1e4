#include "compiler/ascend/cann.h"

#include <gtest/gtest.h>

#include "compiler/base/error_text.h"

namespace keel::ascend {
namespace {

TEST(Cann, ComesBackFromItsName) {
  for (const Cann cann : {Cann::V8, Cann::V9}) EXPECT_EQ(*cann_named(name(cann)), cann);
}

TEST(Cann, SpellsTheKeepListAsItsDocumentationDoes) {
  EXPECT_EQ(keep_list_stem(*cann_named("8")), "execeptionlist");
  EXPECT_EQ(keep_list_stem(*cann_named("9")), "exceptionlist");
}

TEST(Cann, SaysWhichReleasesThereAre) {
  EXPECT_EQ(to_text(cann_named("8.5").error()),
            "error: '8.5' is no release of CANN that keel writes files for\n   at: --cann\n"
            "  fix: use 8 (up to 8.5) or 9 (from 9.0)");
}

}  // namespace
}  // namespace keel::ascend
