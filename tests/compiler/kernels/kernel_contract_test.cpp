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
