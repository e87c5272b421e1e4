#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "tests/tuner/report/example_result.h"
#include "tuner/report/range_record.h"

namespace keel::report {
namespace {

bool same(const accuracy::Range& a, const accuracy::Range& b) {
  return std::bit_cast<std::uint64_t>(a.largest) == std::bit_cast<std::uint64_t>(b.largest) &&
         std::bit_cast<std::uint64_t>(a.smallest_nonzero) ==
             std::bit_cast<std::uint64_t>(b.smallest_nonzero) &&
         a.elements == b.elements && a.overflows == b.overflows && a.underflows == b.underflows &&
         a.non_finite == b.non_finite && a.samples == b.samples &&
         a.samples_overflowing == b.samples_overflowing &&
         a.samples_underflowing == b.samples_underflowing;
}

TEST(RangeRecord, BringsEveryFieldBackBitForBit) {
  Rng rng(5);
  for (int round = 0; round < 200; ++round) {
    RangeFinding finding{"node \"1\"",
                         "Log",
                         "t\n",
                         static_cast<TensorRole>(round % 3),
                         round % 2 == 0 ? DType::F16 : DType::BF16,
                         {}};
    accuracy::Range& range = finding.range;
    range.largest = std::ldexp(rng.uniform(), static_cast<int>(rng.below(200)) - 100);
    if (round % 5 != 0) range.smallest_nonzero = range.largest * rng.uniform();
    for (std::int64_t* figure :
         {&range.elements, &range.overflows, &range.underflows, &range.non_finite})
      *figure = static_cast<std::int64_t>(rng.below(1'000'000'000'000));
    for (int* figure : {&range.samples, &range.samples_overflowing, &range.samples_underflowing})
      *figure = static_cast<int>(rng.below(1000));
    const Result<RangeFinding> back = range_finding_of(to_record(finding));
    ASSERT_TRUE(back.ok()) << to_text(back.error());
    EXPECT_EQ(back->node, finding.node);
    EXPECT_EQ(back->ascend_type, finding.ascend_type);
    EXPECT_EQ(back->tensor, finding.tensor);
    EXPECT_EQ(back->role, finding.role);
    EXPECT_EQ(back->dtype, finding.dtype);
    EXPECT_TRUE(same(back->range, finding.range)) << to_record(finding);
  }
}

TEST(RangeRecord, IsDamagedWhereverItIsCut) {
  const std::string whole = to_record(example_result().units[1].suspicions[0]);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const Result<RangeFinding> cut = range_finding_of(whole.substr(0, length));
    ASSERT_FALSE(cut.ok()) << length;
    EXPECT_EQ(cut.error().code, ErrorCode::StudyCorrupt);
  }
}

TEST(RangeRecord, IsDamagedWithARoleOrADtypeNobodyKnows) {
  const std::string whole = to_record(example_result().units[1].suspicions[0]);
  for (const char* word : {"\"input\"", "\"f16\""}) {
    std::string changed = whole;
    ASSERT_NE(changed.find(word), std::string::npos) << whole;
    EXPECT_FALSE(range_finding_of(changed.replace(changed.find(word), 2, "\"x")).ok()) << word;
  }
}

}  // namespace
}  // namespace keel::report
