#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>

#include "compiler/base/error_text.h"
#include "compiler/base/host_type.h"
#include "compiler/onnx/load.h"
#include "compiler/passes/pipeline.h"
#include "compiler/program/host_execution.h"
#include "tests/compiler/program/conformance_exceptions.h"
#include "tests/compiler/program/recorded_models.h"

namespace keel::program {
namespace {

namespace fs = std::filesystem;

constexpr std::array kFolders = {"node", "simple", "pytorch-converted", "pytorch-operator"};

// "node/test_abs", ...; none where the package is not installed.
std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const std::string folder : kFolders)
    if (fs::is_directory(kRecordedModels / folder))
      for (const fs::directory_entry& entry : fs::directory_iterator(kRecordedModels / folder))
        names.push_back(folder + "/" + entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

bool matches(std::string_view pattern, std::string_view name) {
  if (!pattern.ends_with('*')) return pattern == name;
  return name.starts_with(pattern.substr(0, pattern.size() - 1));
}

const ConformanceException* exception_of(const std::string& name) {
  for (const ConformanceException& exception : kConformanceExceptions)
    if (matches(exception.test, name)) return &exception;
  return nullptr;
}

// numpy has no bfloat16, so the recorded files hold its bits.
Tensor as_bfloat16(const Tensor& bits) {
  Tensor values(DType::BF16, bits.shape());
  std::ranges::transform(bits.as<std::uint16_t>(), values.fill<float>().begin(), [](auto half) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(half) << 16);
  });
  return values;
}

// Whether inputs are taken as constants, as what control flow depends on must be.
enum class Known { Nothing, Everything };

Result<std::vector<Tensor>> results_with(const fs::path& model, std::vector<Tensor> inputs,
                                         Known known) {
  KEEL_TRY(const std::vector<onnx_io::DeclaredInput> declared, onnx_io::declared_inputs(model));
  for (std::size_t i = 0; i < std::min(declared.size(), inputs.size()); ++i)
    if (declared[i].dtype == DType::BF16 && inputs[i].dtype() == DType::U16)
      inputs[i] = as_bfloat16(inputs[i]);
  onnx_io::LoadOptions options;
  for (std::size_t i = 0; i < std::min(declared.size(), inputs.size()); ++i)
    if (known == Known::Everything) options.known_inputs.emplace(declared[i].name, inputs[i]);
  KEEL_TRY(onnx_io::Model loaded, onnx_io::load(model, options));
  ir::Graph& graph = loaded.graph;
  if (graph.inputs().size() != inputs.size())
    return Error{ErrorCode::InvalidModel, "another number of inputs than recorded", "", ""};
  for (std::size_t i = 0; known == Known::Everything && i < inputs.size(); ++i) {
    const ir::ValueId input = graph.inputs()[i];
    graph.replace_uses(input, graph.add_constant(graph[input].name + "/content", inputs[i]));
  }
  passes::Context context;
  context.example = [&] { return Result<std::vector<Tensor>>(inputs); };
  KEEL_TRY_STATUS(passes::run(passes::prepare_pipeline(), graph, context));
  return run_on_host(graph, inputs);
}

Result<std::vector<Tensor>> results(const fs::path& model, const std::vector<Tensor>& inputs) {
  Result<std::vector<Tensor>> outputs = results_with(model, inputs, Known::Nothing);
  if (!outputs.ok()) outputs = results_with(model, inputs, Known::Everything);
  return outputs;
}

// A hundredth of what the ONNX project's own runner allows, but for fp16.
template <class T>
bool is_close(T value, T wanted, double relative) {
  if (value == wanted || (value != value && wanted != wanted)) return true;
  const auto difference = std::fabs(static_cast<double>(value) - static_cast<double>(wanted));
  return difference <= relative * std::fabs(static_cast<double>(wanted)) + 1e-7;
}

// What differs; empty where nothing does.
std::string difference(const Tensor& output, const Tensor& wanted, bool coarse) {
  if (output.dtype() == DType::BF16 && wanted.dtype() == DType::U16)
    return difference(output, as_bfloat16(wanted), coarse);
  if (to_text(output.type()) != to_text(wanted.type()))
    return to_text(output.type()) + " instead of " + to_text(wanted.type());
  const double relative = coarse || wanted.dtype() == DType::F16 ? 1e-3 : 1e-5;
  return with_host_type(wanted.dtype(), [&](auto element) -> std::string {
    using T = decltype(element);
    for (std::size_t k = 0; k < wanted.as<T>().size(); ++k)
      if (!is_close(output.as<T>()[k], wanted.as<T>()[k], relative))
        return "element " + std::to_string(k) + " is " + std::to_string(output.as<T>()[k]) +
               " instead of " + std::to_string(wanted.as<T>()[k]);
    return "";
  });
}

std::string failure_of(const std::string& name) {
  const fs::path folder = kRecordedModels / name;
  const bool coarse = std::ranges::any_of(
      kCoarselyRecorded, [&](std::string_view pattern) { return matches(pattern, name); });
  for (int set = 0;; ++set) {
    const fs::path data = folder / ("test_data_set_" + std::to_string(set));
    if (!fs::exists(data)) return set == 0 ? "no recorded data" : "";
    const Result<std::vector<Tensor>> inputs = recorded(data, "input");
    if (!inputs.ok()) return to_text(inputs.error());
    const Result<std::vector<Tensor>> wanted = recorded(data, "output");
    if (!wanted.ok()) return to_text(wanted.error());
    const Result<std::vector<Tensor>> outputs = results(folder / "model.onnx", *inputs);
    if (!outputs.ok()) return to_text(outputs.error());
    if (outputs->size() != wanted->size()) return "another number of outputs than recorded";
    for (std::size_t i = 0; i < outputs->size(); ++i)
      if (std::string text = difference((*outputs)[i], (*wanted)[i], coarse); !text.empty())
        return "output " + std::to_string(i) + ": " + text;
  }
}

class OnnxModels : public testing::TestWithParam<std::string> {};

TEST_P(OnnxModels, GiveTheRecordedResultsOrAreListed) {
  const std::string failure = failure_of(GetParam());
  const ConformanceException* exception = exception_of(GetParam());
  if (exception) {
    EXPECT_NE(failure, "") << "passes: take '" << exception->test << "' off the list";
  } else {
    EXPECT_EQ(failure, "");
  }
}

INSTANTIATE_TEST_SUITE_P(conformance, OnnxModels, testing::ValuesIn(model_names()),
                         [](const testing::TestParamInfo<std::string>& parameter) {
                           std::string name = parameter.param;
                           std::ranges::replace_if(
                               name, [](char c) { return !std::isalnum(c); }, '_');
                           return name;
                         });
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(OnnxModels);

TEST(OnnxModelsCount, conformance) {
  const std::vector<std::string> names = model_names();
  if (names.empty()) GTEST_SKIP() << "libonnx-testdata is not installed";
  const auto node_tests =
      std::ranges::count_if(names, [](const std::string& n) { return n.starts_with("node/"); });
  const auto listed = std::ranges::count_if(names, [](const std::string& name) {
    return name.starts_with("node/") && exception_of(name) != nullptr;
  });
  EXPECT_EQ(node_tests, 932);
  EXPECT_GE(node_tests - listed, 861);
}

}  // namespace
}  // namespace keel::program
