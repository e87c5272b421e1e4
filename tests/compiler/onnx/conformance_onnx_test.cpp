#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "compiler/base/error_text.h"
#include "compiler/onnx/load.h"
#include "tests/compiler/onnx/graph_types.h"

namespace keel::onnx_io {
namespace {

namespace fs = std::filesystem;

// The single-operator models of the ONNX project itself, as Debian's libonnx-testdata installs
// them.
const fs::path kNodeTests = "/usr/share/libonnx-testdata/data/node";

fs::path data_file(const fs::path& test, const std::string& kind, std::size_t i) {
  return test / "test_data_set_0" / (kind + "_" + std::to_string(i) + ".pb");
}

// Compares the types of the results with those of the recorded ones.
void check_types(const fs::path& test, ir::Graph graph) {
  std::map<ir::ValueId, Tensor> contents;
  for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
    Result<Tensor> content = read_tensor_file(data_file(test, "input", i));
    ASSERT_TRUE(content.ok()) << to_text(content.error());
    contents.emplace(graph.inputs()[i], *std::move(content));
  }
  const Status inferred = infer_all(graph, contents);
  // Operators spelled out as functions compute shapes: program/conformance_test.cpp folds them.
  const bool computes_shapes =
      graph.nodes().size() > 1 && !inferred.ok() && inferred.error().code == ErrorCode::Unsupported;
  if (computes_shapes) return;
  ASSERT_TRUE(inferred.ok()) << test << "\n" << to_text(inferred.error());
  for (std::size_t i = 0; i < graph.outputs().size(); ++i) {
    const Result<Tensor> wanted = read_tensor_file(data_file(test, "output", i));
    ASSERT_TRUE(wanted.ok()) << to_text(wanted.error());
    TensorType type = graph[graph.outputs()[i]].type;
    // numpy has no bfloat16, so the recorded files hold its bits.
    if (type.dtype == DType::BF16) type.dtype = DType::U16;
    EXPECT_EQ(to_text(type), to_text(wanted->type())) << test;
  }
}

TEST(OnnxConformance, EveryOperatorTestLoadsWithTheRecordedTypesOrIsRefused) {
  if (!fs::exists(kNodeTests)) GTEST_SKIP() << "libonnx-testdata is not installed";
  std::vector<fs::path> tests;
  for (const fs::directory_entry& entry : fs::directory_iterator(kNodeTests))
    tests.push_back(entry.path());
  std::ranges::sort(tests);
  std::size_t loaded = 0;
  for (const fs::path& test : tests) {
    Result<Model> model = load(test / "model.onnx", {});
    if (!model.ok()) {
      ASSERT_EQ(model.error().code, ErrorCode::InvalidModel) << test;
      continue;
    }
    ++loaded;
    check_types(test, std::move(model->graph));
  }
  EXPECT_GT(loaded, 300u);
}

}  // namespace
}  // namespace keel::onnx_io
