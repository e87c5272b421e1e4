#pragma once

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace keel::bench {

/// What of a case is timed. A benchmark is called "CASE/VARIANT".
enum class Variant : std::uint8_t { Fp32, Fp16, Reference };
constexpr std::array<const char*, 3> kVariantNames = {"fp32", "fp16", "reference"};

/// Counters each benchmark has: the share of the machine's peak, and one of the rates.
constexpr const char* kShare = "of_peak";
constexpr const char* kGigaOperations = "GFLOP/s";
constexpr const char* kGigaBytes = "GB/s";

/// Prints the fastest repetition of each benchmark, and at the end one row a case with the ratios
/// of its variants. Its label names the kernel.
class RatioTable final : public benchmark::ConsoleReporter {
 public:
  RatioTable() : ConsoleReporter(OO_Tabular) {}
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 private:
  struct Row {
    std::string name, kernel;
    std::array<double, kVariantNames.size()> seconds{};  ///< 0 where it was not timed
    double rate = 0, share = 0;                          ///< of fp32
    const char* unit = "";
    double seconds_of(Variant variant) const { return seconds[static_cast<std::size_t>(variant)]; }
  };
  Row& row_named(const std::string& name);
  static void print(const Row& row);

  std::vector<Row> rows_;
};

}  // namespace keel::bench
