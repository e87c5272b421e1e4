#include "compiler/ir/shape_inference.h"

#include <gtest/gtest.h>

#include "compiler/ir/text.h"

namespace keel::ir {
namespace {

// The types of the results of the last node of `text`, as "f32[1,2] i64[3]", or the error.
std::string inferred(const std::string& text) {
  const Result<Graph> graph = parse(text + "\nreturn\n");
  if (!graph.ok()) return graph.error().what;
  std::string types;
  for (const ValueId id : (*graph)[graph->nodes().back()].outputs)
    types += (types.empty() ? "" : " ") + to_text((*graph)[id].type);
  return types;
}

struct Case {
  const char* text;
  const char* types;
};

class ShapeInference : public testing::TestWithParam<Case> {};

TEST_P(ShapeInference, GivesTheTypesOfOnnx) {
  EXPECT_EQ(inferred(GetParam().text), GetParam().types) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Elementwise, ShapeInference,
    testing::Values(
        Case{"x: f16[2,3] = input\ny = Relu(x)", "f16[2,3]"},
        Case{"x: i32[2] = input\ny = Abs(x)", "i32[2]"},
        Case{"x: i32[2] = input\ny = Sqrt(x)", "input 0 is i32, not of a floating-point dtype"},
        Case{"x: f32[2] = input\ny = Not(x)", "input 0 is f32, not bool"},
        Case{"x: f32[2,1] = input\nz: f32[3] = input\ny = Add(x, z)", "f32[2,3]"},
        Case{"x: f32[2] = input\nz: f32[3] = input\ny = Add(x, z)",
             "shapes [2] and [3] do not broadcast"},
        Case{"x: f32[2] = input\nz: i64[2] = input\ny = Mul(x, z)",
             "inputs 0 and 1 are f32 and i64, not of one dtype"},
        Case{"x: f32[2] = input\nz: i64[2] = input\ny = Pow(x, z)", "f32[2]"},
        Case{"x: f32[2] = input\ny = LessOrEqual(x, x)", "bool[2]"},
        Case{"x: bool[2] = input\ny = And(x, x)", "bool[2]"},
        Case{"x: f32[2] = input\ny = Or(x, x)", "input 0 is f32, not bool"},
        Case{"x: f32[2] = input\nc: f32[] = constant {0}\ny = Clip(x, _, c)", "f32[2]"},
        Case{"x: f32[2] = input\ny = Clip(x, x)", "a bound of Clip has shape [2], not one element"},
        Case{"c: bool[2,1] = input\na: f16[3] = input\nb: f16[] = input\ny = Where(c, a, b)",
             "f16[2,3]"},
        Case{"c: u8[2] = input\ny = Where(c, c, c)", "input 0 is u8, not bool"},
        Case{"x: i64[2] = input\ny = Cast(x) to=bf16", "bf16[2]"},
        Case{"x: f32[] = input\ny = Identity(x)", "f32[]"}));

INSTANTIATE_TEST_SUITE_P(
    Compute, ShapeInference,
    testing::Values(
        Case{"x: f32[1,3,8,9] = input\nw: f32[4,3,3,3] = input\nb: f32[4] = input\n"
             "y = Conv(x, w, b) strides=[2,1] pads=[1,0,1,0]",
             "f32[1,4,4,7]"},
        Case{"x: f32[1,6,8] = input\nw: f32[4,3,3] = input\ny = Conv(x, w) group=2", "f32[1,4,6]"},
        Case{"x: f32[1,6,8] = input\nw: f32[4,2,3] = input\ny = Conv(x, w) group=2",
             "the input has 6 channels, the weights take 2 in each of 2 groups"},
        Case{"x: f32[1,96,8] = input\nw: f32[32,32,3] = input\ny = Conv(x, w) group=3",
             "conv group 3 does not divide 32 output channels"},
        Case{"x: f32[1,3,8] = input\nw: f32[4,3,3] = input\ny = Conv(x, w) group=0",
             "group is 0, not positive"},
        Case{"x: f32[1,3,8] = input\nw: f32[4,3,3] = input\nb: f32[5] = input\ny = Conv(x, w, b)",
             "the bias has shape [5], not [4]"},
        Case{"x: f32[1,3,8] = input\nw: f32[4,3,3,3] = input\ny = Conv(x, w)",
             "weights [4,3,3,3] and input [1,3,8] differ in rank"},
        Case{"x: f32[1,3] = input\ny = Conv(x, x)",
             "input 0 [1,3] has no spatial axes after batch and channel"},
        Case{"x: f32[1,3,9] = input\ny = MaxPool(x) kernel=[3] strides=[2] ceil_mode=true",
             "f32[1,3,4]"},
        Case{"x: f32[1,3,8] = input\ny = AveragePool(x) kernel=[3] auto_pad=SAME_LOWER",
             "f32[1,3,8]"},
        Case{"x: f32[1,3,8] = input\ny = MaxPool(x)", "kernel [] does not fit 1 spatial axes"},
        Case{"x: f32[1,3,8,5] = input\ny = GlobalAveragePool(x)", "f32[1,3,1,1]"},
        Case{"a: f32[7,1,2,3] = input\nb: f32[5,3,4] = input\ny = MatMul(a, b)", "f32[7,5,2,4]"},
        Case{"a: f32[3] = input\nb: f32[3] = input\ny = MatMul(a, b)", "f32[]"},
        Case{"a: f32[3] = input\nb: f32[2,3,4] = input\ny = MatMul(a, b)", "f32[2,4]"},
        Case{"a: f32[2,3] = input\nb: f32[4] = input\ny = MatMul(a, b)",
             "MatMul of [2,3] and [4] does not fit"},
        Case{"a: f32[2,3] = input\nb: f32[3,4] = input\nc: f32[3] = input\ny = MatMul(a, b, c)",
             "the bias has shape [3], not [4]"},
        Case{"a: f32[3,2] = input\nb: f32[4,3] = input\nc: f32[4] = input\n"
             "y = Gemm(a, b, c) trans_a=true trans_b=true",
             "f32[2,4]"},
        Case{"a: f32[3,2] = input\nb: f32[4,3] = input\ny = Gemm(a, b) trans_a=true",
             "Gemm of [3,2] transposed and [4,3] does not fit"},
        Case{"a: f32[2,2] = input\nc: f32[3] = input\ny = Gemm(a, a, c)",
             "input 2 [3] does not broadcast to [2,2]"},
        Case{"x: f32[2,3,4] = input\na: i64[2] = constant {-1, 0}\ny = ReduceMean(x, a)",
             "f32[1,3,1]"},
        Case{"x: f32[2,3] = input\ny = ReduceMax(x) keepdims=false", "f32[]"},
        Case{"x: f32[2,3] = input\na: i64[0] = constant {}\n"
             "y = ReduceSum(x, a) noop_with_empty_axes=true",
             "f32[2,3]"},
        Case{"x: f32[2,3] = input\na: i64[1] = constant {2}\ny = ReduceSum(x, a)",
             "axis 2 is outside [-2, 2) of rank 2"},
        Case{"x: f32[2,3] = input\na: i64[1] = input\ny = ReduceSum(x, a)",
             "input 1 (axes) is not a constant"},
        Case{"x: f32[2,3] = input\ny = Softmax(x) axis=-2", "f32[2,3]"},
        Case{"x: f32[2,3] = input\ny = Softmax(x) axis=2", "axis 2 is outside [-2, 2) of rank 2"},
        Case{"x: f32[2,3] = input\ns: f32[3] = input\ny = LayerNormalization(x, s, s)", "f32[2,3]"},
        Case{"x: f32[2,3] = input\ns: f32[2] = input\ny = LayerNormalization(x, s)",
             "input 1 [2] does not broadcast to [2,3]"},
        Case{"x: f32[2,3,4] = input\nc: f32[3] = input\ny = BatchNormalization(x, c, c, c, c)",
             "f32[2,3,4]"},
        Case{"x: f32[2,3] = input\nc: f32[3] = input\nv: f32[2] = input\n"
             "y = BatchNormalization(x, c, c, c, v)",
             "the variance has shape [2], not [3]"}));

// x [5,2,3], hidden 4.
TEST(EinsumShapes, AreThoseOfTheOutputLabels) {
  const auto types = [](const std::string& equation) {
    return inferred("a: f32[2,3,4] = input\nb: f32[2,4,5] = input\ny = Einsum(a, b) equation=[" +
                    equation + "]");
  };
  EXPECT_EQ(types("bij,bjk->bki"), "f32[2,5,3]");
  EXPECT_EQ(types("...ij,...jk"), "f32[2,3,5]");
  EXPECT_EQ(types("bij,bji->b"),
            "einsum equation 'bij,bji->b' gives one label the extents 3 and 5");
}

TEST(RecurrentShapes, FollowTheGatesOfTheFamily) {
  const auto types = [](const std::string& rows, const std::string& node) {
    return inferred("x: f32[5,2,3] = input\nw: f32[1," + rows + ",3] = input\nr: f32[1," + rows +
                    ",4] = input\n" + node);
  };
  EXPECT_EQ(types("12", "y, h = GRU(x, w, r)"), "f32[5,1,2,4] f32[1,2,4]");
  EXPECT_EQ(types("4", "y, h = RNN(x, w, r)"), "f32[5,1,2,4] f32[1,2,4]");
  EXPECT_EQ(types("12", "y, h, c = GRU(x, w, r)"), "GRU has 2 outputs, not 3");
  EXPECT_EQ(types("16", "y = GRU(x, w, r)"), "the weight w has shape [1,16,3], not [1,12,3]");
  EXPECT_EQ(types("4", "y = RNN(x, w, r, w)"), "the bias has shape [1,4,3], not [1,8]");
}

constexpr std::string_view kLstmInputs =
    "x: f32[5,2,3] = input\nw: f32[1,16,3] = input\nr: f32[1,16,4] = input\n"
    "b: f32[1,32] = input\nl: i32[2] = input\ns: f32[1,2,4] = input\np: f32[1,12] = input\n";

TEST(LstmShapes, AreThoseOfOnnx) {
  const auto types = [](const std::string& node) {
    return inferred(std::string(kLstmInputs) + node);
  };
  EXPECT_EQ(types("y = LSTM(x, w, r)"), "f32[5,1,2,4]");
  EXPECT_EQ(types("y, h = LSTM(x, w, r, b)"), "f32[5,1,2,4] f32[1,2,4]");
  EXPECT_EQ(types("y, h, c = LSTM(x, w, r, b, l, s, s, p)"), "f32[5,1,2,4] f32[1,2,4] f32[1,2,4]");
  EXPECT_EQ(types("y, h, c, d = LSTM(x, w, r)"), "LSTM has 3 outputs, not 4");
  EXPECT_EQ(types("y = LSTM(x, w, w)"), "the weight w has shape [1,16,3], not [1,12,3]");
  EXPECT_EQ(types("y = LSTM(x, w, r) direction=bidirectional"),
            "the weight w has shape [1,16,3], not [2,16,3]");
  EXPECT_EQ(types("y = LSTM(x, w, r, p)"), "the bias has shape [1,12], not [1,32]");
  EXPECT_EQ(types("y = LSTM(x, w, r, _, s)"),
            "the list of sequence lengths has shape [1,2,4], not [2]");
  EXPECT_EQ(types("k: i64[2] = input\ny = LSTM(x, w, r, _, k)"),
            "the sequence lengths are i64, not i32");
  EXPECT_EQ(types("y = LSTM(x, w, r, _, _, r)"), "the initial h has shape [1,16,4], not [1,2,4]");
  EXPECT_EQ(types("y = LSTM(x, w, r, _, _, _, r)"),
            "the initial c has shape [1,16,4], not [1,2,4]");
  EXPECT_EQ(types("y = LSTM(x, w, r, _, _, _, _, b)"),
            "the peephole weight has shape [1,32], not [1,12]");
  EXPECT_EQ(types("y = LSTM(b, w, r)"), "input 0 [1,32] of LSTM has rank 2, not 3");
  EXPECT_EQ(types("v: f16[1,16,3] = input\ny = LSTM(x, v, r)"),
            "inputs 0 and 1 are f32 and f16, not of one dtype");
}

TEST(LstmShapes, BatchMayComeFirst) {
  const std::string text =
      "x: f32[2,5,3] = input\nw: f32[2,16,3] = input\nr: f32[2,16,4] = input\n"
      "s: f32[2,2,4] = input\ny, h, c = LSTM(x, w, r, _, _, s, s) direction=bidirectional "
      "batch_first=true";
  EXPECT_EQ(inferred(text), "f32[2,5,2,4] f32[2,2,4] f32[2,2,4]");
}

INSTANTIATE_TEST_SUITE_P(
    Layout, ShapeInference,
    testing::Values(
        Case{"x: f32[2,3,4] = input\ns: i64[3] = constant {0, -1, 2}\ny = Reshape(x, s)",
             "f32[2,6,2]"},
        Case{"x: f32[2,0] = input\ns: i64[2] = constant {0, 5}\ny = Reshape(x, s) allow_zero=true",
             "f32[0,5]"},
        Case{"x: f32[2,3] = input\ns: i64[1] = constant {5}\ny = Reshape(x, s)",
             "cannot reshape [2,3] to [5]: the element counts are 6 and 5"},
        Case{"x: f32[2,3] = input\ns: i64[2] = constant {-1, -1}\ny = Reshape(x, s)",
             "cannot reshape [2,3] to [-1,-1]: two extents are -1"},
        Case{"x: f32[2] = input\ns: i64[2] = constant {2, 0}\ny = Reshape(x, s)",
             "cannot reshape [2] to [2,0]: extent 0 copies an axis that does not exist"},
        Case{"x: f32[2] = input\ns: i64[2] = constant {4294967296, 4294967296}\ny = Reshape(x, s)",
             "shape [4294967296,4294967296] has more than 1099511627776 elements"},
        Case{"x: f32[1,2,1] = input\ny = Squeeze(x)", "f32[2]"},
        Case{"x: f32[1,2,1] = input\na: i64[1] = constant {-1}\ny = Squeeze(x, a)", "f32[1,2]"},
        Case{"x: f32[1,2] = input\na: i64[1] = constant {1}\ny = Squeeze(x, a)",
             "cannot squeeze axis 1 of [1,2]: its extent is 2, not 1"},
        Case{"x: f32[2,3] = input\na: i64[2] = constant {0, -1}\ny = Unsqueeze(x, a)",
             "f32[1,2,3,1]"},
        Case{"x: f32[2] = input\na: i64[2] = constant {1, -2}\ny = Unsqueeze(x, a)",
             "axis 1 is given twice"},
        Case{"x: f32[2,3,4] = input\ny = Flatten(x) axis=2", "f32[6,4]"},
        Case{"x: f32[2,3,4] = input\ny = Flatten(x) axis=3", "f32[24,1]"},
        Case{"x: f32[2,3,4] = input\ny = Flatten(x) axis=-3", "f32[1,24]"},
        Case{"x: f32[2,3,4] = input\ny = Transpose(x)", "f32[4,3,2]"},
        Case{"x: f32[2,3,4] = input\ny = Transpose(x) perm=[1,0,2]", "f32[3,2,4]"},
        Case{"x: f32[2,3] = input\ny = Transpose(x) perm=[0,0]",
             "perm [0,0] is not a permutation of the axes of [2,3]"},
        Case{"x: f32[2,3] = input\nz: f32[2,4] = input\ny = Concat(x, z, x) axis=-1", "f32[2,10]"},
        Case{"x: f32[2,3] = input\nz: f32[2] = input\ny = Concat(x, z)",
             "cannot concatenate [2,3] and [2] along axis 0"},
        Case{"x: f32[4,5] = input\ns: i32[1] = constant {1}\ne: i32[1] = constant {-1}\n"
             "a: i32[1] = constant {1}\ny = Slice(x, s, e, a)",
             "f32[4,3]"},
        Case{"x: f32[7] = input\na, b, c = Split(x)", "f32[3] f32[3] f32[1]"},
        Case{"x: f32[7] = input\ns: i64[2] = constant {2, 5}\na, b = Split(x, s)", "f32[2] f32[5]"},
        Case{"x: f32[7] = input\ns: i64[2] = constant {2, 4}\na, b = Split(x, s)",
             "sizes [2,4] do not add up to extent 7 of axis 0"},
        Case{"x: f32[7] = input\ns: i64[2] = constant {2, 5}\na = Split(x, s)",
             "Split has 2 outputs, not 1"},
        Case{"x: i64[4,5] = input\ni: i32[2,3] = input\ny = Gather(x, i) axis=1", "i64[4,2,3]"},
        Case{"x: f32[4] = input\ni: i64[] = constant {-4}\ny = Gather(x, i)", "f32[]"},
        Case{"x: f32[4] = input\ni: i64[] = constant {4}\ny = Gather(x, i)",
             "index 4 is outside [-4, 4) of axis 0"},
        Case{"x: f32[4] = input\ny = Gather(x, x)", "indices are f32, not i64 or i32"},
        Case{"x: f32[3,1] = input\ns: i64[3] = constant {2, 1, 4}\ny = Expand(x, s)", "f32[2,3,4]"},
        Case{"x: f32[3] = input\ns: i64[1] = constant {2}\ny = Expand(x, s)",
             "cannot expand [3] to [2]"},
        Case{"x: f32[3,4] = input\np: i64[4] = constant {1, -1, 0, 2}\ny = Pad(x, p)", "f32[4,5]"},
        Case{"x: f32[3] = input\np: i64[3] = constant {1, 1, 0}\ny = Pad(x, p)",
             "pads has 3 values, not two for each of 1 axes"},
        Case{"x: f32[3] = input\np: i64[2] = constant {-4, 0}\ny = Pad(x, p)",
             "shape [-1] has the negative extent -1"},
        Case{"x: f32[1,5] = input\np: i64[4] = constant {0, 9, 0, 0}\ny = Pad(x, p) mode=reflect",
             "f32[1,14]"},
        Case{"x: f32[0,5] = input\np: i64[4] = constant {1, 0, 0, 0}\ny = Pad(x, p) mode=edge",
             "axis 0 of [0,5] has no element to pad with"},
        Case{"x: f32[3] = input\np: i64[2] = constant {-3, 1}\ny = Pad(x, p) mode=reflect",
             "axis 0 of [3] has no element to pad with"},
        Case{"x: f32[2,3] = input\nr: i64[2] = constant {3, 0}\ny = Tile(x, r)", "f32[6,0]"},
        Case{"x: f32[2,3] = input\nr: i64[1] = constant {3}\ny = Tile(x, r)",
             "repeats has 1 values, not one for each of 2 axes"},
        Case{"x: f32[2,3] = input\nr: i64[2] = constant {1, -1}\ny = Tile(x, r)",
             "axis 1 of [2,3] cannot be repeated -1 times"},
        Case{"x: f32[4] = input\nr: i64[1] = constant {9223372036854775807}\ny = Tile(x, r)",
             "axis 0 of [4] cannot be repeated 9223372036854775807 times"},
        Case{"x: f32[3,4,5] = input\ny = Shape(x)", "i64[3]"},
        Case{"x: f32[3,4,5] = input\ny = Shape(x) start=-2 end=-1", "i64[1]"},
        Case{"s: i64[2] = constant {2, 3}\ny = ConstantOfShape(s) dtype=i64", "i64[2,3]"},
        Case{"s: i64[1] = constant {-1}\ny = ConstantOfShape(s)",
             "shape [-1] has the negative extent -1"},
        Case{"x: f32[2] = input\ny = Add(x)", "Add takes 2 inputs, not 1"},
        Case{"x: f32[2] = input\ny = Clip(x, x, x, x)", "Clip takes 1 to 3 inputs, not 4"},
        Case{"x: f32[2] = input\ny = Concat(x, _)", "input 1 of Concat is required but absent"},
        Case{"x: f32[2] = input\ny = Add(_, x)", "input 0 of Add is required but absent"},
        Case{"y = Concat()", "Concat takes 1 or more inputs, not 0"}));

TEST(Extents, AnEmptyTensorOfHugeExtentsIsRefused) {
  EXPECT_TRUE(check_extents({0, std::int64_t{1} << 40}).ok());
  EXPECT_FALSE(check_extents({0, std::int64_t{1} << 40, 2}).ok());
  EXPECT_FALSE(check_extents({INT64_MAX, INT64_MAX}).ok());
}

TEST(Axes, IntegersOfAnotherDTypeAreRefused) {
  const Result<Ints> ints = ints_of(make_f32({1}, std::vector{1.0f}));
  ASSERT_FALSE(ints.ok());
  EXPECT_EQ(ints.error().what, "a list of integers is f32[1], not i64 or i32");
}

}  // namespace
}  // namespace keel::ir
