#include "profiler/calibration/calibration.h"

#include <algorithm>
#include <set>

#include "compiler/base/file.h"
#include "profiler/calibration/kernelbench_cases.h"
#include "profiler/calibration/timing_file.h"
#include "profiler/calibration/vendor_kernels.h"

namespace keel::calibration {
namespace {

namespace fs = std::filesystem;

Result<std::string> measurement(const fs::path& folder, const char* name) {
  Result<std::string> text = read_file(folder / name);
  if (text.ok()) return text;
  return Error{ErrorCode::NotReadable, "there are no measurements in the file", folder / name,
               "give the folder of measurements: scripts/calibrate.sh FOLDER"};
}

std::string name_of(const PrecisionPair& pair) {
  std::string shape;
  for (const std::int64_t extent : pair.first.shape(0))
    shape += (shape.empty() ? "" : ",") + std::to_string(extent);
  return pair.first.op + " [" + shape + "] " + pair.second.dtypes[0] + " / " + pair.first.dtypes[0];
}

Result<double> pair_us(const ascend::Soc& soc, const OperatorRow& row) {
  KEEL_TRY(const MeasuredCase one,
           case_of(soc, row.id, row.op, row.measured_us, vendor_kernels(row)));
  return predicted_us(soc, one);
}

}  // namespace

Result<std::vector<MeasuredCase>> operator_cases(const ascend::Soc& soc,
                                                 const std::vector<OperatorRow>& rows) {
  std::vector<MeasuredCase> cases;
  for (const OperatorRow& row : rows) {
    const std::vector<std::string> kernels = vendor_kernels(row);
    if (kernels.empty()) continue;
    KEEL_TRY(MeasuredCase one, case_of(soc, row.id, row.op, row.measured_us, kernels));
    cases.push_back(std::move(one));
  }
  return cases;
}

Result<Calibration> calibrate(const ascend::Soc& soc, const fs::path& measurements) {
  const char* operators = "op_latency_910b2.json";
  KEEL_TRY(const std::string operator_text, measurement(measurements, operators));
  KEEL_TRY(const std::vector<OperatorRow> rows, read_operator_rows(operator_text, operators));
  Calibration result;
  result.soc = soc;
  KEEL_TRY(result.cases, operator_cases(soc, rows));
  const std::vector<std::string_view> known = vendor_operators();
  std::set<std::string> left_out;
  for (const OperatorRow& row : rows)
    if (!std::ranges::binary_search(known, row.op)) left_out.insert(row.op);
  result.left_out.assign(left_out.begin(), left_out.end());

  const char* benchmarks = "kernelbench_level1_910b2_fp32.json";
  KEEL_TRY(const std::string benchmark_text, measurement(measurements, benchmarks));
  KEEL_TRY(const std::vector<MeasuredCase> more,
           kernelbench_cases(soc, benchmark_text, benchmarks));
  result.cases.insert(result.cases.end(), more.begin(), more.end());

  result.soc.timing =
      rounded(fit(soc, {result.cases, std::vector<bool>(result.cases.size(), true)}));
  result.validation = cross_validate(soc, result.cases, Fitted::Operators910B2);
  result.residuals = residuals_of(result.soc, result.cases, result.validation);
  result.soc.timing.errors = errors_of(result.residuals);
  std::vector<double> measured;
  for (const MeasuredCase& one : result.cases) measured.push_back(one.measured_us);
  result.soc.timing.relative_error = accuracy(result.validation.by_case, measured).mean;

  const char* pairs = "precision_pairs.json";
  KEEL_TRY(const std::string pair_text, measurement(measurements, pairs));
  KEEL_TRY(const std::vector<PrecisionPair> precision_pairs,
           read_precision_pairs(pair_text, pairs, soc.name));
  for (const PrecisionPair& pair : precision_pairs) {
    ascend::Soc unseen = result.soc;
    const auto without = result.validation.without.find(pair.first.op);
    if (without != result.validation.without.end()) unseen.timing = without->second;
    KEEL_TRY(const double first, pair_us(unseen, pair.first));
    KEEL_TRY(const double second, pair_us(unseen, pair.second));
    result.pairs.push_back({name_of(pair), pair.measured_ratio, second / first});
  }
  return result;
}

}  // namespace keel::calibration
