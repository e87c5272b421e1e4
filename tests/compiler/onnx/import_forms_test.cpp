#include "tests/compiler/onnx/node_forms.h"

namespace keel::onnx_io {
namespace {

TEST(Squeeze, AxesMoveFromAttributeToInput) {
  const std::string wanted = "n_y/axes: i64[1] = constant {0}\n" + node("Squeeze(x, n_y/axes)");
  EXPECT_EQ(form(11, "Squeeze", [](ModelBuilder& m) { m.set("axes", Ints{0}); }), wanted);
  EXPECT_EQ(form(13, "Squeeze",
                 [](ModelBuilder& m) {
                   m.ints("a", {0});
                   m.last().add_input("a");
                 }),
            "a: i64[1] = constant {0}\n" + node("Squeeze(x, a)"));
  EXPECT_EQ(form(11, "Squeeze"), node("Squeeze(x)"));
  EXPECT_EQ(
      form(13, "Squeeze", [](ModelBuilder& m) { m.set("axes", Ints{0}); }),
      "1 operator cannot be run: Squeeze with attribute 'axes' (1 node) @ m.onnx: node 'n_y'");
  EXPECT_EQ(form(11, "Unsqueeze"),
            "Unsqueeze takes 2 inputs, not 1 @ m.onnx: node 'n_y' (Unsqueeze)");
}

TEST(Squeeze, AnAxesInputInAnOldOpsetWithTheAttributeIsAContradiction) {
  EXPECT_EQ(form(11, "Squeeze",
                 [](ModelBuilder& m) {
                   m.ints("a", {0}).set("axes", Ints{0});
                   m.last().add_input("a");
                 }),
            "attribute 'axes' and input 1 are both given @ m.onnx: node 'n_y' (Squeeze)");
}

TEST(Slice, AttributesMoveToInputs) {
  EXPECT_EQ(form(9, "Slice",
                 [](ModelBuilder& m) {
                   m.set("starts", Ints{1}).set("ends", Ints{2}).set("axes", Ints{1});
                 }),
            "n_y/starts: i64[1] = constant {1}\nn_y/ends: i64[1] = constant {2}\n"
            "n_y/axes: i64[1] = constant {1}\n" +
                node("Slice(x, n_y/starts, n_y/ends, n_y/axes)"));
  EXPECT_EQ(form(10, "Slice",
                 [](ModelBuilder& m) {
                   m.ints("s", {1}).ints("e", {2});
                   for (const char* name : {"s", "e", "", "s"}) m.last().add_input(name);
                 }),
            "s: i64[1] = constant {1}\ne: i64[1] = constant {2}\n" + node("Slice(x, s, e, _, s)"));
}

TEST(Reduce, AxesMoveInOpset13ForSumAndIn18ForTheRest) {
  const auto axes = [](ModelBuilder& m) {
    m.set("axes", Ints{1}).set("keepdims", std::int64_t{0});
  };
  EXPECT_EQ(form(11, "ReduceSum", axes),
            "n_y/axes: i64[1] = constant {1}\n" + node("ReduceSum(x, n_y/axes) keepdims=false"));
  EXPECT_EQ(form(17, "ReduceMean", axes),
            "n_y/axes: i64[1] = constant {1}\n" + node("ReduceMean(x, n_y/axes) keepdims=false"));
  EXPECT_EQ(form(13, "ReduceSum",
                 [](ModelBuilder& m) { m.set("noop_with_empty_axes", std::int64_t{1}); }),
            node("ReduceSum(x) noop_with_empty_axes=true"));
  EXPECT_EQ(form(18, "ReduceMean", axes),
            "1 operator cannot be run: ReduceMean with attribute 'axes' (1 node) @ m.onnx: node "
            "'n_y'");
}

TEST(Clip, BoundsMayBeAbsentInEveryOpset) {
  EXPECT_EQ(form(7, "Clip"), node("Clip(x)"));
  EXPECT_EQ(form(7, "Clip", [](ModelBuilder& m) { m.set("max", 6.0f); }),
            "n_y/max: f32[] = constant {6}\n" + node("Clip(x, _, n_y/max)"));
  EXPECT_EQ(form(11, "Clip",
                 [](ModelBuilder& m) {
                   m.last().add_input("");
                   m.last().add_input("");
                 }),
            node("Clip(x)"));
}

TEST(Softmax, FlattensBeforeOpset13) {
  EXPECT_EQ(form(11, "Softmax"), node("Softmax(x) axis=1 flatten=true"));
  EXPECT_EQ(form(13, "Softmax"), node("Softmax(x)"));
  EXPECT_EQ(form(13, "LogSoftmax", [](ModelBuilder& m) { m.set("axis", std::int64_t{0}); }),
            "y = Softmax(x) axis=0 log=true origins=[\"n_y\" LogSoftmax]\n");
}

TEST(Pad, AttributesMoveToInputs) {
  EXPECT_EQ(form(9, "Pad",
                 [](ModelBuilder& m) {
                   m.set("pads", Ints{0, 1, 0, 1}).set("value", 0.0f);
                 }),
            "n_y/pads: i64[4] = constant {0, 1, 0, 1}\nn_y/value: f32[] = constant {0}\n" +
                node("Pad(x, n_y/pads, n_y/value)"));
  EXPECT_EQ(form(13, "Pad",
                 [](ModelBuilder& m) {
                   m.ints("p", {0, 1, 0, 1}).set("mode", "constant");
                   m.last().add_input("p");
                 }),
            "p: i64[4] = constant {0, 1, 0, 1}\n" + node("Pad(x, p)"));
}

TEST(Pad, OtherModesHaveNoValue) {
  EXPECT_EQ(form(9, "Pad",
                 [](ModelBuilder& m) {
                   m.set("pads", Ints{0, 1, 0, 1}).set("mode", "edge").set("value", 0.0f);
                 }),
            "n_y/pads: i64[4] = constant {0, 1, 0, 1}\n" + node("Pad(x, n_y/pads) mode=edge") +
                "n_y/value: f32[] = constant {0}\n");
  EXPECT_EQ(form(13, "Pad",
                 [](ModelBuilder& m) {
                   m.ints("p", {0, 1, 0, 1}).set("mode", "reflect");
                   m.last().add_input("p");
                 }),
            "p: i64[4] = constant {0, 1, 0, 1}\n" + node("Pad(x, p) mode=reflect"));
}

TEST(Tile, TakesItsRepeats) {
  EXPECT_EQ(form(7, "Tile",
                 [](ModelBuilder& m) {
                   m.ints("r", {2, 1});
                   m.last().add_input("r");
                 }),
            "r: i64[2] = constant {2, 1}\n" + node("Tile(x, r)"));
}

// An LSTM of 2 inputs and 1 hidden unit on x: f32[3,1,2], edited.
std::string lstm(const std::function<void(ModelBuilder&)>& edit) {
  ModelBuilder model(14);
  model.input("x", {3, 1, 2}).input("w", {1, 4, 2});
  model.initializer("r", {1, 4, 1}, ::onnx::TensorProto::FLOAT);
  for (int i = 0; i < 4; ++i) model.graph().mutable_initializer(0)->add_float_data(0);
  model.node("LSTM", {"x", "w", "r"}, {"y"});
  edit(model);
  model.output("y");
  const std::string text = imported(model);
  const std::size_t begin = text.find("= LSTM(x, w, r");
  const std::size_t line = text.rfind('\n', begin) + 1;
  return begin == std::string::npos ? text : text.substr(line, text.find(" origins") - line);
}

TEST(Lstm, AttributesReachTheOperator) {
  EXPECT_EQ(lstm([](ModelBuilder& m) { m.set("hidden_size", std::int64_t{1}); }),
            "y = LSTM(x, w, r)");
  EXPECT_EQ(
      lstm([](ModelBuilder& m) {
        m.set("direction", "bidirectional").set("clip", 2.5f);
        m.set("input_forget", std::int64_t{1}).set("layout", std::int64_t{1});
      }),
      "y = LSTM(x, w, r) direction=bidirectional batch_first=true input_forget=true clip=2.5");
}

TEST(Lstm, AnyOfItsOutputsMayBeAbsent) {
  const auto outputs = [](const std::vector<std::string>& names) {
    return [names](ModelBuilder& m) {
      m.last().clear_output();
      for (const std::string& name : names) m.last().add_output(name);
    };
  };
  EXPECT_EQ(lstm(outputs({"", "y"})), "n_y/unused_0, y = LSTM(x, w, r)");
  EXPECT_EQ(lstm(outputs({"a", "", "y"})), "a, n_y/unused_1, y = LSTM(x, w, r)");
  EXPECT_EQ(lstm(outputs({"y", "", "", "z"})), "y, n_y/unused_1, n_y/unused_2 = LSTM(x, w, r)");
}

TEST(Lstm, OnlyTheDefaultActivationsRun) {
  const auto activations = [](const std::vector<std::string>& names) {
    return [names](ModelBuilder& m) {
      for (auto& added = m.attribute("activations", ::onnx::AttributeProto::STRINGS);
           const std::string& name : names)
        added.add_strings(name);
    };
  };
  EXPECT_EQ(lstm(activations({"Sigmoid", "Tanh", "Tanh"})), "y = LSTM(x, w, r)");
  EXPECT_EQ(
      lstm(activations({"Sigmoid", "Relu", "Tanh"})),
      "1 operator cannot be run: LSTM with activations 'Sigmoid,Relu,Tanh' (1 node) @ m.onnx: "
      "node 'n_y'");
  EXPECT_EQ(lstm(activations({"Sigmoid", "Tanh"})),
            "attribute 'activations' has 2 names, not three for each of 1 direction @ m.onnx: node "
            "'n_y' (LSTM)");
}

TEST(Lstm, WrongAttributesAreReported) {
  EXPECT_EQ(lstm([](ModelBuilder& m) { m.set("hidden_size", std::int64_t{7}); }),
            "attribute 'hidden_size' is 7, the recurrent weights have shape [1,4,1] @ m.onnx: node "
            "'n_y' (LSTM)");
  EXPECT_EQ(lstm([](ModelBuilder& m) { m.set("direction", "both"); }),
            "attribute 'direction' is 'both', not forward, reverse or bidirectional @ m.onnx: node "
            "'n_y' (LSTM)");
  EXPECT_EQ(lstm([](ModelBuilder& m) { m.set("clip", 0.0f); }),
            "attribute 'clip' is 0.000000, not positive @ m.onnx: node 'n_y' (LSTM)");
}

TEST(Split, SizesMoveToAnInput) {
  const auto second = [](ModelBuilder& m) { m.last().add_output("z"); };
  const std::string both = "y, z = Split(x";
  EXPECT_EQ(form(18, "Split",
                 [&](ModelBuilder& m) {
                   second(m);
                   m.set("axis", std::int64_t{1}).set("num_outputs", std::int64_t{2});
                 }),
            both + ") axis=1 origins=[\"n_y\"]\n");
  EXPECT_EQ(form(11, "Split",
                 [&](ModelBuilder& m) {
                   second(m);
                   m.set("split", Ints{1, 1});
                 }),
            "n_y/split: i64[2] = constant {1, 1}\n" + both + ", n_y/split) origins=[\"n_y\"]\n");
  EXPECT_EQ(form(18, "Split", [](ModelBuilder& m) { m.set("num_outputs", std::int64_t{3}); }),
            "attribute 'num_outputs' is 3, the node has 1 outputs @ m.onnx: node 'n_y' (Split)");
  EXPECT_EQ(form(13, "Split", [](ModelBuilder& m) { m.last().add_output(""); }),
            "y, n_y/unused_1 = Split(x) origins=[\"n_y\"]\n");
}

TEST(Variadic, BecomesAChainOfOneOrigin) {
  const auto inputs = [](int count) {
    return [count](ModelBuilder& m) {
      for (int i = 1; i < count; ++i) m.last().add_input("x");
    };
  };
  EXPECT_EQ(form(13, "Sum"), "y = Identity(x) origins=[\"n_y\" Sum]\n");
  EXPECT_EQ(form(13, "Max", inputs(2)), node("Max(x, x)"));
  EXPECT_EQ(form(13, "Sum", inputs(4)),
            "y/partial_1 = Add(x, x) origins=[\"n_y\" Sum]\n"
            "y/partial_2 = Add(y/partial_1, x) origins=[\"n_y\"]\n"
            "y = Add(y/partial_2, x) origins=[\"n_y\"]\n");
  EXPECT_EQ(form(13, "Mean", inputs(3)),
            "y/partial_1 = Add(x, x) origins=[\"n_y\" Mean]\n"
            "y/partial_2 = Add(y/partial_1, x) origins=[\"n_y\"]\n"
            "n_y/count: f32[] = constant {3}\n"
            "y = Div(y/partial_2, n_y/count) origins=[\"n_y\"]\n");
  EXPECT_EQ(form(13, "Min",
                 [](ModelBuilder& m) {
                   m.last().add_input("");
                   m.last().add_input("x");
                 }),
            "input 1 of Min is required but absent @ m.onnx: node 'n_y' (Min)");
}

TEST(Dropout, IsTheIdentity) {
  EXPECT_EQ(form(7, "Dropout", [](ModelBuilder& m) { m.set("ratio", 0.5f); }),
            "y = Identity(x) origins=[\"n_y\" Dropout]\n");
  EXPECT_EQ(form(13, "Dropout",
                 [](ModelBuilder& m) {
                   m.floats("r", {0.5f});
                   m.last().add_input("r");
                   m.last().add_output("mask");
                 }),
            "y = Identity(x) origins=[\"n_y\" Dropout]\nr: f32[1] = constant {0.5}\n");
}

TEST(BatchNormalization, TakesItsInferenceForm) {
  const auto statistics = [](ModelBuilder& m) {
    m.floats("c", {1, 1, 1});
    for (int i = 0; i < 4; ++i) m.last().add_input("c");
    m.set("epsilon", 0.5f).set("momentum", 0.9f);
  };
  const std::string wanted =
      "c: f32[3] = constant {1, 1, 1}\n" + node("BatchNormalization(x, c, c, c, c) epsilon=0.5");
  EXPECT_EQ(form(13, "BatchNormalization", statistics), wanted);
  EXPECT_EQ(form(7, "BatchNormalization",
                 [&](ModelBuilder& m) {
                   statistics(m);
                   m.set("spatial", std::int64_t{1});
                 }),
            wanted);
}

TEST(Attributes, ReachTheOperator) {
  EXPECT_EQ(form(13, "LeakyRelu"), node("LeakyRelu(x) alpha=0.01"));
  EXPECT_EQ(form(13, "HardSigmoid"), node("HardSigmoid(x) alpha=0.2 beta=0.5"));
  EXPECT_EQ(form(13, "Cast", [](ModelBuilder& m) { m.set("to", std::int64_t{10}); }),
            node("Cast(x) to=f16"));
  EXPECT_EQ(form(13, "Transpose",
                 [](ModelBuilder& m) {
                   m.set("perm", Ints{1, 0});
                 }),
            node("Transpose(x) perm=[1,0]"));
  EXPECT_EQ(form(15, "Shape", [](ModelBuilder& m) { m.set("start", std::int64_t{-1}); }),
            node("Shape(x) start=-1"));
  EXPECT_EQ(form(13, "Flatten", [](ModelBuilder& m) { m.set("axis", std::int64_t{0}); }),
            node("Flatten(x) axis=0"));
  EXPECT_EQ(form(13, "MaxPool",
                 [](ModelBuilder& m) {
                   m.set("kernel_shape", Ints{2}).set("strides", Ints{2}).set("pads", Ints{0, 1});
                   m.set("ceil_mode", std::int64_t{1}).set("auto_pad", "NOTSET");
                 }),
            node("MaxPool(x) kernel=[2] strides=[2] pads=[0,1] ceil_mode=true"));
  EXPECT_EQ(form(13, "AveragePool",
                 [](ModelBuilder& m) {
                   m.set("kernel_shape", Ints{2}).set("count_include_pad", std::int64_t{1});
                   m.set("auto_pad", "SAME_UPPER");
                 }),
            node("AveragePool(x) kernel=[2] auto_pad=SAME_UPPER count_include_pad=true"));
  EXPECT_EQ(form(13, "MaxPool"),
            "attribute 'kernel_shape' is missing @ m.onnx: node 'n_y' (MaxPool)");
  EXPECT_EQ(form(13, "Gemm",
                 [](ModelBuilder& m) {
                   m.last().add_input("x");
                   m.set("alpha", 0.5f).set("transB", std::int64_t{1});
                 }),
            node("Gemm(x, x) alpha=0.5 trans_b=true"));
}

TEST(ConstantOfShape, KeepsValueAndDType) {
  const auto with_value = [](std::int64_t value) {
    return [value](ModelBuilder& m) {
      auto& tensor = *m.attribute("value", ::onnx::AttributeProto::TENSOR).mutable_t();
      tensor.set_data_type(::onnx::TensorProto::INT64);
      tensor.add_dims(1);
      tensor.add_int64_data(value);
    };
  };
  EXPECT_EQ(form(13, "ConstantOfShape", with_value(7)),
            node("ConstantOfShape(x) value=7 dtype=i64"));
  EXPECT_EQ(form(13, "ConstantOfShape"), node("ConstantOfShape(x)"));
  EXPECT_EQ(form(13, "ConstantOfShape", with_value((std::int64_t{1} << 40) + 1)),
            "1 operator cannot be run: ConstantOfShape of a value that is no fp32 number (1 node) "
            "@ m.onnx: node 'n_y'");
}

}  // namespace
}  // namespace keel::onnx_io
