#include "profiler/device/npu_sim_device.h"

#include <utility>

#include "compiler/ir/text_names.h"
#include "profiler/simulator/cube_time.h"
#include "profiler/simulator/kernel_times.h"
#include "profiler/simulator/known_figures.h"

namespace keel::device {
namespace {

class NpuSimExecutable final : public Executable {
 public:
  NpuSimExecutable(std::shared_ptr<const program::Program> program, Overflow overflow,
                   Microseconds time)
      : program_(std::move(program)), host_(program_->graph), overflow_(overflow), time_(time) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                  const program::Sharing& sharing) override {
    program::HostOptions options;
    options.overflow = overflow_;
    options.memo = sharing.memo;
    options.expects_reuse = sharing.expects_reuse;
    return host_.run(inputs, options);
  }

  Result<Microseconds> time(std::span<const Tensor>) override { return time_; }

 private:
  std::shared_ptr<const program::Program> program_;  // shared with reports
  program::HostProgram host_;
  Overflow overflow_;
  Microseconds time_;
};

Status check_maps(const ascend::Soc& soc, const ir::Graph& graph, const program::Kernel& kernel) {
  const std::string where = "kernel '" + kernel.name + "'";
  for (const ir::NodeId member : kernel.members) {
    const ir::Node& node = graph[member];
    if (ir::is_cube(node.op) && simulator::cube_format(soc, node.compute) != node.compute) {
      return Error{ErrorCode::Unsupported,
                   std::string(ir::name(node.op)) + " computes in " +
                       std::string(ir::compute_name(node.compute)) + ", which the cube of " +
                       soc.name + " does not have",
                   where, "choose the dtypes of the program for " + soc.name};
    }
    for (const ir::ValueId output : node.outputs) {
      if (graph[output].type.dtype == DType::BF16 && !soc.bf16) {
        return Error{ErrorCode::Unsupported,
                     "'" + graph[output].name + "' is bf16, which " + soc.name + " does not have",
                     where, "use a precision mode without bf16"};
      }
    }
  }
  return Done{};
}

class NpuSimDevice final : public Device {
 public:
  NpuSimDevice(const ascend::Soc& soc, simulator::KernelTimes* times)
      : soc_(soc),
        own_times_(soc),
        times_(times != nullptr ? *times : own_times_),
        capabilities_{.name = "npu-sim",
                      .deterministic_time = true,
                      .time_error = soc.timing.relative_error,
                      .computes = true} {}

  const Capabilities& capabilities() const override { return capabilities_; }

  Result<std::unique_ptr<Executable>> load(
      std::shared_ptr<const program::Program> program) override {
    for (const program::Kernel& kernel : program->kernels) {
      KEEL_TRY_STATUS(check_maps(soc_, program->graph, kernel));
    }
    const Microseconds time(times_.of(*program).total_us);
    return std::unique_ptr<Executable>(
        std::make_unique<NpuSimExecutable>(std::move(program), soc_.overflow, time));
  }

 private:
  ascend::Soc soc_;
  simulator::KernelTimes own_times_;  // unused where the times are shared
  simulator::KernelTimes& times_;
  Capabilities capabilities_;
};

}  // namespace

Result<std::unique_ptr<Device>> open_npu_sim(const ascend::Soc& soc,
                                             simulator::KernelTimes* times) {
  KEEL_TRY_STATUS(simulator::check_predictable(soc));
  return std::unique_ptr<Device>(std::make_unique<NpuSimDevice>(soc, times));
}

}  // namespace keel::device
