#include "profiler/calibration/kernelbench_cases.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace keel::calibration {

Result<std::vector<MeasuredCase>> kernelbench_cases(const ascend::Soc& soc, std::string_view text,
                                                    const std::string& file) {
  constexpr std::string_view kPrefix = "KernelBench/";
  const std::vector<KernelBenchCase> known = kernelbench_graphs();
  std::vector<MeasuredCase> cases;
  const nlohmann::json content = nlohmann::json::parse(text, nullptr, false);
  if (!content.is_object() || !content.contains("rows"))
    return Error{ErrorCode::InvalidConfig, "the benchmarks hold no rows", file,
                 "give an object with rows of model and latency_us"};
  for (const nlohmann::json& row : content["rows"]) {
    std::string name = row.value("model", "");
    if (name.starts_with(kPrefix)) name.erase(0, kPrefix.size());
    const auto found = std::ranges::find(known, name, &KernelBenchCase::name);
    if (found == known.end()) continue;
    if (!row.contains("latency_us") || !row["latency_us"].is_number())
      return Error{ErrorCode::InvalidConfig, "benchmark '" + name + "' has no latency_us", file,
                   "give its time in microseconds"};
    KEEL_TRY(MeasuredCase one,
             case_of(soc, name, "", row["latency_us"].get<double>(), found->kernels));
    // Of a convolution the layout changes around it come before it.
    const bool moved = one.kernels.size() > 1;
    one.group = "onnx " + one.kernels[moved ? one.kernels.size() - 2 : 0].signature;
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace keel::calibration
