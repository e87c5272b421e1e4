#include "compiler/program/result_memo.h"

#include <gtest/gtest.h>

namespace keel::program {
namespace {

// 800 bytes and the overhead: three fit into 3300 bytes, four do not.
ResultMemo::Entry entry() { return {{Tensor(DType::F32, {200})}}; }
constexpr std::size_t kThree = 3300;

TEST(ResultMemo, ForgetsTheCheapestFirst) {
  ResultMemo memo(kThree);
  memo.put({0, 1}, entry(), 0.5);
  memo.put({0, 2}, entry(), 0.1);
  memo.put({0, 3}, entry(), 0.3);
  memo.put({0, 4}, entry(), 0.2);
  EXPECT_FALSE(memo.find({0, 2}));
  for (const std::uint64_t kept : {1, 3, 4}) EXPECT_TRUE(memo.find({0, kept})) << kept;
}

TEST(ResultMemo, CountsTheCostPerByte) {
  ResultMemo memo(20000);
  memo.put({0, 1}, {{Tensor(DType::F32, {4000})}}, 1);
  memo.put({0, 2}, entry(), 0.5);
  memo.put({0, 3}, {{Tensor(DType::F32, {1000})}}, 0.5);
  EXPECT_FALSE(memo.find({0, 1})) << "dearest, but for its size";
  EXPECT_TRUE(memo.find({0, 2}));
}

TEST(ResultMemo, OfEqualCostForgetsTheLeastRecentlyUsed) {
  ResultMemo memo(kThree);
  for (const std::uint64_t key : {1, 2, 3}) memo.put({0, key}, entry(), 0.1);
  ASSERT_TRUE(memo.find({0, 1}));
  memo.put({0, 4}, entry(), 0.1);
  EXPECT_TRUE(memo.find({0, 1}));
  EXPECT_FALSE(memo.find({0, 2}));
}

TEST(ResultMemo, WhatIsWantedOftenOutlivesWhatIsTwiceAsDear) {
  ResultMemo memo(kThree);
  memo.put({0, 1}, entry(), 0.1);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(memo.find({0, 1}));
  for (const std::uint64_t key : {2, 3, 4}) memo.put({0, key}, entry(), 0.2);
  EXPECT_TRUE(memo.find({0, 1}));
  EXPECT_FALSE(memo.find({0, 2}));
}

TEST(ResultMemo, TakesNothingThatWouldGoNext) {
  ResultMemo memo(kThree);
  for (const std::uint64_t key : {1, 2, 3}) memo.put({0, key}, entry(), 0.5);
  memo.put({0, 4}, entry(), 0.1);
  for (const std::uint64_t kept : {1, 2, 3}) EXPECT_TRUE(memo.find({0, kept})) << kept;
  EXPECT_FALSE(memo.find({0, 4}));
  EXPECT_EQ(memo.counts().evictions, 1u);
}

TEST(ResultMemo, AnExpensiveResultDoesNotStayForEver) {
  ResultMemo memo(kThree);
  memo.put({0, 0}, entry(), 5);
  for (std::uint64_t key = 1; key < 40; ++key) memo.put({0, key}, entry(), 1);
  EXPECT_FALSE(memo.find({0, 0}));
}

TEST(ResultMemo, StaysWithinItsBytes) {
  ResultMemo memo(kThree);
  for (std::uint64_t key = 0; key < 100; ++key) {
    memo.put({0, key}, entry(), static_cast<double>(key * 7 % 13));
    EXPECT_LE(memo.counts().bytes, kThree);
  }
  EXPECT_EQ(memo.counts().evictions, 97u);
  memo.put({1, 0}, {{Tensor(DType::F32, {4000})}}, 9);
  EXPECT_FALSE(memo.find({1, 0})) << "larger than the whole budget";
}

}  // namespace
}  // namespace keel::program
