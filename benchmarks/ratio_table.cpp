#include "benchmarks/ratio_table.h"

#include <algorithm>
#include <cstdio>

#include "compiler/base/check.h"

namespace keel::bench {
namespace {

double seconds_of(const benchmark::BenchmarkReporter::Run& run) {
  return run.cpu_accumulated_time / static_cast<double>(run.iterations);
}

Variant variant_named(const std::string& name) {
  const auto found = std::ranges::find(kVariantNames, name);
  KEEL_CHECK(found != kVariantNames.end());
  return static_cast<Variant>(found - kVariantNames.begin());
}

// "1.23", or "-" where one of both was not timed.
std::string ratio(double of, double to) {
  if (of == 0 || to == 0) return "-";
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.2f", of / to);
  return digits;
}

}  // namespace

void RatioTable::ReportRuns(const std::vector<Run>& runs) {
  const Run* fastest = nullptr;
  for (const Run& run : runs)
    if (run.run_type == Run::RT_Iteration && !run.error_occurred)
      if (!fastest || seconds_of(run) < seconds_of(*fastest)) fastest = &run;
  if (!fastest) return;
  Run shown = *fastest;
  shown.counters[kShare].flags = benchmark::Counter::kDefaults;  // a share has no "/s"
  shown.run_name.min_time.clear();
  shown.run_name.repetitions.clear();
  ConsoleReporter::ReportRuns({shown});
  const std::string& name = fastest->run_name.function_name;
  const std::size_t slash = name.rfind('/');
  const Variant variant = variant_named(name.substr(slash + 1));
  Row& row = row_named(name.substr(0, slash));
  row.seconds[static_cast<std::size_t>(variant)] = seconds_of(*fastest);
  if (variant != Variant::Fp32) return;
  row.kernel = fastest->report_label;
  row.unit = fastest->counters.contains(kGigaOperations) ? kGigaOperations : kGigaBytes;
  row.rate = fastest->counters.at(row.unit) / 1e9;
  row.share = fastest->counters.at(kShare);
}

RatioTable::Row& RatioTable::row_named(const std::string& name) {
  const auto found = std::ranges::find(rows_, name, &Row::name);
  if (found != rows_.end()) return *found;
  rows_.emplace_back().name = name;
  return rows_.back();
}

void RatioTable::Finalize() {
  std::printf("\n%-28s %-28s %10s %10s %14s %16s %6s\n", "case", "kernel", "fp32 us", "fp16/fp32",
              "reference/fp32", "rate", "share");
  for (const Row& row : rows_) print(row);
}

void RatioTable::print(const Row& row) {
  const double fp32 = row.seconds_of(Variant::Fp32);
  std::printf("%-28s %-28s %10.1f %10s %14s %8.1f %-7s %4.0f %%\n", row.name.c_str(),
              row.kernel.c_str(), fp32 * 1e6, ratio(row.seconds_of(Variant::Fp16), fp32).c_str(),
              ratio(row.seconds_of(Variant::Reference), fp32).c_str(), row.rate, row.unit,
              row.share * 100);
}

}  // namespace keel::bench
