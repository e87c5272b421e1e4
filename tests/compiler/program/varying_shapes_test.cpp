#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/program/compile.h"
#include "tests/places/places.h"
#include "tests/support/graph_text.h"

namespace keel::program {
namespace {

// Graphs with shapes that follow from the data: prepared with one example, run with other inputs.

Result<ir::Graph> prepared(std::string_view text, std::vector<Tensor> example) {
  ir::Graph graph = test::parse(text);
  passes::Context context;
  context.example = [&] { return Result<std::vector<Tensor>>(example); };
  KEEL_TRY_STATUS(passes::run(passes::prepare_pipeline(), graph, context));
  return graph;
}

// The graph of the variant in which every unit is lowered to fp16.
Result<ir::Graph> lowered(std::string_view text, std::vector<Tensor> example) {
  const std::filesystem::path configs = keel::test::source_folder() / "configs";
  KEEL_TRY(const ascend::Soc soc, ascend::load_soc(configs, "Ascend910B3"));
  KEEL_TRY(const ascend::OpTable table, ascend::OpTable::load(configs));
  KEEL_TRY(const PreparedModel model,
           PreparedModel::prepare(test::parse(text), table, soc, {},
                                  [&] { return Result<std::vector<Tensor>>(example); }));
  const ascend::PrecisionRules rules =
      ascend::rules_of(ascend::PrecisionMode::ForceFp16, ascend::Hf32{}, soc);
  std::vector<ascend::Precision> of_unit;
  for (const passes::Unit& unit : model.units())
    of_unit.push_back(ascend::decide(rules, unit.op, {}).precision);
  KEEL_TRY(Program program, model.compile(of_unit));
  return std::move(program.graph);
}

std::vector<Tensor> run(const ir::Graph& graph, std::vector<Tensor> inputs,
                        ResultMemo* memo = nullptr) {
  HostOptions options;
  options.memo = memo;
  const Result<std::vector<Tensor>> outputs = run_on_host(graph, inputs, options);
  EXPECT_TRUE(outputs.ok()) << (outputs.ok() ? "" : to_text(outputs.error()));
  return outputs.ok() ? *outputs : std::vector<Tensor>();
}

constexpr std::string_view kPositives =
    "x: f32[6] = input\n"
    "zero: f32[] = constant {0}\n"
    "is: bool[6] = Greater(x, zero)\n"
    "places: ~i64[1,1] = NonZero(is)\n"
    "rows = Transpose(places) perm=[1,0]\n"
    "kept = GatherND(x, rows)\n"
    "twice = Add(kept, kept)\n"
    "return twice, places\n";

TEST(VaryingShapes, AreThoseOfEachExecution) {
  const Result<ir::Graph> graph =
      prepared(kPositives, {make_f32({6}, std::array{1.F, -1.F, 2.F, -2.F, -3.F, -4.F})});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  const ir::ValueId twice = graph->outputs()[0];
  EXPECT_EQ(to_text((*graph)[twice].type), "f32[2]");
  EXPECT_TRUE((*graph)[twice].varies);
  const std::vector<Tensor> four =
      run(*graph, {make_f32({6}, std::array{1.F, 2.F, -1.F, 3.F, -1.F, 4.F})});
  ASSERT_EQ(four.size(), 2u);
  EXPECT_EQ(digest(four[0]), digest(make_f32({4}, std::array{2.F, 4.F, 6.F, 8.F})));
  EXPECT_EQ(digest(four[1]), digest(make_i64({1, 4}, std::array<std::int64_t, 4>{0, 1, 3, 5})));
  const std::vector<Tensor> none = run(*graph, {make_f32({6}, std::array<float, 6>{})});
  ASSERT_EQ(none.size(), 2u);
  EXPECT_EQ(to_text(none[0].type()), "f32[0]");
  EXPECT_EQ(to_text(none[1].type()), "i64[1,0]");
}

TEST(VaryingShapes, AreTheSameFromTheMemo) {
  const Result<ir::Graph> graph = prepared(kPositives, {make_f32({6}, std::array<float, 6>{1})});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  ResultMemo memo(1 << 20);
  const ir::Graph source = test::parse(kPositives);
  for (const std::uint64_t seed : {1U, 2U, 3U, 1U, 2U, 3U}) {
    const std::vector<Tensor> inputs = test::random_inputs(source, seed);
    const std::vector<Tensor> with_memo = run(*graph, inputs, &memo);
    const std::vector<Tensor> without = run(*graph, inputs);
    for (std::size_t i = 0; i < without.size(); ++i)
      EXPECT_EQ(digest(with_memo[i]), digest(without[i])) << seed;
  }
}

// An extent that was computed is no constant, nor is what it was computed into.
TEST(VaryingShapes, ReachWhatIsComputedFromThem) {
  const Result<ir::Graph> graph = prepared(
      "x: f32[6] = input\n"
      "places: ~i64[1,1] = NonZero(x)\n"
      "extents = Shape(places)\n"
      "one: i64[] = constant {1}\n"
      "count = Gather(extents, one)\n"
      "axis: i64[1] = constant {0}\n"
      "counts = Unsqueeze(count, axis)\n"
      "ones: ~f32[1] = ConstantOfShape(counts) value=1\n"
      "return ones\n",
      {make_f32({6}, std::array{1.F, 0.F, 0.F, 0.F, 0.F, 0.F})});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  const std::vector<Tensor> ones =
      run(*graph, {make_f32({6}, std::array{1.F, 2.F, 3.F, 0.F, 0.F, 0.F})});
  ASSERT_EQ(ones.size(), 1u);
  EXPECT_EQ(digest(ones[0]), digest(make_f32({3}, std::array{1.F, 1.F, 1.F})));
}

// In the example each column gets its own, in another execution the one column gets all three.
TEST(VaryingShapes, OfChannelsKeepABiasFromBeingFused) {
  Tensor three(DType::Bool, {4});
  std::ranges::copy(std::array<std::uint8_t, 4>{1, 1, 1, 0}, three.fill<std::uint8_t>().begin());
  Tensor one(DType::Bool, {4});
  std::ranges::copy(std::array<std::uint8_t, 4>{0, 1, 0, 0}, one.fill<std::uint8_t>().begin());
  const Tensor x = make_f32({1, 2}, std::array{1.F, 1.F});
  const Result<ir::Graph> graph = prepared(
      "x: f32[1,2] = input\n"
      "take: bool[4] = input\n"
      "all: f32[2,4] = constant {1, 2, 3, 4, 10, 20, 30, 40}\n"
      "w: ~f32[2,3] = Compress(all, take) has_axis=true axis=1\n"
      "product = MatMul(x, w)\n"
      "b: f32[3] = constant {100, 200, 300}\n"
      "y = Add(product, b)\n"
      "return y\n",
      {x, three});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  EXPECT_EQ(digest(run(*graph, {x, three})[0]),
            digest(make_f32({1, 3}, std::array{111.F, 222.F, 333.F})));
  EXPECT_EQ(digest(run(*graph, {x, one})[0]),
            digest(make_f32({1, 3}, std::array{122.F, 222.F, 322.F})));
}

TEST(VaryingShapes, FollowFromNumbersThatAreInputs) {
  const Result<ir::Graph> graph = prepared(
      "x: f32[4,3] = input\n"
      "n: i64[1] = input\n"
      "zero: i64[1] = constant {0}\n"
      "y: ~f32[1,3] = Slice(x, zero, n, zero)\n"
      "return y\n",
      {make_f32({4, 3}, std::array<float, 12>{}), make_i64({1}, std::array<std::int64_t, 1>{2})});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  EXPECT_EQ(to_text((*graph)[graph->outputs()[0]].type), "f32[2,3]");
  const std::vector<Tensor> y =
      run(*graph, {make_f32({4, 3}, std::array<float, 12>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}),
                   make_i64({1}, std::array<std::int64_t, 1>{3})});
  ASSERT_EQ(y.size(), 1u);
  EXPECT_EQ(digest(y[0]),
            digest(make_f32({3, 3}, std::array<float, 9>{1, 2, 3, 4, 5, 6, 7, 8, 9})));
}

// Lines that compute y from rows x: f32[n,2,4,4]; %N stands for the extent that varies.
struct Behind {
  std::string name, lines;
};

class RowsThatVary : public testing::TestWithParam<Behind> {
 public:
  static std::string graph(const std::string& head, const std::string& lines) {
    return head + lines + "return y\n";
  }

