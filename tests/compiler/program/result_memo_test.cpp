#include "compiler/program/result_memo.h"

#include <gtest/gtest.h>

namespace keel::program {
namespace {

Tensors result(std::int64_t size = 4000) {
  const std::vector<float> zeros(static_cast<std::size_t>(size));
  return {make_f32({size}, zeros)};
}

// 16000 bytes each: three fit, four do not; of 15 it is known what they were.
constexpr std::size_t kThree = 50000;

bool holds(ResultMemo& memo, std::uint64_t key) {
  const ResultMemo::EntryPtr entry = memo.find({0, key});
  return entry && entry->holds_tensors();
}

TEST(ResultMemo, KnowsTheContentOfWhatItDoesNotHold) {
  ResultMemo memo(kThree);
  const Tensors cheap = result();
  EXPECT_EQ(memo.put({0, 1}, cheap, 1e-6)->seconds, 1e-6);
  const ResultMemo::EntryPtr entry = memo.find({0, 1});
  ASSERT_TRUE(entry);
  EXPECT_FALSE(entry->holds_tensors()) << "made faster than it is held";
  EXPECT_EQ(entry->seconds, 1e-6);
  EXPECT_EQ(entry->outputs[0].content, content_of(cheap[0]));
}

TEST(ResultMemo, HoldsWhatTakesLongToMake) {
  ResultMemo memo(kThree);
  const Tensors dear = result();
  EXPECT_EQ(memo.put({0, 1}, dear, 1e-3)->seconds, 0);
  const ResultMemo::EntryPtr entry = memo.find({0, 1});
  ASSERT_TRUE(entry && entry->holds_tensors());
  EXPECT_EQ(entry->outputs[0].tensor->bytes().data(), dear[0].bytes().data());
  EXPECT_EQ(entry->seconds, 0);
}

TEST(ResultMemo, HoldsWhatNobodyMayAskForOnlyOnceSomebodyDid) {
  ResultMemo memo(kThree);
  memo.put({0, 1}, result(), 1e-3, false);
  EXPECT_FALSE(holds(memo, 1));
  memo.put({0, 1}, result(), 1e-3, false);
  EXPECT_TRUE(holds(memo, 1));
}

TEST(ResultMemo, ForgetsTheCheapestFirst) {
  ResultMemo memo(kThree);
  memo.put({0, 1}, result(), 0.5);
  memo.put({0, 2}, result(), 0.1);
  memo.put({0, 3}, result(), 0.3);
  memo.put({0, 4}, result(), 0.2);
  EXPECT_FALSE(holds(memo, 2));
  for (const std::uint64_t kept : {1, 3, 4}) EXPECT_TRUE(holds(memo, kept)) << kept;
}

TEST(ResultMemo, CountsTheCostPerByte) {
  ResultMemo memo(100000);
  memo.put({0, 1}, result(20000), 1);
  memo.put({0, 2}, result(), 0.5);
  memo.put({0, 3}, result(), 0.5);
  EXPECT_FALSE(holds(memo, 1)) << "dearest, but for its size";
  EXPECT_TRUE(holds(memo, 2));
}

TEST(ResultMemo, OfEqualCostForgetsTheLeastRecentlyUsed) {
  ResultMemo memo(kThree);
  for (const std::uint64_t key : {1, 2, 3}) memo.put({0, key}, result(), 0.1);
  ASSERT_TRUE(holds(memo, 1));
  memo.put({0, 4}, result(), 0.1);
  EXPECT_TRUE(holds(memo, 1));
  EXPECT_FALSE(holds(memo, 2));
}

TEST(ResultMemo, WhatIsWantedOftenOutlivesWhatIsTwiceAsDear) {
  ResultMemo memo(kThree);
  memo.put({0, 1}, result(), 0.1);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(holds(memo, 1));
  for (const std::uint64_t key : {2, 3, 4}) memo.put({0, key}, result(), 0.2);
  EXPECT_TRUE(holds(memo, 1));
  EXPECT_FALSE(holds(memo, 2));
}

TEST(ResultMemo, HoldsNothingThatWouldGoNext) {
  ResultMemo memo(kThree);
  for (const std::uint64_t key : {1, 2, 3}) memo.put({0, key}, result(), 0.5);
  memo.put({0, 4}, result(), 0.1);
  for (const std::uint64_t kept : {1, 2, 3}) EXPECT_TRUE(holds(memo, kept)) << kept;
  EXPECT_FALSE(holds(memo, 4));
  EXPECT_EQ(memo.counts().evictions, 1u);
}

TEST(ResultMemo, AnExpensiveResultDoesNotStayForEver) {
  ResultMemo memo(kThree);
  memo.put({0, 0}, result(), 5);
  for (std::uint64_t key = 1; key < 40; ++key) memo.put({0, key}, result(), 1);
  EXPECT_FALSE(holds(memo, 0));
}

TEST(ResultMemo, StaysWithinItsBytes) {
  ResultMemo memo(kThree);
  for (std::uint64_t key = 0; key < 1000; ++key) {
    memo.put({0, key}, result(), static_cast<double>(key * 7 % 13));
    EXPECT_LE(memo.counts().bytes, kThree);
  }
  EXPECT_FALSE(memo.find({0, 1})) << "not even what is known of all fits";
  EXPECT_TRUE(memo.find({0, 999}));
  memo.put({0, 1000}, result(20000), 9);
  EXPECT_FALSE(holds(memo, 1000)) << "larger than the whole budget";
}

// A result that is made again was held or refused, so that more memory would have saved its time.
TEST(ResultMemo, TakesMoreOfItsBudgetForWhatIsMadeAgain) {
  constexpr std::int64_t kFloats = std::int64_t{4} << 20;  // four of 16 MiB are the first limit
  ResultMemo memo(std::size_t{1} << 30);
  const Tensors large = result(kFloats);
  for (std::uint64_t key = 1; key <= 6; ++key) memo.put({0, key}, large, 1);
  const std::size_t first = memo.counts().bytes;
  EXPECT_LE(first, std::size_t{64} << 20);
  for (std::uint64_t key = 1; key <= 6; ++key)
    if (!holds(memo, key)) memo.put({0, key}, large, 1);
  for (std::uint64_t key = 1; key <= 6; ++key) EXPECT_TRUE(holds(memo, key)) << key;
  EXPECT_EQ(memo.counts().remade, 2u);
}

TEST(ResultMemo, RemembersThePathsThatWereTaken) {
  ResultMemo memo(kThree);
  EXPECT_FALSE(memo.take({1, 2}));
  EXPECT_FALSE(memo.take({3, 4}));
  EXPECT_TRUE(memo.take({1, 2}));
  EXPECT_FALSE(memo.take({5, 2})) << "in its place";
  EXPECT_FALSE(memo.take({1, 2}));
}

}  // namespace
}  // namespace keel::program
