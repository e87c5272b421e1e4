#include <array>
#include <nlohmann/json.hpp>

#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kProcess = 0;

// In the order in which viewers show them.
struct Unit {
  const char* name;
  double KernelRow::*us;
  bool is_launch;
};
constexpr std::array kUnits = {
    Unit{"launch", &KernelRow::launch_us, true}, Unit{"cube", &KernelRow::cube_us, false},
    Unit{"vector", &KernelRow::vector_us, false}, Unit{"memory", &KernelRow::memory_us, false}};

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

void add_kernel(const ProfiledKernel& kernel, double start_us, std::vector<Json>& events) {
  const KernelRow& row = kernel.row;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const double us = row.*kUnits[i].us;
    if (us <= 0) continue;
    events.push_back({{"ph", "X"},
                      {"pid", kProcess},
                      {"tid", i},
                      {"ts", kUnits[i].is_launch ? start_us : start_us + row.launch_us},
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
  double start_us = 0;
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
