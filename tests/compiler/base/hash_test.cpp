#include "compiler/base/hash.h"

#include <gtest/gtest.h>

#include <set>

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
