#include "compiler/kernels/channel_blocks.h"

#include <cmath>
#include <cstring>
#include <set>

#include "compiler/kernels/onednn_blocks.h"
#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

Tensor blocked(const Tensor& tensor, std::int64_t block) {
  Result<Tensor> result = in_channel_blocks(tensor, block);
  EXPECT_TRUE(result.ok()) << to_text(result.error());
  return *std::move(result);
}

Tensor plain(const Tensor& tensor) {
  Result<Tensor> result = in_row_major(tensor);
  EXPECT_TRUE(result.ok()) << to_text(result.error());
  return *std::move(result);
}

TEST(ChannelBlocks, HoldChannelsSideBySideAndZerosBeyondTheLast) {
  Rng rng(1);
  const Tensor x = random_f32(rng, {2, 19, 3, 5}, 1, 2);
  const Tensor blocks = blocked(x, 8).blocks();
  ASSERT_EQ(blocks.shape(), (Shape{2, 3, 3, 5, 8}));
  const Shape strides = row_major_strides(x.shape());
  auto held = blocks.as<float>().begin();
  for (std::int64_t n = 0; n < 2; ++n)
    for (std::int64_t b = 0; b < 3; ++b)
      for (std::int64_t at = 0; at < 15; ++at)
        for (std::int64_t c = 8 * b; c < 8 * b + 8; ++c, ++held) {
          const auto element = static_cast<std::size_t>(n * strides[0] + c * strides[1] + at);
          EXPECT_EQ(*held, c < 19 ? x.as<float>()[element] : 0.0f) << n << ' ' << c << ' ' << at;
        }
}

TEST(ChannelBlocks, ComeBackAsTheyWere) {
  Rng rng(2);
  for (const std::int64_t block : {8, 16})
    for (const Shape& shape : {Shape{1, 3, 7}, Shape{2, 16, 1}, Shape{3, 33, 2, 2, 3}}) {
      const Tensor x = random_f32(rng, shape).relabelled(DType::BF16);
      const Tensor back = plain(blocked(x, block));
      EXPECT_EQ(back.type(), x.type());
      EXPECT_TRUE(std::ranges::equal(back.bytes(), x.bytes())) << to_text(shape);
    }
}

// `test` with its inputs in blocks where they have three to five axes.
OwnedCall in_blocks(const ContractCase& test, std::int64_t block) {
  OwnedCall call = test.call;
  for (std::optional<Tensor>& input : call.inputs) {
    if (!input || !is_tunable_float(input->dtype()) || input->size() == 0) continue;
    const std::size_t rank = input->shape().size();
    if (rank >= 3 && rank <= 5) input = blocked(*input, block);
  }
  return call;
}

bool pads_with_zeros(const Tensor& tensor) {
  Tensor again = blocked(plain(tensor), tensor.block());
  return std::ranges::equal(again.bytes(), tensor.bytes());
}

void expect_equal(const Tensor& actual, const Tensor& expected, const ContractCase& test) {
  ASSERT_EQ(actual.type(), expected.type());
  // A convolution may sum in another order in blocks. Nothing else may.
  if (!std::holds_alternative<ir::Conv>(test.call.op)) {
    EXPECT_TRUE(std::ranges::equal(actual.bytes(), expected.bytes()));
    return;
  }
  for (std::size_t i = 0; i < expected.as<float>().size(); ++i)
    EXPECT_NEAR(actual.as<float>()[i], expected.as<float>()[i],
                1e-5 * std::max(1.0f, std::fabs(expected.as<float>()[i])));
}

// Runs every case on blocks; returns the names of the operators that gave blocks.
std::set<std::string> run_on_blocks(std::int64_t block) {
  std::set<std::string> stayed;
  for (const ContractCase& test : contract_cases()) {
    if (ir::has_data_dependent_shape(test.call.op)) continue;
    SCOPED_TRACE(test.name + " on blocks of " + std::to_string(block));
    const Result<Tensors> expected = test.call.run();
    const Result<Tensors> actual = in_blocks(test, block).apply([](const Call& call) {
      Call may_block = call;
      may_block.may_block = true;
      return execute(may_block);
    });
    EXPECT_TRUE(expected.ok() && actual.ok());
    if (!expected.ok() || !actual.ok()) continue;
    for (std::size_t i = 0; i < expected->size(); ++i) {
      const Tensor& result = (*actual)[i];
      if (result.block() != 0) {
        stayed.emplace(ir::name(test.call.op));
        EXPECT_TRUE(pads_with_zeros(result));
      }
      expect_equal(plain(result), (*expected)[i], test);
    }
  }
  return stayed;
}

