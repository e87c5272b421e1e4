#include "compiler/base/hash.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "compiler/base/tensor.h"

namespace keel {
namespace {

template <class... Parts>
Digest of(const Parts&... parts) {
  Hasher hasher;
  (hasher.add(parts), ...);
  return hasher.digest();
}

using namespace std::string_view_literals;

TEST(Hash, DigestsOnDiskDoNotChange) {
  EXPECT_EQ(to_text(of("keel"sv)), "18651ca6471889c34d4c6124b72759a5");
  EXPECT_EQ(to_text(of(std::uint64_t{1}, 0.5)), "00260efc56d79361302c7584f4a67e35");
}

TEST(Hash, IsThatOfTheWholeHoweverManyPiecesItComesIn) {
  std::vector<Digest> pieces;
  for (std::uint64_t i = 0; i < 200; ++i) {
    Hasher hasher;
    for (const Digest& piece : pieces) hasher.add(piece);
    EXPECT_EQ(hasher.digest(), combined(pieces)) << pieces.size();
    EXPECT_EQ(hasher.digest(), combined(pieces)) << "asked twice, " << pieces.size();
    pieces.push_back({i * 0x9e3779b97f4a7c15, ~i});
  }
}

TEST(Hash, GoesOnAfterADigestWasTaken) {
  for (const std::size_t first : {1U, 30U, 36U, 37U, 100U}) {
    std::vector<Digest> pieces(first, Digest{7, 9});
    Hasher hasher;
    for (const Digest& piece : pieces) hasher.add(piece);
    EXPECT_EQ(hasher.digest(), combined(pieces)) << first;
    pieces.insert(pieces.end(), 50, Digest{1, 2});
    for (int i = 0; i < 50; ++i) hasher.add(Digest{1, 2});
    EXPECT_EQ(hasher.digest(), combined(pieces)) << first;
  }
}

TEST(Hash, TextIsThirtyTwoHexadecimalDigits) {
  EXPECT_EQ(to_text(Digest{0xab, 1}), "00000000000000ab0000000000000001");
}

TEST(Hash, StringsArePrefixedWithTheirLength) {
  EXPECT_NE(of("ab"sv, "c"sv), of("a"sv, "bc"sv));
  EXPECT_NE(of(""sv, "a"sv), of("a"sv, ""sv));
}

TEST(Hash, DistinctContentHasDistinctDigests) {
  std::set<Digest> digests;
  for (std::uint64_t i = 0; i < 10000; ++i) digests.insert(of(i));
  digests.insert(of(0.0));
  EXPECT_EQ(digests.size(), 10000u);  // 0.0 and 0 have the same bits
}

TEST(Hash, TensorDigestCoversDTypeShapeAndContent) {
  const Tensor tensor = make_f32({2}, std::vector{1.0f, 2.0f});
  EXPECT_EQ(digest(tensor), digest(make_f32({2}, std::vector{1.0f, 2.0f})));
  EXPECT_NE(digest(tensor), digest(make_f32({2}, std::vector{1.0f, 3.0f})));
  EXPECT_NE(digest(tensor), digest(tensor.reshaped({1, 2})));
  EXPECT_NE(digest(tensor), digest(tensor.relabelled(DType::F16)));
}

}  // namespace
}  // namespace keel
