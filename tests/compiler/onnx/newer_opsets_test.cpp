#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "tests/compiler/onnx/computed.h"
#include "tests/compiler/onnx/node_forms.h"

namespace keel::onnx_io {
namespace {

// Forms that opsets 19 to 22 brought or changed: what they are imported as and, where that leaves
// the meaning open, what they compute. Recorded results are those of the ONNX project.

using Edit = std::function<void(ModelBuilder&)>;
using ::onnx::TensorProto;

constexpr std::array<std::int64_t, 4> kOpsets = {19, 20, 21, 22};
constexpr std::int64_t kNo = 0, kYes = 1;

template <class T>
Tensor tensor_of(DType dtype, const Shape& shape, const Numbers& values) {
  Tensor tensor(dtype, shape);
  std::ranges::transform(values, tensor.fill<T>().begin(),
                         [](double value) { return static_cast<T>(value); });
  return tensor;
}

Numbers counted(int count) {
  Numbers numbers;
  for (int i = 1; i <= count; ++i) numbers.push_back(i);
  return numbers;
}

Numbers computed_of(const ModelBuilder& model, const Tensor& x) { return computed(model, {&x, 1}); }

/// One node on input x: f32 `shape` = 1, 2, 3, ... or `values`.
struct OneNode {
  std::string op;
  Shape shape;
  Edit edit = [](ModelBuilder&) {};
  Numbers values = {};

