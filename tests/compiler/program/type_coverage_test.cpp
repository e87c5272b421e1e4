#include <gtest/gtest.h>
#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "compiler/base/error_text.h"
#include "compiler/kernels/kernel.h"
#include "compiler/onnx/load.h"
#include "compiler/passes/pipeline.h"
#include "compiler/program/host_execution.h"
#include "tests/compiler/program/recorded_models.h"
#include "tests/support/process.h"

namespace keel::program {
namespace {

namespace fs = std::filesystem;

// Each operator of the ONNX project's node tests, with each type of numbers that the standard's
// schema gives it in place of the recorded one.

const fs::path kNodeTests = kRecordedModels / "node";

struct ElementType {
  std::string_view schema;
  onnx::TensorProto::DataType proto;
  DType dtype;
};

constexpr std::array kElementTypes = {
    ElementType{"tensor(float)", onnx::TensorProto::FLOAT, DType::F32},
    ElementType{"tensor(double)", onnx::TensorProto::DOUBLE, DType::F64},
    ElementType{"tensor(float16)", onnx::TensorProto::FLOAT16, DType::F16},
    ElementType{"tensor(bfloat16)", onnx::TensorProto::BFLOAT16, DType::BF16},
    ElementType{"tensor(int8)", onnx::TensorProto::INT8, DType::I8},
    ElementType{"tensor(int16)", onnx::TensorProto::INT16, DType::I16},
    ElementType{"tensor(int32)", onnx::TensorProto::INT32, DType::I32},
    ElementType{"tensor(int64)", onnx::TensorProto::INT64, DType::I64},
    ElementType{"tensor(uint8)", onnx::TensorProto::UINT8, DType::U8},
    ElementType{"tensor(uint16)", onnx::TensorProto::UINT16, DType::U16},
    ElementType{"tensor(uint32)", onnx::TensorProto::UINT32, DType::U32},
    ElementType{"tensor(uint64)", onnx::TensorProto::UINT64, DType::U64},
    ElementType{"tensor(bool)", onnx::TensorProto::BOOL, DType::Bool},
};

constexpr std::string_view kOthers = "others";  // all types but the recorded one

/// What does not run, of whatever type unless one is named.
struct Exception {
  std::string_view op, variable, type, reason;
};

constexpr auto kExceptions = std::to_array<Exception>({
    {"Bernoulli", "T1", "", "random results"},
    {"CastLike", "T1", "", "the recorded input has another shape than the model"},
    {"CastLike", "T2", "", "the recorded input has another shape than the model"},
    {"Dropout", "T2", "", "trains"},
    {"Loop", "V", kOthers, "the body of the test adds floats"},
    {"Scan", "V", "tensor(bool)", "the body of the test adds them"},
    {"TfIdfVectorizer", "T", "", "counts words; no NPU has it"},
});

onnx::ModelProto read_model(const fs::path& path) {
  onnx::ModelProto model;
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(model.ParseFromIstream(&file)) << path;
  return model;
}

Tensor in_type(const Tensor& tensor, DType dtype) {
  const TensorType type{dtype, tensor.shape()};
  const ir::Op cast = ir::Cast{dtype};
  const Tensor* operand = &tensor;
  Result<Tensors> results =
      kernels::execute({.op = cast, .inputs = {&operand, 1}, .outputs = {&type, 1}});
  EXPECT_TRUE(results.ok());
  return std::move((*results)[0]);
}

/// A node test of one node, whose schema has the types of its inputs as variables.
struct NodeTest {
  onnx::ModelProto model;
  std::vector<Tensor> inputs;
  const onnx::OpSchema* schema = nullptr;
  std::vector<std::string> variables;  ///< of each input of the graph