  static std::string varying() {
    return graph(
        "all: f32[6,2,4,4] = input\n"
        "take: bool[6] = input\n"
        "x: ~f32[2,2,4,4] = Compress(all, take) has_axis=true axis=0\n",
        GetParam().lines);
  }

  static std::string fixed(std::int64_t rows) {
    return graph("x: f32[" + std::to_string(rows) + ",2,4,4] = input\n", GetParam().lines);
  }

  static Tensor mask(std::int64_t rows) {
    Tensor take(DType::Bool, {6});
    std::ranges::fill(take.fill<std::uint8_t>(), std::uint8_t{0});
    std::ranges::fill_n(take.fill<std::uint8_t>().begin(), rows, std::uint8_t{1});
    return take;
  }
};

void compare(Result<ir::Graph> (*made)(std::string_view, std::vector<Tensor>)) {
  Tensor all = test::random_inputs(test::parse("x: f32[6,2,4,4] = input\nreturn x\n"), 1)[0];
  // Compress rounds where it is lowered: to what is on the grid that is nothing.
  round_in_place(FloatFormat::F16, Overflow::InfNan, all.fill<float>());
  const Result<ir::Graph> graph = made(RowsThatVary::varying(), {all, RowsThatVary::mask(2)});
  ASSERT_TRUE(graph.ok()) << to_text(graph.error());
  for (const std::int64_t rows : {6, 0, 1, 5}) {
    const Result<ir::Graph> same = made(RowsThatVary::fixed(rows), {});
    ASSERT_TRUE(same.ok()) << to_text(same.error());
    Tensor x(DType::F32, {rows, 2, 4, 4});
    std::ranges::copy(all.as<float>().first(x.fill<float>().size()), x.fill<float>().begin());
    const std::vector<Tensor> wanted = run(*same, {x});
    const std::vector<Tensor> y = run(*graph, {all, RowsThatVary::mask(rows)});
    ASSERT_EQ(wanted.size(), 1u);
    ASSERT_EQ(y.size(), 1u);
    EXPECT_EQ(to_text(y[0].type()), to_text(wanted[0].type())) << rows;
    EXPECT_EQ(digest(y[0]), digest(wanted[0])) << rows;
  }
}

TEST_P(RowsThatVary, GiveWhatAGraphOfThatExtentGives) { compare(prepared); }
TEST_P(RowsThatVary, GiveTheSameLowered) { compare(lowered); }

INSTANTIATE_TEST_SUITE_P(
    VaryingShapes, RowsThatVary,
    testing::Values(
        Behind{"Elementwise", "a = Exp(x)\nb = Mul(a, x)\ny = Tanh(b)\n"},
        Behind{"Broadcast", "c: f32[4] = constant random(1)\ny = Add(x, c)\n"},
        Behind{"Conv",
               "w: f32[8,2,3,3] = constant random(1)\nb: f32[8] = constant random(2)\n"
               "a = Conv(x, w, b) pads=[1,1,1,1]\nc = Relu(a)\n"
               "v: f32[4,8,1,1] = constant random(3)\ny = Conv(c, v)\n"},
        Behind{"ConvTranspose",
               "w: f32[2,3,2,2] = constant random(1)\ny = ConvTranspose(x, w) strides=[2,2]\n"},
        Behind{"Pool", "y = MaxPool(x) kernel=[2,2] strides=[2,2]\n"},
        Behind{"GlobalPool", "y = GlobalAveragePool(x)\n"},
        Behind{"MatMul", "w: f32[4,3] = constant random(1)\ny = MatMul(x, w)\n"},
        Behind{"MatMulWithBias",
               "w: f32[4,3] = constant random(1)\na = MatMul(x, w)\n"
               "b: f32[3] = constant random(2)\ny = Add(a, b)\n"},
        Behind{"MatMulOfBoth", "t = Transpose(x) perm=[0,1,3,2]\ny = MatMul(x, t)\n"},
        Behind{"Gemm",
               "f = Flatten(x)\nw: f32[32,5] = constant random(1)\n"
               "b: f32[5] = constant random(2)\ny = Gemm(f, w, b)\n"},
        Behind{"BatchNorm",
               "s: f32[2] = constant random(1)\nb: f32[2] = constant random(2)\n"
               "m: f32[2] = constant random(3)\nv: f32[2] = constant splat(2)\n"
               "y = BatchNormalization(x, s, b, m, v)\n"},
        Behind{"LayerNorm", "g: f32[4] = constant random(1)\ny = LayerNormalization(x, g)\n"},
        Behind{"InstanceNorm",
               "s: f32[2] = constant random(1)\nb: f32[2] = constant random(2)\n"
               "y = InstanceNormalization(x, s, b)\n"},
        Behind{"Softmax", "y = Softmax(x)\n"}, Behind{"SoftmaxOverAll", "y = Softmax(x) axis=0\n"},
        Behind{"ReduceRows", "a: i64[1] = constant {0}\ny = ReduceSum(x, a)\n"},
        Behind{"ReduceMean", "a: i64[2] = constant {2, 3}\ny = ReduceMean(x, a)\n"},
        Behind{"Concat", "y = Concat(x, x) axis=0\n"}, Behind{"Split", "y, z = Split(x) axis=1\n"},
        Behind{"Slice",
               "s: i64[1] = constant {1}\ne: i64[1] = constant {99}\na: i64[1] = constant {0}\n"
               "y = Slice(x, s, e, a)\n"},
        Behind{"Pad", "p: i64[8] = constant {1, 0, 0, 0, 0, 0, 1, 0}\ny = Pad(x, p)\n"},
        Behind{"Reshape", "s: i64[2] = constant {-1, 8}\ny = Reshape(x, s)\n"},
        Behind{"Transpose", "y = Transpose(x) perm=[3,0,2,1]\n"},
        Behind{"Gather", "i: i64[2] = constant {1, 0}\ny = Gather(x, i) axis=1\n"},
        Behind{"Tile", "r: i64[4] = constant {2, 1, 1, 3}\ny = Tile(x, r)\n"},
        Behind{"ArgMax", "a = ArgMax(x) axis=3\ny = Cast(a) to=f32\n"},
        Behind{"TopK", "k: i64[1] = constant {2}\ny, i = TopK(x, k)\n"},
        Behind{"CumSum", "a: i64[] = constant {0}\ny = CumSum(x, a)\n"},
        Behind{"DepthToSpace", "t = Transpose(x) perm=[0,2,3,1]\ny = DepthToSpace(t) block=2\n"},
        Behind{"Resize", "s: f32[4] = constant {1, 1, 2, 2}\ny = Resize(x, _, s) mode=linear\n"},
        Behind{"If", "c: bool[1] = constant {1}\nn = Neg(x)\ny = If(c, x, n)\n"},
        Behind{"Loop", "c: bool[1] = constant {0}\ny = Loop(c, x) iterations=2\n"},
        Behind{"Where", "m = Greater(x, x)\ny = Where(m, x, x)\n"}, Behind{"Erf", "y = Erf(x)\n"},
        Behind{"Clip", "y = Clip(x)\n"}, Behind{"Shape", "s = Shape(x)\ny = Cast(s) to=f32\n"},
        Behind{"Size", "s = Size(x)\ny = Cast(s) to=f32\n"},
        Behind{"Lstm",
               "q: i64[3] = constant {3, -1, 8}\nt = Transpose(x) perm=[1,0,2,3]\n"
               "s: i64[3] = constant {2, -1, 16}\nu = Reshape(t, s)\n"
               "w: f32[1,12,16] = constant random(1)\nr: f32[1,12,3] = constant random(2)\n"
               "y = LSTM(u, w, r)\n"},
        Behind{"Gru",
               "t = Transpose(x) perm=[1,0,2,3]\n"
               "s: i64[3] = constant {2, -1, 16}\nu = Reshape(t, s)\n"
               "w: f32[1,9,16] = constant random(1)\nr: f32[1,9,3] = constant random(2)\n"
               "y = GRU(u, w, r)\n"},
        Behind{"Einsum",
               "w: f32[4,3] = constant random(1)\ny = Einsum(x, w) equation=[bchw,wk->bkch]\n"}),
    [](const testing::TestParamInfo<Behind>& parameter) { return parameter.param.name; });

// Twice x, or its first two elements: of any sample either, whichever the example took.
constexpr std::string_view kEither =
    "x: f32[3] = input\n"
    "c: bool[] = input\n"
    "s: i64[1] = constant {0}\ne: i64[1] = constant {2}\n"
    "twice = Concat(x, x) axis=0\n"
    "two = Slice(x, s, e)\n"
    "chosen: ~f32[6] = If(c, twice, two)\n"
    "y = Neg(chosen)\n"
    "return y\n";

Tensor truth(bool value) {
  Tensor tensor(DType::Bool, {});
  tensor.fill<std::uint8_t>()[0] = value ? 1 : 0;
  return tensor;
}

TEST(VaryingShapes, OfTheBranchThatIsTaken) {
  const Tensor x = make_f32({3}, std::array{1.0f, 2.0f, 3.0f});
  for (const bool example : {true, false}) {
    const auto graph = prepared(kEither, {x, truth(example)});
    ASSERT_TRUE(graph.ok()) << to_text(graph.error());
    const auto variant = lowered(kEither, {x, truth(example)});
    ASSERT_TRUE(variant.ok()) << to_text(variant.error());
    for (const ir::Graph* each : {&*graph, &*variant}) {
      EXPECT_EQ(digest(run(*each, {x, truth(true)}).at(0)),
                digest(make_f32({6}, std::array{-1.F, -2.F, -3.F, -1.F, -2.F, -3.F})));
      EXPECT_EQ(digest(run(*each, {x, truth(false)}).at(0)),
                digest(make_f32({2}, std::array{-1.F, -2.F})));
    }
  }
}

TEST(VaryingShapes, NeedAnExample) {
  ir::Graph graph = test::parse(kPositives);
  const Status run = passes::run(passes::prepare_pipeline(), graph, {});
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().code, ErrorCode::Unsupported);
  EXPECT_NE(to_text(run.error()).find("'places' (NonZero)"), std::string::npos);
}

}  // namespace
}  // namespace keel::program
