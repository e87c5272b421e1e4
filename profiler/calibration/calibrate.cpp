#include <cstdio>
#include <filesystem>
#include <string>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "profiler/calibration/accuracy_report.h"
#include "profiler/calibration/timing_file.h"

namespace {

using namespace keel;
namespace fs = std::filesystem;

constexpr const char* kChip = "Ascend910B2";
constexpr const char* kModel = "ascend910b";

Status run(const fs::path& measurements, const fs::path& configs, const fs::path& report) {
  KEEL_TRY(const ascend::Soc soc, ascend::load_soc(configs, kChip));
  KEEL_TRY(const calibration::Calibration found, calibration::calibrate(soc, measurements));
  const std::string cases = std::to_string(found.cases.size()) + " device kernel times on " +
                            kChip + " (cann-bench d59d44ca)";
  const calibration::FitDescription description{
      kModel, kChip, "fitted on " + cases + ": profiler/simulator/ACCURACY.md",
      "mean error of " + cases + ", each left out of the fit with a tenth of all"};
  KEEL_TRY_STATUS(write_file(configs / "timing" / (std::string(kModel) + ".json"),
                             calibration::timing_file(description, found.soc.timing)));
  KEEL_TRY_STATUS(write_file(report / "ACCURACY.md", calibration::accuracy_report(found)));
  return write_file(report / "accuracy.svg", calibration::scatter_plot(found));
}

}  // namespace

// keel_calibrate MEASUREMENTS CONFIGS REPORT
int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs(
        "usage: keel_calibrate MEASUREMENTS CONFIGS REPORT\n"
        "Fits configs/timing/ascend910b.json on measured times and writes how far it is known.\n"
        "  MEASUREMENTS  folder of op_latency_910b2.json, kernelbench_level1_910b2_fp32.json and\n"
        "                precision_pairs.json\n"
        "  CONFIGS       the configs folder: read, and its timing file replaced\n"
        "  REPORT        folder for ACCURACY.md and accuracy.svg\n",
        stderr);
    return 2;
  }
  const Status status = run(arguments[1], arguments[2], arguments[3]);
  if (status.ok()) return 0;
  std::fputs((to_text(status.error()) + "\n").c_str(), stderr);
  return 2;
}