  std::string run_with(const std::string& variable, const ElementType& type) const;
  bool is_exception(const std::string& variable, const ElementType& type) const;
};

bool NodeTest::is_exception(const std::string& variable, const ElementType& type) const {
  const auto input =
      static_cast<std::size_t>(std::ranges::find(variables, variable) - variables.begin());
  const bool recorded = inputs[input].dtype() == type.dtype;
  return std::ranges::any_of(kExceptions, [&](const Exception& exception) {
    return exception.op == model.graph().node(0).op_type() && exception.variable == variable &&
           (exception.type.empty() || exception.type == type.schema ||
            (exception.type == kOthers && !recorded));
  });
}

std::string variable_of(const std::vector<onnx::OpSchema::FormalParameter>& parameters, int i) {
  const auto last = static_cast<int>(parameters.size()) - 1;
  return parameters[static_cast<std::size_t>(std::min(i, last))].GetTypeStr();
}

std::optional<NodeTest> node_test(const fs::path& folder) {
  Result<std::vector<Tensor>> inputs = recorded(folder / "test_data_set_0", "input");
  if (!inputs.ok()) return {};  // sequences, strings
  NodeTest test{read_model(folder / "model.onnx"), *std::move(inputs), nullptr, {}};
  const onnx::GraphProto& graph = test.model.graph();
  const bool is_standard = std::ranges::all_of(
      test.model.opset_import(), [](const auto& opset) { return opset.domain().empty(); });
  if (!is_standard || graph.node_size() != 1 || test.model.opset_import_size() != 1) return {};
  if (static_cast<std::size_t>(graph.input_size()) != test.inputs.size()) return {};
  const onnx::NodeProto& node = graph.node(0);
  test.schema = onnx::OpSchemaRegistry::Schema(
      node.op_type(), static_cast<int>(test.model.opset_import(0).version()), "");
  if (test.schema == nullptr) return {};
  for (const onnx::ValueInfoProto& input : graph.input()) {
    std::string& variable = test.variables.emplace_back();
    for (int i = 0; i < node.input_size(); ++i)
      if (node.input(i) == input.name()) variable = variable_of(test.schema->inputs(), i);
  }
  // Opset 16 gives the grid the type of x; later ones floats, which positions are.
  if (node.op_type() == "GridSample") test.variables[1].clear();
  return test;
}

// What is wrong; empty where it runs.
std::string NodeTest::run_with(const std::string& variable, const ElementType& type) const {
  onnx::ModelProto changed = model;
  std::vector<Tensor> given = inputs;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (variables[i] != variable) continue;
    given[i] = in_type(given[i], type.dtype);
    changed.mutable_graph()
        ->mutable_input(static_cast<int>(i))
        ->mutable_type()
        ->mutable_tensor_type()
        ->set_elem_type(type.proto);
  }
  const test::TemporaryFolder folder;
  std::ofstream(folder / "model.onnx", std::ios::binary) << changed.SerializeAsString();
  Result<onnx_io::Model> loaded = onnx_io::load(folder / "model.onnx", {});
  if (!loaded.ok()) return to_text(loaded.error());
  passes::Context context;
  context.example = [&] { return Result<std::vector<Tensor>>(given); };
  const Status prepared = passes::run(passes::prepare_pipeline(), loaded->graph, context);
  if (!prepared.ok()) return to_text(prepared.error());
  const Result<std::vector<Tensor>> outputs = run_on_host(loaded->graph, given);
  return outputs.ok() ? "" : to_text(outputs.error());
}

TEST(TypeCoverage, EveryTypeOfTheSchemaRuns) {
  if (!fs::exists(kNodeTests)) GTEST_SKIP() << "libonnx-testdata is not installed";
  std::set<std::string> tried;
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(kNodeTests))
    folders.push_back(entry.path());
  std::ranges::sort(folders);
  for (const fs::path& folder : folders) {
    const std::optional<NodeTest> test = node_test(folder);
    if (!test) continue;
    const std::string op = test->model.graph().node(0).op_type();
    for (const auto& constraint : test->schema->typeConstraintParams())
      for (const ElementType& type : kElementTypes) {
        const std::string& variable = constraint.type_param_str;
        if (std::ranges::count(constraint.allowed_type_strs, type.schema) == 0) continue;
        if (std::ranges::count(test->variables, variable) == 0) continue;
        if (!tried.insert(op + variable + std::string(type.schema)).second) continue;
        const std::string wrong = test->run_with(variable, type);
        if (!test->is_exception(variable, type))
          EXPECT_EQ(wrong, "") << op << " " << variable << " " << type.schema;
        else
          EXPECT_NE(wrong, "") << op << " " << variable << " " << type.schema << " is listed";
      }
  }
  EXPECT_GT(tried.size(), 1000U);
}

}  // namespace
}  // namespace keel::program