  Numbers at(std::int64_t opset) const {
    ModelBuilder model(opset);
    model.input("x", shape).node(op, {"x"}, {"y"});
    edit(model);
    model.output("y");
    const auto count = static_cast<int>(element_count(shape));
    return computed_of(
        model, tensor_of<float>(DType::F32, shape, values.empty() ? counted(count) : values));
  }
};

// Each of `actual` is within a few roundings of what is wanted.
testing::AssertionResult near(const Numbers& actual, const Numbers& wanted) {
  const bool equal = std::ranges::equal(actual, wanted, [](double x, double y) {
    return x == y || std::abs(x - y) <= 2e-6 * std::abs(y);
  });
  if (equal) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << testing::PrintToString(actual) << ", not " << testing::PrintToString(wanted);
}

ModelBuilder& add_input(ModelBuilder& model, const std::string& name) {
  model.last().add_input(name);
  return model;
}

std::string refused(const std::string& what) {
  return "1 operator cannot be run: " + what + " (1 node) @ m.onnx: node 'n_y'";
}

TEST(NewerOpsets, ACastSaturatesToFloat8Alone) {
  const Edit to_half = [](ModelBuilder& m) { m.set("to", TensorProto::FLOAT16 + kNo); };
  for (const std::int64_t opset : kOpsets)
    for (const std::int64_t saturate : {kNo, kYes}) {
      EXPECT_EQ(form(opset, "Cast",
                     [&](ModelBuilder& m) {
                       to_half(m);
                       m.set("saturate", saturate);
                     }),
                node("Cast(x) to=f16"));
      EXPECT_EQ(form(opset, "CastLike",
                     [&](ModelBuilder& m) { add_input(m, "x").set("saturate", saturate); }),
                node("CastLike(x, x)"));
    }
  EXPECT_EQ(form(19, "Cast", [](ModelBuilder& m) { m.set("to", std::int64_t{17}); }),
            refused("Cast to number 17"));
  EXPECT_EQ(form(21, "Cast", [](ModelBuilder& m) { m.set("to", std::int64_t{22}); }),
            refused("Cast to number 22"));
  EXPECT_EQ(form(18, "Cast", [&](ModelBuilder& m) { m.set("round_mode", "up"), to_half(m); }),
            refused("Cast with attribute 'round_mode'"));
}

TEST(NewerOpsets, PadHasAxesOfEitherIntegerAndWraps) {
  const auto with = [](int axes_type, const std::string& mode) {
    return OneNode{"Pad", {2, 3}, [=](ModelBuilder& m) {
                     m.ints("p", {1, 2});
                     auto& axes = m.initializer("a", {1}, axes_type);
                     if (axes_type == TensorProto::INT32)
                       axes.add_int32_data(-1);
                     else
                       axes.add_int64_data(-1);
                     add_input(add_input(add_input(m, "p"), ""), "a").set("mode", mode);
                   }};
  };
  for (const std::int64_t opset : kOpsets)
    for (const int type : {TensorProto::INT32, TensorProto::INT64}) {
      EXPECT_EQ(with(type, "wrap").at(opset), (Numbers{3, 1, 2, 3, 1, 2, 6, 4, 5, 6, 4, 5}));
      EXPECT_EQ(with(type, "edge").at(opset), (Numbers{1, 1, 2, 3, 3, 3, 4, 4, 5, 6, 6, 6}));
      EXPECT_EQ(with(type, "reflect").at(opset), (Numbers{2, 1, 2, 3, 2, 1, 5, 4, 5, 6, 5, 4}));
    }
}

TEST(NewerOpsets, ResizeHasAxesAntialiasAndASymmetricHalfPixel) {
  const auto with = [](const std::vector<float>& scales, const Edit& edit) {
    return [=](ModelBuilder& m) {
      add_input(add_input(m.floats("s", scales), ""), "s");
      edit(m);
    };
  };
  const OneNode antialiased{"Resize", {1, 1, 4, 4}, with({0.6f, 0.6f}, [](ModelBuilder& m) {
                              m.set("antialias", kYes).set("mode", "linear");
                              m.set("axes", Ints{3, 2});
                            })};
  const OneNode symmetric{"Resize", {1, 1, 1, 4}, with({1, 1, 1, 0.6f}, [](ModelBuilder& m) {
                            m.set("mode", "linear");
                            m.set("coordinate_transformation_mode", "half_pixel_symmetric");
                          })};
  const OneNode turned{"Resize", {1, 1, 2, 2}, with({3, 2}, [](ModelBuilder& m) {
                         m.set("axes", Ints{3, 2});
                       })};
  for (const std::int64_t opset : kOpsets) {
    EXPECT_TRUE(near(antialiased.at(opset), {2.875, 4.5, 9.375, 11}));
    EXPECT_TRUE(near(symmetric.at(opset), {5 / 3.0, 10 / 3.0}));
    EXPECT_EQ(turned.at(opset),
              (Numbers{1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 3, 3, 4, 4, 4}));
  }
}

TEST(NewerOpsets, AnAveragePoolMayBeDilated) {
  const OneNode pool{"AveragePool", {1, 1, 4, 4}, [](ModelBuilder& m) {
                       m.set("kernel_shape", Ints{2, 2}).set("strides", Ints{1, 1});
                       m.set("dilations", Ints{2, 2}).set("ceil_mode", kYes);
                     }};
  for (const std::int64_t opset : kOpsets) EXPECT_EQ(pool.at(opset), (Numbers{6, 7, 10, 11}));
}

// The last window reaches 1 beyond a row of 4 without padding: its mean is that of two elements.
TEST(NewerOpsets, WhatCeilModeAddsToAnAveragePoolIsNotCounted) {
  const OneNode pool{"AveragePool", {1, 1, 4}, [](ModelBuilder& m) {
                       m.set("kernel_shape", Ints{3}).set("strides", Ints{2});
                       m.set("ceil_mode", kYes).set("count_include_pad", kYes);
                     }};
  for (const std::int64_t opset : kOpsets) EXPECT_EQ(pool.at(opset), (Numbers{2, 3.5}));
}

TEST(NewerOpsets, AReshapeMayAllowZero) {
  for (const std::int64_t opset : kOpsets)
    EXPECT_EQ(form(opset, "Reshape",
                   [](ModelBuilder& m) {
                     add_input(m.ints("s", {2, 0}), "s").set("allowzero", kYes);
                   }),
              "s: i64[2] = constant {2, 0}\n" + node("Reshape(x, s) allow_zero=true"));
}

TEST(NewerOpsets, GeluIsExactUnlessItApproximates) {
  const auto with = [](const std::string& approximate) {
    return OneNode{"Gelu",
                   {3},
                   [=](ModelBuilder& m) {
                     if (!approximate.empty()) m.set("approximate", approximate);
                   },
                   {-1, 1, 2}};
  };
  for (const std::int64_t opset : {20, 21, 22}) {
    const Numbers exact{-0.15865525, 0.84134475, 1.95449974};
    EXPECT_TRUE(near(with("").at(opset), exact));
    EXPECT_TRUE(near(with("none").at(opset), exact));
    EXPECT_TRUE(near(with("tanh").at(opset), {-0.15880801, 0.84119199, 1.95459769}));
  }
}

TEST(NewerOpsets, ConstantOfShapeHasItsValue) {
  for (const std::int64_t opset : {20, 21, 22}) {
    ModelBuilder model(opset);
    model.input("x", {2, 1}).node("Shape", {"x"}, {"s"}).node("ConstantOfShape", {"s"}, {"y"});
    TensorProto& value = *model.attribute("value", ::onnx::AttributeProto::TENSOR).mutable_t();
    value.set_data_type(TensorProto::INT64);
    value.add_dims(1);
    value.add_int64_data(-7);
    model.output("y");
    EXPECT_EQ(computed_of(model, tensor_of<float>(DType::F32, {2, 1}, {0, 0})), (Numbers{-7, -7}));
  }
}

TEST(NewerOpsets, IsInfAndIsNanTakeHalves) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  const auto with = [](std::int64_t opset, const std::string& op, const Edit& edit) {
    ModelBuilder model(opset);
    model.input("x", {4}, TensorProto::FLOAT16).node(op, {"x"}, {"y"});
    edit(model);
    model.output("y");
    return computed_of(model, tensor_of<float>(DType::F16, {4}, {-kInf, 1, NAN, kInf}));
  };
  for (const std::int64_t opset : {20, 21, 22}) {
    EXPECT_EQ(with(opset, "IsInf", [](ModelBuilder&) {}), (Numbers{1, 0, 0, 1}));
    EXPECT_EQ(with(opset, "IsInf", [](ModelBuilder& m) { m.set("detect_negative", kNo); }),
              (Numbers{0, 0, 0, 1}));
    EXPECT_EQ(with(opset, "IsNaN", [](ModelBuilder&) {}), (Numbers{0, 0, 1, 0}));
  }
}

TEST(NewerOpsets, GridSampleNamesItsModesAnew) {
  const auto with = [](std::int64_t opset, const std::string& mode) {
    return form(opset, "GridSample", [&](ModelBuilder& m) {
      add_input(m, "x");
      if (!mode.empty()) m.set("mode", mode);
    });
  };
  for (const std::int64_t opset : {20, 21, 22}) {
    EXPECT_EQ(with(opset, ""), node("GridSample(x, x)"));
    EXPECT_EQ(with(opset, "linear"), node("GridSample(x, x)"));
    EXPECT_EQ(with(opset, "nearest"), node("GridSample(x, x) mode=nearest"));
    EXPECT_EQ(with(opset, "cubic"), node("GridSample(x, x) mode=cubic"));
  }
}

// As recorded, though PyTorch rounds half away from zero: -0.5 is element 0 and 0.5 too.
TEST(NewerOpsets, TheNearestPixelOfAVolumeIsTheEvenOne) {
  const OneNode sample{"GridSample", {1, 1, 1, 1, 2}, [](ModelBuilder& m) {
                         auto& grid = m.initializer("g", {1, 1, 1, 3, 3}, TensorProto::FLOAT);
                         for (const float x : {-1.0f, 0.0f, 1.0f})
                           for (const float value : {x, 0.0f, 0.0f}) grid.add_float_data(value);
                         add_input(m, "g").set("mode", "nearest");
                       }};
  for (const std::int64_t opset : {20, 21, 22}) EXPECT_EQ(sample.at(opset), (Numbers{1, 1, 0}));
}

// Two real signals of 2 along the last axis, or along the one before.
TEST(NewerOpsets, TheAxisOfADftIsAnInput) {
  const auto with = [](const Ints& axis) {
    return OneNode{"DFT", {1, 2, 2, 1}, [=](ModelBuilder& m) {
                     if (axis.empty()) return;
                     m.initializer("a", {}, TensorProto::INT64).add_int64_data(axis[0]);
                     add_input(add_input(m, ""), "a");
                   }};
  };
  const Numbers columns{4, 0, 6, 0, -2, 0, -2, 0}, rows{3, 0, -1, 0, 7, 0, -1, 0};
  for (const std::int64_t opset : {20, 21, 22}) {
    EXPECT_TRUE(near(with({}).at(opset), rows));  // -2
    EXPECT_TRUE(near(with({1}).at(opset), columns));
    EXPECT_TRUE(near(with({-3}).at(opset), columns));
    EXPECT_TRUE(near(with({2}).at(opset), rows));
  }
  EXPECT_TRUE(near(with({}).at(19), columns));  // 1
}

TEST(NewerOpsets, ReduceMaxAndMinTakeBooleans) {
  const auto with = [](std::int64_t opset, const std::string& op) {
    ModelBuilder model(opset);
    model.input("x", {3, 2}, TensorProto::BOOL).ints("a", {1}).node(op, {"x", "a"}, {"y"});
    model.set("keepdims", kNo).output("y");
    return computed_of(model, tensor_of<std::uint8_t>(DType::Bool, {3, 2}, {1, 1, 1, 0, 0, 0}));
  };
  for (const std::int64_t opset : {20, 21, 22}) {
    EXPECT_EQ(with(opset, "ReduceMax"), (Numbers{1, 1, 0}));
    EXPECT_EQ(with(opset, "ReduceMin"), (Numbers{1, 0, 0}));
  }
}

// Scales of 1 and 2 along `axis` of [[1, 2], [3, 4]].
TEST(NewerOpsets, QuantizationHasAnAxisButNoBlocks) {
  const auto with = [](std::int64_t opset, std::int64_t axis, const Edit& edit) {
    return OneNode{"QuantizeLinear",
                   {2, 2},
                   [=](ModelBuilder& m) {
                     add_input(m.floats("s", {1, 2}), "s").set("axis", axis);
                     edit(m);
                   }}
        .at(opset);
  };
  const Edit none = [](ModelBuilder&) {};
  const Edit signed_bytes = [](ModelBuilder& m) { m.set("output_dtype", std::int64_t{3}); };
  for (const std::int64_t opset : kOpsets) {
    EXPECT_EQ(with(opset, 0, none), (Numbers{1, 2, 2, 2}));  // 1.5 and 2 of the second row
    EXPECT_EQ(with(opset, -1, none), (Numbers{1, 1, 3, 2}));
    for (const std::string op : {"QuantizeLinear", "DequantizeLinear"}) {
      EXPECT_EQ(form(opset, op, [](ModelBuilder& m) { add_input(m, "x"); }), node(op + "(x, x)"));
      EXPECT_EQ(form(opset, op, [](ModelBuilder& m) { add_input(m, "x").set("axis", kNo); }),
                node(op + "(x, x) axis=0"));
    }
  }
  for (const std::int64_t opset : {21, 22}) {
    EXPECT_EQ(with(opset, 1, signed_bytes), (Numbers{1, 1, 3, 2}));
    EXPECT_EQ(form(opset, "QuantizeLinear",
                   [](ModelBuilder& m) { add_input(m, "x").set("block_size", std::int64_t{2}); }),
              refused("QuantizeLinear with block_size 2"));
    EXPECT_EQ(form(opset, "DequantizeLinear",
                   [](ModelBuilder& m) { add_input(m, "x").set("block_size", std::int64_t{2}); }),
              refused("DequantizeLinear with block_size 2"));
    EXPECT_EQ(form(opset, "QuantizeLinear",
                   [](ModelBuilder& m) { add_input(m, "x").set("block_size", kNo); }),
              node("QuantizeLinear(x, x)"));
  }
}

// Four channels of two numbers in two groups: normalised they are -3, -1, 1, 3 over the root of 5.
TEST(NewerOpsets, GroupNormalizationScalesChannelsSinceOpset21) {
  const auto with = [](std::int64_t opset, const std::vector<float>& scale) {
    const std::vector<float> bias(scale.size(), 0.0f);
    return OneNode{"GroupNormalization",
                   {1, 4, 2},
                   [=](ModelBuilder& m) {
                     add_input(add_input(m.floats("s", scale).floats("b", bias), "s"), "b");
                     m.set("num_groups", std::int64_t{2}).set("epsilon", 0.0f);
                   }}
        .at(opset);
  };
  const double r = 1 / std::sqrt(5);
  for (const std::int64_t opset : {18, 19, 20})
    EXPECT_TRUE(
        near(with(opset, {1, 10}), {-3 * r, -r, r, 3 * r, -30 * r, -10 * r, 10 * r, 30 * r}));
  for (const std::int64_t opset : {21, 22})
    EXPECT_TRUE(near(with(opset, {1, 10, 100, 1000}),
                     {-3 * r, -r, 10 * r, 30 * r, -300 * r, -100 * r, 1000 * r, 3000 * r}));
}

// Opset 22 gave these bfloat16 and left their meaning alone.
TEST(NewerOpsets, OperatorsWithoutAttributesMeanInOpset22WhatTheyDidIn18) {
  for (const char* op : {"Acos",
                         "Acosh",
                         "Asin",
                         "Asinh",
                         "Atan",
                         "Atanh",
                         "Cos",
                         "Cosh",
                         "Sin",
                         "Sinh",
                         "Tan",
                         "Round",
                         "Det",
                         "Dropout",
                         "Elu",
                         "EyeLike",
                         "GlobalAveragePool",
                         "GlobalLpPool",
                         "GlobalMaxPool",
                         "HardSigmoid",
                         "HardSwish",
                         "LpNormalization",
                         "Mish",
                         "Selu",
                         "Softplus",
                         "Softsign",
                         "ThresholdedRelu",
                         "Identity",
                         "Shape",
                         "Size",
                         "Flatten",
                         "Transpose",
                         "Squeeze",
                         "Softmax",
                         "Hardmax"}) {
    const std::string before = form(18, op);
    EXPECT_NE(before.find(" = "), std::string::npos) << before;
    for (const std::int64_t opset : kOpsets) EXPECT_EQ(form(opset, op), before);
  }
}

}  // namespace
}  // namespace keel::onnx_io
