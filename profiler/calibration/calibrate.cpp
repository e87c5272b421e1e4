#include <cstdio>
#include <filesystem>
#include <string>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "profiler/calibration/accuracy_report.h"
#include "profiler/calibration/network_calibration.h"
#include "profiler/calibration/timing_file.h"

namespace keel {
namespace {

namespace fs = std::filesystem;

constexpr const char* kChip = "Ascend910B2";
constexpr const char* kModel = "ascend910b";
constexpr const char* kNetworkChip = "Ascend310P3";
constexpr const char* kNetworkModel = "ascend310p";

struct Folders {
  fs::path measurements, networks, configs, report;
};

Status write_timing(const Folders& folders, const calibration::FitDescription& description,
                    const ascend::TimingParameters& timing) {
  return write_file(folders.configs / "timing" / (description.name + ".json"),
                    calibration::timing_file(description, timing));
}

Result<calibration::Calibration> fit_operators(const Folders& folders) {
  KEEL_TRY(const ascend::Soc soc, ascend::load_soc(folders.configs, kChip));
  KEEL_TRY(calibration::Calibration found, calibration::calibrate(soc, folders.measurements));
  const std::string cases = std::to_string(found.cases.size()) + " device kernel times on " +
                            kChip + " (cann-bench d59d44ca)";
  const calibration::FitDescription description{
      kModel, kChip, "fitted on " + cases + ": profiler/simulator/ACCURACY.md",
      "mean error of " + cases + ", each left out of the fit with a tenth of all"};
  KEEL_TRY_STATUS(write_timing(folders, description, found.soc.timing));
  return found;
}

Result<calibration::NetworkCalibration> fit_networks(const Folders& folders) {
  KEEL_TRY(const ascend::Soc soc, ascend::load_soc(folders.configs, kNetworkChip));
  KEEL_TRY(const ascend::OpTable table, ascend::OpTable::load(folders.configs));
  KEEL_TRY(std::vector<calibration::MeasuredNetwork> networks,
           calibration::network_cases(soc, table, folders.networks));
  KEEL_TRY(std::vector<calibration::LeftOutRow> left_out,
           calibration::left_out_rows(folders.networks));
  calibration::NetworkCalibration found = calibration::calibrate_networks(soc, std::move(networks));
  found.left_out = std::move(left_out);
  const std::string rows = std::to_string(found.networks.size()) +
                           " latencies of whole networks on " + kNetworkChip +
                           " (ModelZoo-PyTorch 6a2804a3)";
  const calibration::FitDescription description{
      kNetworkModel, kNetworkChip, "fitted on " + rows + ": profiler/simulator/ACCURACY.md",
      "mean error of " + rows + ", whole models left out of the fit",
      calibration::Fitted::Networks310P3};
  KEEL_TRY_STATUS(write_timing(folders, description, found.soc.timing));
  return found;
}

Status run(const Folders& folders) {
  KEEL_TRY(const calibration::Calibration operators, fit_operators(folders));
  KEEL_TRY(const calibration::NetworkCalibration networks, fit_networks(folders));
  KEEL_TRY_STATUS(
      write_file(folders.report / "ACCURACY.md",
                 calibration::accuracy_report(operators) + calibration::network_report(networks)));
  return write_file(folders.report / "accuracy.svg", calibration::scatter_plot(operators));
}

}  // namespace
}  // namespace keel

// keel_calibrate MEASUREMENTS NETWORKS CONFIGS REPORT
int main(int count, char** arguments) {
  if (count != 5) {
    std::fputs(
        "usage: keel_calibrate MEASUREMENTS NETWORKS CONFIGS REPORT\n"
        "Fits configs/timing on measured times and writes how far predictions are known.\n"
        "  MEASUREMENTS  folder of op_latency_910b2.json, kernelbench_level1_910b2_fp32.json and\n"
        "                precision_pairs.json\n"
        "  NETWORKS      folder of networks and networks.json, by scripts/save_networks.py\n"
        "  CONFIGS       the configs folder: read, and its timing files replaced\n"
        "  REPORT        folder for ACCURACY.md and accuracy.svg\n",
        stderr);
    return 2;
  }
  const keel::Status status = keel::run({arguments[1], arguments[2], arguments[3], arguments[4]});
  if (status.ok()) return 0;
  std::fputs((keel::to_text(status.error()) + "\n").c_str(), stderr);
  return 2;
}
