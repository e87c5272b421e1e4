#include <array>
#include <nlohmann/json.hpp>

#include "compiler/base/check.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kProcess = 0;

// When in its kernel a part runs. Viewers show what runs at once below each other.
enum class Phase { Launch, Busy, Relayout };

// In the order in which viewers show them.
struct Unit {
  const char* name;
  double KernelRow::*us;
  Phase phase;
};
constexpr std::array kUnits = {Unit{"launch", &KernelRow::launch_us, Phase::Launch},
                               Unit{"cube", &KernelRow::cube_us, Phase::Busy},
                               Unit{"vector", &KernelRow::vector_us, Phase::Busy},
                               Unit{"memory", &KernelRow::memory_us, Phase::Busy},
                               Unit{"relayout", &KernelRow::relayout_us, Phase::Relayout}};

double offset_us(const KernelRow& row, Phase phase) {
  switch (phase) {
    case Phase::Launch:
      return 0;
    case Phase::Busy:
      return row.launch_us;
    case Phase::Relayout:
      return row.us - row.relayout_us;
  }
  KEEL_CHECK(false);
}

Json metadata(const char* what, std::size_t row, Json arguments) {
  return {
      {"ph", "M"}, {"pid", kProcess}, {"tid", row}, {"name", what}, {"args", std::move(arguments)}};
}

Json arguments(const ProfiledKernel& kernel) {
  const KernelRow& row = kernel.row;
  return {{"class", row.kernel_class},
          {"bound", row.bound},
          {"kernel_us", row.us},
          {"interval_us", {kernel.interval.lo_us, kernel.interval.hi_us}},
          {"bytes_read", kernel.bytes_read},
          {"bytes_written", kernel.bytes_written},
          {"operations", kernel.operations},
          {"nodes", row.nodes},
          {"dtypes_in", row.dtypes_in},
          {"dtypes_out", row.dtypes_out}};
}

// What an execution takes beyond its kernels, before the first of them.
Json execution(double us) {
  return {{"ph", "X"}, {"pid", kProcess}, {"tid", 0},
          {"ts", 0},   {"dur", us},       {"name", "execution"}};
}

void add_kernel(const ProfiledKernel& kernel, double start_us, std::vector<Json>& events) {
  const KernelRow& row = kernel.row;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const double us = row.*kUnits[i].us;
    if (us <= 0) continue;
    events.push_back({{"ph", "X"},
                      {"pid", kProcess},
                      {"tid", i},
                      {"ts", start_us + offset_us(row, kUnits[i].phase)},
                      {"dur", us},
                      {"name", row.name},
                      {"cat", row.kernel_class},
                      {"args", arguments(kernel)}});
  }
}

}  // namespace

std::string trace_json(const Profile& profile) {
  std::vector<Json> events = {metadata("process_name", 0, {{"name", profile.variant}})};
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    events.push_back(metadata("thread_name", i, {{"name", kUnits[i].name}}));
    events.push_back(metadata("thread_sort_index", i, {{"sort_index", i}}));
  }
  if (profile.execution_us > 0) events.push_back(execution(profile.execution_us));
  double start_us = profile.execution_us;
  for (const ProfiledKernel& kernel : profile.kernels) {
    add_kernel(kernel, start_us, events);
    start_us += kernel.row.us;
  }
  std::string text = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";
  for (std::size_t i = 0; i < events.size(); ++i)
    text += events[i].dump(-1, ' ', false, Json::error_handler_t::replace) +
            (i + 1 < events.size() ? ",\n" : "\n");
  return text + "]}\n";
}

}  // namespace keel::report
