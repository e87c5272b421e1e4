#include <fmt/format.h>

#include <vector>

#include "compiler/base/check.h"
#include "tuner/report/csv.h"
#include "tuner/report/profile_files.h"

namespace keel::report {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kNotAvailable = "N/A";

enum class TaskType { AiCore, AiVectorCore, MixAic };

// A kernel as the profiler would find it on the stream.
struct Task {
  const ProfiledKernel* kernel = nullptr;
  std::size_t number = 0;
  double start_us = 0;
  TaskType type = TaskType::AiCore;

  const KernelRow& row() const { return kernel->row; }
  double busy_us() const { return row().us - row().launch_us; }
};

bool uses_cube(const KernelRow& row) { return row.cube_us > 0; }

TaskType type_of(const KernelRow& row, bool has_split_cores) {
  if (!has_split_cores) return TaskType::AiCore;
  if (!uses_cube(row)) return TaskType::AiVectorCore;
  return row.vector_us > 0 ? TaskType::MixAic : TaskType::AiCore;
}

std::string name(TaskType type) {
  switch (type) {
    case TaskType::AiCore:
      return "AI_CORE";
    case TaskType::AiVectorCore:
      return "AI_VECTOR_CORE";
    case TaskType::MixAic:
      return "MIX_AIC";
  }
  KEEL_CHECK(false && "a TaskType outside its enumeration");
  return {};
}

std::string vendor_name(DType dtype) {
  switch (dtype) {
    case DType::F32:
      return "FLOAT";
    case DType::F16:
      return "FLOAT16";
    case DType::BF16:
      return "DT_BF16";
    case DType::I8:
      return "INT8";
    case DType::I16:
      return "INT16";
    case DType::I32:
      return "INT32";
    case DType::I64:
      return "INT64";
    case DType::U8:
      return "UINT8";
    case DType::U16:
      return "UINT16";
    case DType::U32:
      return "UINT32";
    case DType::U64:
      return "UINT64";
    case DType::F64:
      return "DOUBLE";
    case DType::Bool:
      return "BOOL";
  }
  KEEL_CHECK(false && "a DType outside its enumeration");
  return {};
}

std::string shapes(const std::vector<TensorFacts>& tensors) {
  Cells all;
  for (const TensorFacts& tensor : tensors)
    all.push_back(fmt::format("{}", fmt::join(tensor.shape, ",")));
  return fmt::format("{}", fmt::join(all, ";"));
}

std::string dtypes(const std::vector<TensorFacts>& tensors) {
  Cells all;
  for (const TensorFacts& tensor : tensors) all.push_back(vendor_name(tensor.dtype));
  return fmt::format("{}", fmt::join(all, ";"));
}

std::string decimals(double value) { return fmt::format("{:.3f}", value); }

std::string ratio(const Task& task, double us) {
  return decimals(task.busy_us() > 0 ? us / task.busy_us() : 0);
}

// Of the time that memory takes, what reading or writing has by its bytes.
double reading_us(const Task& task) {
  const auto read = static_cast<double>(task.kernel->bytes_read);
  const auto written = static_cast<double>(task.kernel->bytes_written);
  return read > 0 ? task.row().memory_us * read / (read + written) : 0;
}
double writing_us(const Task& task) { return task.row().memory_us - reading_us(task); }

// What a kernel spends on the cores of one unit: nothing where it does not run on them.
double on_cube_cores(const Task& task, double us) {
  return task.type == TaskType::AiVectorCore ? 0 : us;
}
double on_vector_cores(const Task& task, double us) {
  return task.type == TaskType::AiCore ? 0 : us;
}

// Nobody says which cores of a mixed kernel move which of its bytes.
std::string unless_mixed(const Task& task, std::string text) {
  return task.type == TaskType::MixAic ? kNotAvailable : std::move(text);
}

struct Column {
  const char* name;
  std::string (*cell)(const Task& task) = nullptr;  // none: not available
};

std::vector<Column> task_columns() {
  return {
      {"Device_id"},
      {"Model ID"},
      {"Task ID", [](const Task& task) { return std::to_string(task.number); }},
      {"Stream ID", [](const Task&) -> std::string { return "0"; }},
      {"Op Name", [](const Task& task) { return task.row().name; }},
      {"OP Type",
       [](const Task& task) { return fmt::format("{}", fmt::join(task.row().ascend_types, "+")); }},
      {"OP State", [](const Task&) -> std::string { return "static"; }},
      {"Task Type", [](const Task& task) { return name(task.type); }},
      {"Task Start Time(us)", [](const Task& task) { return decimals(task.start_us); }},
      {"Task Duration(us)", [](const Task& task) { return decimals(task.row().us); }},
      {"Task Wait Time(us)", [](const Task&) { return decimals(0); }},
      {"Block Dim"}};
}

std::vector<Column> tensor_columns() {
  return {
      {"HF32 Eligible",
       [](const Task& task) -> std::string { return task.row().compute == "hf32" ? "YES" : "NO"; }},
      {"Input Shapes", [](const Task& task) { return shapes(task.kernel->inputs); }},
      {"Input Data Types", [](const Task& task) { return dtypes(task.kernel->inputs); }},
      {"Input Formats"},
      {"Output Shapes", [](const Task& task) { return shapes(task.kernel->outputs); }},
      {"Output Data Types", [](const Task& task) { return dtypes(task.kernel->outputs); }},
      {"Output Formats"}};
}

std::vector<Column> unified_pipe_columns() {
  return {{"aicore_time(us)", [](const Task& task) { return decimals(task.busy_us()); }},
          {"total_cycles"},
          {"vec_time(us)", [](const Task& task) { return decimals(task.row().vector_us); }},
          {"vec_ratio", [](const Task& task) { return ratio(task, task.row().vector_us); }},
          {"mac_time(us)", [](const Task& task) { return decimals(task.row().cube_us); }},
          {"mac_ratio", [](const Task& task) { return ratio(task, task.row().cube_us); }},
          {"scalar_time(us)"},
          {"scalar_ratio"},
          {"mte1_time(us)"},
          {"mte1_ratio"},
          {"mte2_time(us)", [](const Task& task) { return decimals(reading_us(task)); }},
          {"mte2_ratio", [](const Task& task) { return ratio(task, reading_us(task)); }},
          {"mte3_time(us)", [](const Task& task) { return decimals(writing_us(task)); }},
          {"mte3_ratio", [](const Task& task) { return ratio(task, writing_us(task)); }},
          {"icache_miss_rate"}};
}

// Results leave the cube cores by the fixpipe, whose time the model does not tell from the rest.
std::vector<Column> split_pipe_columns() {
  return {{"aicore_time(us)",
           [](const Task& task) { return decimals(on_cube_cores(task, task.busy_us())); }},
          {"aic_total_cycles"},
          {"aic_mac_time(us)", [](const Task& task) { return decimals(task.row().cube_us); }},
          {"aic_mac_ratio", [](const Task& task) { return ratio(task, task.row().cube_us); }},
          {"aic_scalar_time(us)"},
          {"aic_scalar_ratio"},
          {"aic_mte1_time(us)"},
          {"aic_mte1_ratio"},
          {"aic_mte2_time(us)",
           [](const Task& task) {
             return unless_mixed(task, decimals(on_cube_cores(task, reading_us(task))));
           }},
          {"aic_mte2_ratio",
           [](const Task& task) {
             return unless_mixed(task, ratio(task, on_cube_cores(task, reading_us(task))));
           }},
          {"aic_fixpipe_time(us)"},
          {"aic_fixpipe_ratio"},
          {"aic_icache_miss_rate"},
          {"aiv_time(us)",
           [](const Task& task) { return decimals(on_vector_cores(task, task.busy_us())); }},
          {"aiv_total_cycles"},
          {"aiv_vec_time(us)", [](const Task& task) { return decimals(task.row().vector_us); }},
          {"aiv_vec_ratio", [](const Task& task) { return ratio(task, task.row().vector_us); }},
          {"aiv_scalar_time(us)"},
          {"aiv_scalar_ratio"},
          {"aiv_mte2_time(us)",
           [](const Task& task) {
             return unless_mixed(task, decimals(on_vector_cores(task, reading_us(task))));
           }},
          {"aiv_mte2_ratio",
           [](const Task& task) {
             return unless_mixed(task, ratio(task, on_vector_cores(task, reading_us(task))));
           }},
          {"aiv_mte3_time(us)",
           [](const Task& task) {
             return unless_mixed(task, decimals(on_vector_cores(task, writing_us(task))));
           }},
          {"aiv_mte3_ratio",
           [](const Task& task) {
             return unless_mixed(task, ratio(task, on_vector_cores(task, writing_us(task))));
           }},
          {"aiv_icache_miss_rate"},
          {"cube_utilization(%)"}};
}

std::vector<Column> columns_of(bool has_split_cores) {
  std::vector<Column> all = task_columns();
  const auto add = [&](const std::vector<Column>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (has_split_cores) add({{"Mix Block Dim"}});
  add(tensor_columns());
  if (has_split_cores) add({{"Context ID"}});
  add(has_split_cores ? split_pipe_columns() : unified_pipe_columns());
  return all;
}

}  // namespace

std::string op_summary_csv(const Profile& profile) {
  const std::vector<Column> columns = columns_of(profile.has_split_cores);
  Cells cells;
  for (const Column& column : columns) cells.emplace_back(column.name);
  std::string text = csv_line(cells);
  Task task;
  for (const ProfiledKernel& kernel : profile.kernels) {
    if (!kernel.is_launched()) continue;
    task.kernel = &kernel;
    task.type = type_of(kernel.row, profile.has_split_cores);
    cells.clear();
    for (const Column& column : columns)
      cells.push_back(column.cell ? column.cell(task) : kNotAvailable);
    text += csv_line(cells);
    ++task.number;
    task.start_us += kernel.row.us;
  }
  return text;
}

}  // namespace keel::report
