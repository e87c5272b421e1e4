#include <cmath>
#include <limits>
#include <set>
#include <thread>

#include "tests/compiler/kernels/contract_cases.h"

namespace keel::kernels {
namespace {

double ulp_of(float value) {
  const float magnitude = std::fabs(value);
  return static_cast<double>(std::nextafter(magnitude, std::numeric_limits<float>::infinity())) -
         static_cast<double>(magnitude);
}

void expect_near(const Tensor& actual, const Tensor& expected, const Tolerance& tolerance) {
  double largest = 0;
  for (const float value : expected.as<float>())
    if (std::isfinite(value)) largest = std::max(largest, std::fabs(static_cast<double>(value)));
  for (std::size_t i = 0; i < expected.as<float>().size(); ++i) {
    const float x = actual.as<float>()[i];
    const float y = expected.as<float>()[i];
    if (x == y || (std::isnan(x) && std::isnan(y))) continue;
    const double bound = std::max(tolerance.ulps * ulp_of(y), tolerance.of_largest * largest);
    ASSERT_LE(std::fabs(static_cast<double>(x) - static_cast<double>(y)), bound)
        << "element " << i << " is " << x << ", the reference has " << y;
  }
}

void expect_same(const Tensor& actual, const Tensor& expected, const Tolerance& tolerance) {
  ASSERT_EQ(actual.type(), expected.type());
  if (is_tunable_float(expected.dtype())) return expect_near(actual, expected, tolerance);
  EXPECT_TRUE(std::ranges::equal(actual.bytes(), expected.bytes()));
}

void expect_kernel_agrees(const Kernel& kernel, const ContractCase& test) {
  SCOPED_TRACE(std::string(kernel.name) + ": " + test.name);
  const auto expected = test.call.apply([](const Call& call) { return execute_reference(call); });
  const auto actual = test.call.apply([&](const Call& call) { return execute_with(kernel, call); });
  ASSERT_TRUE(expected.ok()) << to_text(expected.error());
  ASSERT_TRUE(actual.ok()) << to_text(actual.error());
  ASSERT_EQ(actual->size(), expected->size());
  for (std::size_t i = 0; i < actual->size(); ++i)
    expect_same((*actual)[i], (*expected)[i], test.tolerance);
}

TEST(KernelContract, EveryKernelAgreesWithTheReference) {
  const std::vector<ContractCase> cases = contract_cases();
  for (const Kernel& kernel : kernel_table())
    for (const ContractCase& test : cases)
      if (test.call.apply(kernel.supports)) expect_kernel_agrees(kernel, test);
}

TEST(KernelContract, EveryKernelIsReachedByACase) {
  const std::vector<ContractCase> cases = contract_cases();
  for (const Kernel& kernel : kernel_table())
    EXPECT_TRUE(std::ranges::any_of(
        cases, [&](const ContractCase& test) { return test.call.apply(kernel.supports); }))
        << kernel.name << " needs a case in contract_cases.cpp";
}

TEST(KernelContract, EveryCaseHasAReference) {
  for (const ContractCase& test : contract_cases()) {
    std::string_view last;
    for (const Kernel& kernel : kernel_table())
      if (test.call.apply(kernel.supports)) last = kernel.name;
    EXPECT_TRUE(last.starts_with("reference-") || last.starts_with("layout-"))
        << test.name << " ends at '" << last << "'";
  }
}

Tensor as_double(const Tensor& tensor) {
  if (tensor.dtype() != DType::F32) return tensor;
  Tensor wide(DType::F64, tensor.shape());
  std::ranges::copy(tensor.as<float>(), wide.fill<double>().begin());
  return wide;
}

// Empty where `call` with doubles in place of its floats gives doubles that are near.
std::string wrong_in_double(const OwnedCall& call) {
  std::vector<Tensor> wide;
  for (std::size_t i = 0; i < call.inputs.size(); ++i) {
    const std::optional<Tensor>& input = call.inputs[i];
    const bool is_scale = std::holds_alternative<ir::Resize>(call.op) && i > 0;
    wide.push_back(!input ? Tensor() : is_scale ? *input : as_double(*input));
  }
  std::vector<const Tensor*> inputs;
  for (std::size_t i = 0; i < wide.size(); ++i)
    inputs.push_back(call.inputs[i] ? &wide[i] : nullptr);
  std::vector<ir::InputFact> facts;
  for (const Tensor* input : inputs)
    facts.push_back(input ? ir::InputFact{true, input->type(), input} : ir::InputFact{});
  const auto types = ir::infer_types(call.op, facts, call.outputs.size());
  if (!types.ok()) return types.error().what;
  const Result<Tensors> results = execute({call.op, inputs, *types});
  if (!results.ok()) return results.error().what;
  const Result<Tensors> narrow = call.apply(execute_reference);
  for (std::size_t i = 0; i < types->size(); ++i) {
    if ((*types)[i].dtype != DType::F64) continue;
    const std::span<const float> wanted = (*narrow)[i].as<float>();
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const double y = (*results)[i].as<double>()[k];
      const auto r = static_cast<double>(wanted[k]);
      if (y == r || (std::isnan(y) && std::isnan(r))) continue;
      if (!(std::fabs(y - r) <= 1e-3 * std::max(1.0, std::fabs(r))))
        return "element " + std::to_string(k) + " is " + std::to_string(y) + ", not " +
               std::to_string(r);
    }
  }
  return "";
}

// Of fp32 throughout, and of an operator that the standard has for doubles.
bool has_form_in_double(const OwnedCall& call) {
  const bool is_quantised = std::holds_alternative<ir::QuantizeLinear>(call.op) ||
                            std::holds_alternative<ir::DequantizeLinear>(call.op) ||
                            std::holds_alternative<ir::DynamicQuantizeLinear>(call.op) ||
                            std::holds_alternative<ir::QLinearConv>(call.op) ||
                            std::holds_alternative<ir::QLinearMatMul>(call.op);
  const bool is_rounded =
      call.compute != FloatFormat::F32 || std::ranges::any_of(call.outputs, [](const auto& type) {
        return type.dtype == DType::F16 || type.dtype == DType::BF16;
      });
  return !is_quantised && !is_rounded && !ir::has_data_dependent_shape(call.op);
}

TEST(KernelContract, DoublesRunWhereTheStandardHasThem) {
  for (const ContractCase& test : contract_cases()) {
    if (!has_form_in_double(test.call)) continue;
    EXPECT_EQ(wrong_in_double(test.call), "") << test.name;
  }
}

Tensor doubles(Shape shape, double value) {
  Tensor tensor(DType::F64, std::move(shape));
  std::ranges::fill(tensor.fill<double>(), value);
  return tensor;
}

TEST(KernelContract, DoublesAreNotHeldAsFloatsOnTheWay) {
  const double fine = 1 + 0x1p-40;
  ir::Rnn relu;
  relu.activation = ir::RnnActivation::Relu;
  const auto of = [](ir::Op op, std::vector<std::optional<Tensor>> inputs) {
    return result_of(OwnedCall(std::move(op), std::move(inputs))).as<double>()[0];
  };
  const Tensor one = doubles({1, 1, 1}, 1);
  EXPECT_EQ(of(ir::Conv{}, {doubles({1, 1, 1}, fine), one}), fine);
  EXPECT_EQ(of(ir::MatMul{}, {doubles({1, 1}, fine), doubles({1, 1}, 1)}), fine);
  EXPECT_EQ(of(ir::Gemm{}, {doubles({1, 1}, fine), doubles({1, 1}, 1)}), fine);
  EXPECT_EQ(of(relu, {doubles({1, 1, 1}, fine), one, doubles({1, 1, 1}, 0)}), fine);
  EXPECT_NE(of(ir::Gru{}, {one, doubles({1, 3, 1}, fine), doubles({1, 3, 1}, 0)}),
            of(ir::Gru{}, {one, doubles({1, 3, 1}, 1), doubles({1, 3, 1}, 0)}));
}

TEST(KernelContract, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const Kernel& kernel : kernel_table())
    EXPECT_TRUE(names.insert(kernel.name).second) << kernel.name;
}

TEST(KernelContract, ResultsDoNotDependOnTheThread) {
  const std::vector<ContractCase> cases = contract_cases();
  const auto run_all = [&] {
    Hasher hasher;
    for (const ContractCase& test : cases) {
      const Result<Tensors> results = test.call.run();
      if (results.ok())
        for (const Tensor& tensor : *results) hasher.add(digest(tensor));
    }
    return hasher.digest();
  };
  const Digest expected = run_all();
  std::vector<Digest> digests(3);
  {
    std::vector<std::jthread> threads;
    for (Digest& digest : digests) threads.emplace_back([&] { digest = run_all(); });
  }
  for (const Digest& digest : digests) EXPECT_EQ(digest, expected);
}

}  // namespace
}  // namespace keel::kernels
