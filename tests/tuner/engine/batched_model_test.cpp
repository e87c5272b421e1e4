#include "tuner/engine/batched_model.h"

#include "tests/tuner/engine/opened_model.h"
#include "tuner/engine/sample_batches.h"

namespace keel::engine {
namespace {

class BatchedModelTest : public OpenedModel {
 protected:
  // A model whose inputs have the samples' shapes; the data are made here.
  Target open_for(const std::string& shapes) {
    options_.input_shape = shapes;
    return open();
  }

  static accuracy::Dataset data_of(const std::vector<std::vector<float>>& rows) {
    accuracy::Dataset data;
    for (const std::vector<float>& row : rows)
      data.samples.push_back({"s", {make_f32({1, static_cast<std::int64_t>(row.size())}, row)}});
    return data;
  }

  Result<BatchedModel> open_batched(const Target& target, std::size_t size) const {
    return BatchedModel::open(options_, std::nullopt, target, size);
  }

  void expect_refused(const Target& target, const std::string& what, const std::string& where) {
    const Result<BatchedModel> model = open_batched(target, 4);
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.error().what, what);
    EXPECT_EQ(model.error().where, where);
  }
};

using onnx_io::ModelBuilder;

TEST_F(BatchedModelTest, GivesEachSampleWhatItGivesAlone) {
  ModelBuilder builder;
  builder.input("x", {-1, 3}).floats("bias", {1, 2, 3});
  builder.node("Add", {"x", "bias"}, {"sum"}).node("Exp", {"sum"}, {"y"}).output("y");
  builder.node("ReduceMax", {"sum"}, {"most"}).set("axes", Ints{1}).output("most");
  write(builder);
  const Target target = open_for("x:1,3");
  const Result<BatchedModel> model = open_batched(target, 4);
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  const accuracy::Dataset data = data_of({{1, 2, 3}, {-1, 0, 0.5}, {9, 8, 7}});
  const std::vector<Tensor> inputs = model->stack(data, std::vector<std::size_t>{2, 0, 1});
  ASSERT_EQ(inputs.size(), 1);
  EXPECT_EQ(inputs[0].type(), (TensorType{DType::F32, {4, 3}}));
  EXPECT_TRUE(std::ranges::equal(inputs[0].as<float>(),
                                 std::vector<float>{9, 8, 7, 1, 2, 3, -1, 0, 0.5, -1, 0, 0.5}));

  const std::vector<ascend::Precision> lowered = target.precisions(target.everything_lowered());
  const Result<std::unique_ptr<BatchedProgram>> together = model->compile(lowered);
  ASSERT_TRUE(together.ok()) << to_text(together.error());
  const program::HostOptions options{target.soc.overflow, nullptr, {}, {}};
  const auto outputs = (*together)->run(inputs, options);
  ASSERT_TRUE(outputs.ok()) << to_text(outputs.error());
  ASSERT_EQ(outputs->size(), 4);
  const Result<program::Program> alone = target.prepared.compile(lowered);
  ASSERT_TRUE(alone.ok());
  const std::vector<std::size_t> samples = {2, 0, 1, 1};
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto expected =
        program::run_on_host(alone->graph, data.samples[samples[i]].inputs, options);
    ASSERT_TRUE(expected.ok());
    EXPECT_TRUE(are_equal(*expected, (*outputs)[i])) << i;
  }
}

TEST_F(BatchedModelTest, NeedsAnOpenFirstExtent) {
  ModelBuilder builder;
  builder.input("x", {1, -1}).node("Exp", {"x"}, {"y"}).output("y");
  write(builder);
  expect_refused(open_for("x:1,3"), "the file fixes the first extent", "input 'x'");
}

TEST_F(BatchedModelTest, NeedsOneOfEveryInput) {
  ModelBuilder builder;
  builder.input("x", {-1, 3}).input("z", {1, 3});
  builder.node("Add", {"x", "z"}, {"y"}).output("y");
  write(builder);
  expect_refused(open_for("x:1,3"), "the file fixes the first extent", "input 'z'");
}

TEST_F(BatchedModelTest, NeedsOutputsThatGrowWithTheSamples) {
  ModelBuilder builder;
  builder.input("x", {-1, 3}).node("ReduceMean", {"x"}, {"y"}).set("axes", Ints{0});
  builder.output("y");
  write(builder);
  expect_refused(open_for("x:1,3"), "it is f32[1,3], not f32[4,3]", "output 'y'");
}

TEST_F(BatchedModelTest, NeedsAnExtentOfTheOutput) {
  ModelBuilder builder;
  builder.input("x", {-1, 3}).node("ReduceMean", {"x"}, {"y"}).set("keepdims", std::int64_t{0});
  builder.output("y");
  write(builder);
  expect_refused(open_for("x:1,3"), "it has no extent that could grow", "output 'y'");
}

TEST_F(BatchedModelTest, NeedsTheSameUnits) {
  // What is folded for one sample is computed for four: a condition on the extent.
  ModelBuilder then_branch, else_branch;
  then_branch.node("Exp", {"x"}, {"a"}).output("a");
  else_branch.node("Sqrt", {"x"}, {"b"}).output("b");
  ModelBuilder builder;
  builder.input("x", {-1, 3}).ints("one", {1}).ints("zero", {0});
  builder.node("Shape", {"x"}, {"shape"}).node("Gather", {"shape", "zero"}, {"n"});
  builder.node("Equal", {"n", "one"}, {"alone"});
  builder.node("If", {"alone"}, {"y"}).set("then_branch", then_branch);
  builder.set("else_branch", else_branch).output("y");
  write(builder);
  expect_refused(open_for("x:1,3"), "it becomes other operators than for one sample", "");
}

TEST_F(BatchedModelTest, HasTheWeightsOfTheOtherInMemory) {
  ModelBuilder builder;
  builder.input("x", {-1, 3}).floats("bias", {1, 2, 3});
  builder.node("Add", {"x", "bias"}, {"y"}).output("y");
  write(builder);
  const Target target = open_for("x:1,3");
  const Result<BatchedModel> model = open_batched(target, 4);
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  const auto bytes_of_constant = [](const ir::Graph& graph) {
    for (const ir::ValueId value : graph.values())
      if (graph[value].constant) return graph[value].constant->bytes().data();
    return static_cast<const std::byte*>(nullptr);
  };
  ASSERT_NE(bytes_of_constant(target.prepared.graph()), nullptr);
  EXPECT_EQ(bytes_of_constant(model->graph()), bytes_of_constant(target.prepared.graph()));
}

}  // namespace
}  // namespace keel::engine
