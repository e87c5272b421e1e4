#include "tuner/engine/roundings.h"

#include "tests/tuner/engine/target_fixture.h"

namespace keel::engine {
namespace {

using ascend::PrecisionMode;

// "node role value dtype" of each rounding, a line each.
std::string roundings(std::string_view text, PrecisionMode mode = PrecisionMode::ForceFp16,
                      std::string_view soc = "Ascend910B3") {
  const Target target = target_of(text, mode, soc);
  const ir::Graph& graph = target.prepared.graph();
  std::string result;
  for (const Rounding& rounding : must(find_roundings(target)))
    result += graph[graph[rounding.node].origins.front()].name + " " +
              std::string(name(rounding.role)) + " " + graph[rounding.value].name + " " +
              std::string(name(rounding.dtype)) + "\n";
  return result;
}

// "unit: sentence" of each suspicion over samples of the one input.
std::string suspicions_of(std::string_view text, const std::vector<std::vector<float>>& samples,
                          PrecisionMode mode = PrecisionMode::ForceFp16,
                          std::string_view soc = "Ascend910B3") {
  const Target target = target_of(text, mode, soc);
  const std::vector<Rounding> found = must(find_roundings(target));
  std::string result;
  const auto of_unit = suspicions(target, found, ranges_of(target, found, samples));
  for (std::size_t u = 0; u < of_unit.size(); ++u)
    for (const report::RangeFinding& finding : of_unit[u])
      result += std::to_string(u) + ": " + finding.tensor + ": " + sentence(finding) + "\n";
  return result;
}

constexpr std::string_view kLog =
    "x: f32[4] = input\n"
    "floor: f32[1] = constant {1e-10}\n"
    "m = Max(x, floor)\n"
    "y = Log(m)\n"
    "return y\n";

constexpr std::string_view kDense =
    "x: f32[1,4] = input\n"
    "w: f32[4,4] = constant random(1)\n"
    "b: f32[4] = constant splat(1e6)\n"
    "p = MatMul(x, w)\n"
    "s = Add(p, b)\n"
    "r = Relu(s)\n"
    "y = Exp(r)\n"
    "return y\n";

constexpr std::string_view kLayerNorm =
    "x: f32[1,4] = input\n"
    "axes: i64[1] = constant {-1}\n"
    "e: f32[1] = constant {1e-12}\n"
    "m = ReduceMean(x, axes)\n"
    "d = Sub(x, m)\n"
    "q = Mul(d, d)\n"
    "v = ReduceMean(q, axes)\n"
    "s = Add(v, e)\n"
    "r = Sqrt(s)\n"
    "y = Div(d, r)\n"
    "return y\n";

TEST(Roundings, AreWhatAUnitTakesAndMakes) {
  EXPECT_EQ(roundings(kLog),
            "m input x f16\n"
            "m constant floor f16\n"
            "m result m f16\n"
            "y input m f16\n"
            "y result y f16\n");
}

TEST(Roundings, OfAnLstmLeaveItsBiasOut) {
  EXPECT_EQ(
      roundings("x: f32[2,1,3] = input\nw: f32[1,4,3] = constant random(1)\n"
                "r: f32[1,4,1] = constant random(2)\nb: f32[1,8] = constant random(3)\n"
                "s: f32[1,1,1] = input\ny, h, c = LSTM(x, w, r, b, _, s, s)\nreturn y, h, c\n"),
      "y input x f16\n"
      "y constant w f16\n"
      "y constant r f16\n"
      "y input s f16\n"
      "y result y f16\n"
      "y result h f16\n"
      "y result c f16\n");
}

TEST(Roundings, AreOfEachResultInsideAFusedLayerNorm) {
  EXPECT_EQ(roundings(kLayerNorm),
            "m input x f16\n"
            "m result m f16\n"
            "d result d f16\n"
            "q result q f16\n"
            "v result v f16\n"
            "s constant e f16\n"
            "s result s f16\n"
            "r result r f16\n"
            "y result y f16\n");
}

TEST(Roundings, LeaveOutWhatStaysInTheAccumulator) {
  EXPECT_EQ(roundings(kDense),
            "p input x f16\n"
            "p constant w f16\n"
            "r result r f16\n"
            "y input r f16\n"
            "y result y f16\n");
}

TEST(Roundings, FollowTheMode) {
  EXPECT_EQ(roundings(kDense, PrecisionMode::ForceFp32),
            "p input x f16\n"
            "p constant w f16\n");
  EXPECT_EQ(roundings(kDense, PrecisionMode::AllowFp32ToFp16),
            "p input x f16\n"
            "p constant w f16\n"
            "r result r f16\n");
  EXPECT_EQ(roundings(kDense, PrecisionMode::MustKeepOriginDtype), "");
}

TEST(Roundings, FollowTheSoc) {
  EXPECT_EQ(roundings(kDense, PrecisionMode::MustKeepOriginDtype, "Ascend310P3"),
            "p input x f16\n"
            "p constant w f16\n");
}

TEST(Roundings, OfALayoutOperatorAreThoseOfItsData) {
  EXPECT_EQ(roundings("x: f32[2,3] = input\n"
                      "a = Exp(x)\n"
                      "t = Transpose(a) perm=[1,0]\n"
                      "y = Log(t)\n"
                      "return y\n"),
            "a input x f16\n"
            "a result a f16\n"
            "y input t f16\n"
            "y result y f16\n");
}

TEST(Suspicions, NameAnUnderflowAndTheSamplesItIsIn) {
  EXPECT_EQ(suspicions_of(kLog, {{1, 2, 3, 4}, {0, 1, 2, 3}, {0, 0, 0, 0}}),
            "0: floor: Maximum constant underflows to 0 (100 % of its elements in f16)\n"
            "0: m: Maximum result underflows to 0 on 2 of 3 samples (41.7 % of its elements in "
            "f16)\n"
            "1: m: Log input underflows to 0 on 2 of 3 samples (41.7 % of its elements in f16)\n");
}

TEST(Suspicions, LookInsideAFusedLayerNorm) {
  EXPECT_EQ(suspicions_of(kLayerNorm, {{-300, 300, -1, 1}, {-1, 1, -1, 1}}),
            "0: q: Mul result overflows on 1 of 2 samples (25 % of its elements in f16)\n"
            "0: e: Add constant underflows to 0 (100 % of its elements in f16)\n");
}

TEST(Suspicions, AreNotOfTheSumInsideAReduction) {
  const std::string mean =
      "x: f32[4] = input\naxes: i64[1] = constant {0}\ny = ReduceMean(x, axes)\nreturn y\n";
  EXPECT_EQ(suspicions_of(mean, {{60000, 60000, 60000, 60000}}), "");
  std::string sum = mean;
  sum.replace(sum.find("Mean"), 4, "Sum");
  EXPECT_EQ(suspicions_of(sum, {{60000, 60000, 60000, 60000}}),
            "0: y: ReduceSum result overflows on 1 of 1 samples (100 % of its elements in f16)\n");
}

TEST(Suspicions, AreNotOfABiasInTheAccumulator) {
  const std::string cancelled =
      "x: f32[1,2] = input\n"
      "w: f32[2,2] = constant {1, 0, 0, 1}\n"
      "b: f32[2] = constant splat(-1e6)\n"
      "p = MatMul(x, w)\n"
      "s = Add(p, b)\n"
      "y = Relu(s)\n"
      "return y\n";
  EXPECT_EQ(suspicions_of(cancelled, {{1, 2}}), "");
}

TEST(Suspicions, AreOfAMaskThoughItMayBeHarmless) {
  EXPECT_EQ(suspicions_of("x: f32[1,2] = input\n"
                          "mask: f32[1,2] = constant {0, -1e9}\n"
                          "a = Add(x, mask)\n"
                          "y = Softmax(a)\n"
                          "return y\n",
                          {{1, 2}, {3, 4}}),
            "0: mask: Add constant overflows (50 % of its elements in f16)\n"
            "0: a: Add result overflows on 2 of 2 samples (50 % of its elements in f16)\n"
            "1: a: SoftmaxV2 input overflows on 2 of 2 samples (50 % of its elements in f16)\n");
}

TEST(Suspicions, AreNoneWhereTheModeLowersNothing) {
  EXPECT_EQ(suspicions_of(kLog, {{0, 0, 0, 0}}, PrecisionMode::AllowFp32ToFp16), "");
}

TEST(LoweredDtypes, AreFp32WhereNothingRounds) {
  const Target target = target_of(kDense, PrecisionMode::ForceFp32, "Ascend910B3");
  const std::vector<DType> dtypes = lowered_dtypes(target, must(find_roundings(target)));
  const ir::Graph& graph = target.prepared.graph();
  std::string narrow;
  for (const ir::ValueId value : graph.values())
    if (dtypes[index(value)] != DType::F32) narrow += graph[value].name + " ";
  EXPECT_EQ(narrow, "x w ");
}

// The first sample loses an element at the logarithm, the third all of them; a constant loses in
// every sample alike and tells nothing.
TEST(Suspicions, AreToldBestByTheSampleThatLosesMost) {
  const Target target = target_of(kLog);
  const std::vector<Rounding> found = must(find_roundings(target));
  const std::vector<std::vector<float>> samples = {
      {1e-9f, 1, 1, 1}, {1, 1, 1, 1}, {1e-9f, 1e-9f, 1e-9f, 1e-9f}, {1, 1, 1, 1}};
  const auto telling =
      telling_samples(suspicions(target, found, ranges_of(target, found, samples)));
  ASSERT_EQ(telling.size(), target.units.size());
  EXPECT_EQ(telling[0], std::vector<std::size_t>{2});
  EXPECT_EQ(telling[1], std::vector<std::size_t>{2});
  const auto harmless = telling_samples(
      suspicions(target, found, ranges_of(target, found, {{1, 1, 1, 1}, {2, 2, 2, 2}})));
  EXPECT_TRUE(harmless[0].empty());
}

}  // namespace
}  // namespace keel::engine
