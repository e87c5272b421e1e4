#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "compiler/base/error_text.h"
#include "compiler/onnx/load.h"
#include "compiler/passes/pipeline.h"
#include "compiler/program/host_execution.h"

namespace keel::program {
namespace {

namespace fs = std::filesystem;

// Single-operator models of the ONNX project with recorded results, from Debian's
// libonnx-testdata.
const fs::path kNodeTests = "/usr/share/libonnx-testdata/data/node";

class OnnxResults : public testing::TestWithParam<const char*> {
 protected:
  Tensor recorded(const std::string& kind, std::size_t i) const {
    const fs::path file =
        kNodeTests / GetParam() / "test_data_set_0" / (kind + "_" + std::to_string(i) + ".pb");
    Result<Tensor> tensor = onnx_io::read_tensor_file(file);
    if (!tensor.ok()) ADD_FAILURE() << to_text(tensor.error());
    return tensor.ok() ? *std::move(tensor) : Tensor();
  }
};

// Shapes may depend on what the test gives as an input.
void make_constant(ir::Graph& graph, ir::ValueId input, const Tensor& content) {
  graph.replace_uses(input, graph.add_constant(graph[input].name + "/content", content));
}

TEST_P(OnnxResults, AreThoseRecorded) {
  if (!fs::exists(kNodeTests)) GTEST_SKIP() << "libonnx-testdata is not installed";
  Result<onnx_io::Model> model = onnx_io::load(kNodeTests / GetParam() / "model.onnx", {});
  ASSERT_TRUE(model.ok()) << to_text(model.error());
  ir::Graph& graph = model->graph;
  std::vector<Tensor> inputs;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    inputs.push_back(recorded("input", i));
    if (inputs[i].dtype() == DType::I64) make_constant(graph, graph.inputs()[i], inputs[i]);
  }
  const Status prepared = passes::run(passes::prepare_pipeline(), graph, {});
  ASSERT_TRUE(prepared.ok()) << to_text(prepared.error());
  const Result<std::vector<Tensor>> outputs = run_on_host(graph, inputs);
  ASSERT_TRUE(outputs.ok()) << to_text(outputs.error());
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const Tensor expected = recorded("output", i);
    ASSERT_EQ(to_text((*outputs)[i].type()), to_text(expected.type()));
    if (expected.dtype() != DType::F32) {
      EXPECT_TRUE(std::ranges::equal((*outputs)[i].bytes(), expected.bytes()));
      continue;
    }
    for (std::size_t k = 0; k < expected.as<float>().size(); ++k) {
      const float wanted = expected.as<float>()[k];
      // The tolerance of ONNX's own runner is 1e-3; these are a few steps of fp32.
      ASSERT_NEAR((*outputs)[i].as<float>()[k], wanted, 1e-5 * std::fabs(wanted) + 1e-7) << k;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Recurrent, OnnxResults,
                         testing::Values("test_lstm_batchwise", "test_lstm_defaults",
                                         "test_lstm_with_initial_bias",
                                         "test_lstm_with_peepholes"));
INSTANTIATE_TEST_SUITE_P(Layout, OnnxResults,
                         testing::Values("test_tile", "test_tile_precomputed", "test_constant_pad",
                                         "test_edge_pad", "test_reflect_pad"));

}  // namespace
}  // namespace keel::program
