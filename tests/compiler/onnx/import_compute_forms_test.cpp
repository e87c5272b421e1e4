#include <gtest/gtest.h>

#include "tests/compiler/onnx/node_forms.h"

namespace keel::onnx_io {
namespace {

using Edit = std::function<void(ModelBuilder&)>;

// `form` of a node with more inputs, all of them x.
std::string form_of(std::int64_t opset, const std::string& op, int more, const Edit& edit = {}) {
  return form(opset, op, [&](ModelBuilder& m) {
    for (int i = 0; i < more; ++i) m.last().add_input("x");
    if (edit) edit(m);
  });
}

std::string cannot_run(const std::string& what) {
  return "1 operator cannot be run: " + what + " (1 node) @ m.onnx: node 'n_y'";
}

std::string broken(const std::string& what, const std::string& op) {
  return what + " @ m.onnx: node 'n_y' (" + op + ")";
}

TEST(ConvTranspose, AttributesReachTheOperator) {
  const Edit edit = [](ModelBuilder& m) {
    m.set("strides", Ints{2}).set("output_padding", Ints{1}).set("output_shape", Ints{9});
    m.set("group", std::int64_t{3}).set("auto_pad", "SAME_LOWER").set("pads", Ints{0, 1});
  };
  for (const std::int64_t opset : {7, 11, 22})
    EXPECT_EQ(form_of(opset, "ConvTranspose", 1, edit),
              node("ConvTranspose(x, x) strides=[2] pads=[0,1] output_padding=[1] "
                   "output_shape=[9] group=3 auto_pad=SAME_LOWER"));
  EXPECT_EQ(
      form_of(11, "ConvTranspose", 1, [](ModelBuilder& m) { m.set("group", std::int64_t{0}); }),
      broken("attribute 'group' is 0, less than 1", "ConvTranspose"));
}

TEST(IntegerConvolutions, AreReadAsConvolutions) {
  const Edit edit = [](ModelBuilder& m) { m.set("strides", Ints{2}).set("dilations", Ints{3}); };
  EXPECT_EQ(form_of(10, "ConvInteger", 2, edit),
            node("ConvInteger(x, x, x) strides=[2] dilations=[3]"));
  EXPECT_EQ(form_of(10, "QLinearConv", 7, edit),
            node("QLinearConv(x, x, x, x, x, x, x, x) strides=[2] dilations=[3]"));
}

TEST(Einsum, LosesItsSpaces) {
  EXPECT_EQ(
      form_of(12, "Einsum", 1, [](ModelBuilder& m) { m.set("equation", " i j , jk -> i k"); }),
      "y = Einsum(x, x) equation=[ij,jk->ik] origins=[\"n_y\"]\n");
  EXPECT_EQ(form_of(12, "Einsum", 1), broken("attribute 'equation' is missing", "Einsum"));
}

TEST(Pools, OfNormsHaveTheirP) {
  const Edit window = [](ModelBuilder& m) { m.set("kernel_shape", Ints{2}); };
  EXPECT_EQ(form_of(11, "LpPool", 0, window), node("LpPool(x) kernel=[2]"));
  EXPECT_EQ(form_of(18, "LpPool", 0,
                    [&](ModelBuilder& m) {
                      window(m);
                      m.set("p", std::int64_t{3}).set("ceil_mode", std::int64_t{1});
                    }),
            node("LpPool(x) kernel=[2] ceil_mode=true p=3"));
  EXPECT_EQ(form_of(7, "GlobalLpPool", 0, [](ModelBuilder& m) { m.set("p", std::int64_t{1}); }),
            node("GlobalLpPool(x) p=1"));
}

TEST(MaxPool, HasAStorageOrderWithItsIndicesOnly) {
  const Edit edit = [](ModelBuilder& m) {
    m.set("kernel_shape", Ints{2}).set("storage_order", std::int64_t{1});
  };
  EXPECT_EQ(form_of(12, "MaxPool", 0, edit), node("MaxPool(x) kernel=[2]"));
  EXPECT_EQ(form_of(12, "MaxPool", 0,
                    [&](ModelBuilder& m) {
                      edit(m);
                      m.last().add_output("i");
                    }),
            "y, i = MaxPool(x) kernel=[2] column_major=true origins=[\"n_y\"]\n");
  EXPECT_EQ(
      form_of(11, "MaxUnpool", 1,
              [](ModelBuilder& m) { m.set("kernel_shape", Ints{2}).set("strides", Ints{2}); }),
      node("MaxUnpool(x, x) kernel=[2] strides=[2]"));
}

TEST(Norms, AttributesReachTheOperators) {
  EXPECT_EQ(form_of(7, "InstanceNormalization", 2, [](ModelBuilder& m) { m.set("epsilon", 0.5f); }),
            node("InstanceNormalization(x, x, x) epsilon=0.5"));
  const Edit groups = [](ModelBuilder& m) { m.set("num_groups", std::int64_t{3}); };
  EXPECT_EQ(form_of(18, "GroupNormalization", 2, groups),
            node("GroupNormalization(x, x, x) groups=3"));
  EXPECT_EQ(form_of(21, "GroupNormalization", 2,
                    [&](ModelBuilder& m) {
                      groups(m);
                      m.set("stash_type", std::int64_t{1});
                    }),
            node("GroupNormalization(x, x, x) groups=3"));
  EXPECT_EQ(form_of(18, "GroupNormalization", 2),
            broken("attribute 'num_groups' is missing", "GroupNormalization"));
  EXPECT_EQ(form_of(9, "MeanVarianceNormalization", 0), node("MeanVarianceNormalization(x)"));
  EXPECT_EQ(
      form_of(13, "MeanVarianceNormalization", 0, [](ModelBuilder& m) { m.set("axes", Ints{1}); }),
      node("MeanVarianceNormalization(x) axes=[1]"));
  EXPECT_EQ(form_of(7, "LRN", 0,
                    [](ModelBuilder& m) { m.set("size", std::int64_t{5}).set("beta", 0.5f); }),
            node("LRN(x) beta=0.5 size=5"));
  EXPECT_EQ(form_of(7, "LRN", 0), broken("attribute 'size' is missing", "LRN"));
  EXPECT_EQ(form_of(7, "LpNormalization", 0, [](ModelBuilder& m) { m.set("p", std::int64_t{1}); }),
            node("LpNormalization(x) p=1"));
}

TEST(LayerNormalization, MayHaveItsStatistics) {
  EXPECT_EQ(form_of(17, "LayerNormalization", 1,
                    [](ModelBuilder& m) {
                      m.last().add_output("mean");
                      m.last().add_output("deviation");
                    }),
            "y, mean, deviation = LayerNormalization(x, x) origins=[\"n_y\"]\n");
}

TEST(Losses, IgnoreALabelOnlyWhereItIsGiven) {
  EXPECT_EQ(form_of(12, "NegativeLogLikelihoodLoss", 1), node("NegativeLogLikelihoodLoss(x, x)"));
  EXPECT_EQ(form_of(13, "SoftmaxCrossEntropyLoss", 2,
                    [](ModelBuilder& m) {
                      m.set("ignore_index", std::int64_t{0}).set("reduction", "none");
                    }),
            node("SoftmaxCrossEntropyLoss(x, x, x) reduction=none ignores=true"));
  EXPECT_EQ(
      form_of(13, "SoftmaxCrossEntropyLoss", 1, [](ModelBuilder& m) { m.set("reduction", "max"); }),
      broken("attribute 'reduction' is 'max', not none, sum or mean", "SoftmaxCrossEntropyLoss"));
}

TEST(QuantizeLinear, AnOutputDtypeIsAZeroPointOfIt) {
  EXPECT_EQ(form_of(10, "QuantizeLinear", 1), node("QuantizeLinear(x, x)"));
  EXPECT_EQ(form_of(19, "QuantizeLinear", 1,
                    [](ModelBuilder& m) {
                      m.set("axis", std::int64_t{0}).set("saturate", std::int64_t{1});
                    }),
            node("QuantizeLinear(x, x) axis=0"));
  EXPECT_EQ(
      form_of(21, "QuantizeLinear", 1,
              [](ModelBuilder& m) { m.set("output_dtype", std::int64_t{3}); }),
      "n_y/output_dtype: i8[] = constant {0}\n" + node("QuantizeLinear(x, x, n_y/output_dtype)"));
  EXPECT_EQ(form_of(21, "QuantizeLinear", 1,
                    [](ModelBuilder& m) { m.set("output_dtype", std::int64_t{17}); }),
            cannot_run("QuantizeLinear to number 17"));
  for (const char* op : {"QuantizeLinear", "DequantizeLinear"})
    EXPECT_EQ(form_of(21, op, 1, [](ModelBuilder& m) { m.set("block_size", std::int64_t{32}); }),
              cannot_run(std::string(op) + " with block_size 32"));
}

TEST(Signals, AttributesReachTheOperators) {
  EXPECT_EQ(form(17, "HannWindow", [](ModelBuilder& m) { m.set("periodic", std::int64_t{0}); }),
            node("HannWindow(x) periodic=false"));
  EXPECT_EQ(form(17, "BlackmanWindow",
                 [](ModelBuilder& m) { m.set("output_datatype", std::int64_t{11}); }),
            node("BlackmanWindow(x) dtype=f64"));
  EXPECT_EQ(
      form(17, "HammingWindow", [](ModelBuilder& m) { m.set("output_datatype", std::int64_t{8}); }),
      cannot_run("HammingWindow of STRING"));
  EXPECT_EQ(form_of(17, "STFT", 1, [](ModelBuilder& m) { m.set("onesided", std::int64_t{0}); }),
            node("STFT(x, x) onesided=false"));
  EXPECT_EQ(form_of(17, "MelWeightMatrix", 4), node("MelWeightMatrix(x, x, x, x, x)"));
}

TEST(Dft, ItsAxisIsAnInputSinceOpset20) {
  const Edit inverse = [](ModelBuilder& m) { m.set("inverse", std::int64_t{1}); };
  EXPECT_EQ(form_of(17, "DFT", 0, inverse), node("DFT(x) inverse=true"));
  EXPECT_EQ(form_of(20, "DFT", 2, inverse), node("DFT(x, x, x) axis=-2 inverse=true"));
  EXPECT_EQ(form_of(20, "DFT", 0, [](ModelBuilder& m) { m.set("axis", std::int64_t{1}); }),
            cannot_run("DFT with attribute 'axis'"));
}

Edit activations(const std::vector<std::string>& names) {
  return [names](ModelBuilder& m) {
    for (auto& added = m.attribute("activations", ::onnx::AttributeProto::STRINGS);
         const std::string& name : names)
      added.add_strings(name);
  };
}

TEST(Gru, AttributesReachTheOperator) {
  EXPECT_EQ(form_of(14, "GRU", 2), node("GRU(x, x, x)"));
  EXPECT_EQ(
      form_of(14, "GRU", 2,
              [](ModelBuilder& m) {
                m.set("direction", "reverse").set("layout", std::int64_t{1}).set("clip", 2.5f);
                m.set("linear_before_reset", std::int64_t{1});
              }),
      node("GRU(x, x, x) direction=reverse batch_first=true linear_before_reset=true "
           "clip=2.5"));
  EXPECT_EQ(form_of(7, "GRU", 2, activations({"Sigmoid", "Tanh"})), node("GRU(x, x, x)"));
  EXPECT_EQ(form_of(7, "GRU", 2, activations({"Sigmoid", "Relu"})),
            cannot_run("GRU with activations 'Sigmoid,Relu'"));
  EXPECT_EQ(form_of(7, "GRU", 2, activations({"Sigmoid"})),
            broken("attribute 'activations' has 1 names, not two for each of 1 direction", "GRU"));
}

TEST(Rnn, HasOneOfThreeActivationsInBothDirections) {
  EXPECT_EQ(form_of(7, "RNN", 2), node("RNN(x, x, x)"));
  EXPECT_EQ(form_of(14, "RNN", 2, activations({"Relu"})), node("RNN(x, x, x) activation=Relu"));
  const auto both = [](const std::vector<std::string>& names) {
    return [names](ModelBuilder& m) {
      activations(names)(m);
      m.set("direction", "bidirectional");
    };
  };
  EXPECT_EQ(form_of(14, "RNN", 2, both({"Sigmoid", "Sigmoid"})),
            node("RNN(x, x, x) direction=bidirectional activation=Sigmoid"));
  EXPECT_EQ(form_of(14, "RNN", 2, both({"Tanh", "Relu"})),
            cannot_run("RNN with activations 'Tanh,Relu'"));
  EXPECT_EQ(form_of(14, "RNN", 2, activations({"Affine"})),
            cannot_run("RNN with activations 'Affine'"));
}

}  // namespace
}  // namespace keel::onnx_io