TEST(ChannelBlocks, ChangeNoResult) {
  for (const std::int64_t block : {8, 16}) {
    const std::set<std::string> stayed = run_on_blocks(block);
    for (const char* op : {"Relu", "Exp", "Add", "Mul", "PRelu", "Clip", "MaxPool", "AveragePool",
                           "GlobalAveragePool", "Concat"})
      EXPECT_TRUE(stayed.contains(op)) << op << " left the blocks of " << block;
  }
}

// One channel each, all channels, each pixel, a scalar: on either side, with room in the last
// block.
TEST(ChannelBlocks, BroadcastAsRowMajorTensorsDo) {
  Rng rng(3);
  const Tensor x = random_f32(rng, {2, 19, 3, 5});
  for (const Shape& shape : {Shape{19, 1, 1}, Shape{1, 19, 1, 1}, Shape{2, 19, 1, 1}, Shape{5},
                             Shape{1, 1, 3, 5}, Shape{2, 19, 3, 5}, Shape{}, Shape{1, 1, 1, 1}}) {
    const Tensor other = random_f32(rng, shape, 1, 2);
    for (const bool swapped : {false, true}) {
      std::vector<std::optional<Tensor>> operands{x, other};
      if (swapped) std::swap(operands[0], operands[1]);
      const OwnedCall call(ir::Binary{ir::BinaryKind::Sub}, operands);
      OwnedCall on_blocks = call;
      on_blocks.inputs[swapped ? 1 : 0] = blocked(x, 8);
      const Result<Tensors> actual = on_blocks.apply([](Call c) {
        c.may_block = true;
        return execute(c);
      });
      ASSERT_TRUE(actual.ok());
      EXPECT_EQ((*actual)[0].block(), 8) << to_text(shape);
      EXPECT_TRUE(std::ranges::equal(plain((*actual)[0]).bytes(), result_of(call).bytes()))
          << to_text(shape);
    }
  }
}

TEST(ChannelBlocks, AreJoinedWhereNoneButTheLastHasRoomLeft) {
  Rng rng(5);
  for (const std::int64_t first : {16, 19})
    for (const std::int64_t axis : {1, -3}) {
      const Tensor a = random_f32(rng, {2, first, 3, 5});
      const Tensor b = random_f32(rng, {2, 6, 3, 5});
      const OwnedCall call(ir::Concat{axis}, {a, b});
      OwnedCall on_blocks = call;
      on_blocks.inputs = {blocked(a, 8), blocked(b, 8)};
      const Result<Tensors> actual = on_blocks.apply([](Call c) {
        c.may_block = true;
        return execute(c);
      });
      ASSERT_TRUE(actual.ok());
      EXPECT_EQ((*actual)[0].block(), first == 16 ? 8 : 0);
      EXPECT_TRUE(std::ranges::equal(plain((*actual)[0]).bytes(), result_of(call).bytes()));
    }
}

TEST(ChannelBlocks, AreGivenByConvolutionsThatMay) {
  if (onednn::channel_block() == 0) GTEST_SKIP() << "this processor has no vectors of 8 floats";
  Rng rng(4);
  const OwnedCall call(ir::Conv{.strides = {1, 1}, .dilations = {1, 1}, .pads = {1, 1, 1, 1}},
                       {random_f32(rng, {1, 24, 6, 6}), random_f32(rng, {20, 24, 3, 3})});
  const auto blocks_of = [&](bool may_block) {
    return call
        .apply([&](Call c) {
          c.may_block = may_block;
          return execute(c);
        })
        ->front()
        .block();
  };
  EXPECT_EQ(blocks_of(true), onednn::channel_block());
  EXPECT_EQ(blocks_of(false), 0);
}

}  // namespace
}  // namespace keel::kernels
