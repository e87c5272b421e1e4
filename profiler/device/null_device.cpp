#include "profiler/device/null_device.h"

#include <cstddef>
#include <utility>

namespace keel::device {
namespace {

Tensor zeros(const TensorType& type) {
  const auto count = static_cast<std::size_t>(element_count(type.shape));
  const auto bytes =
      std::make_shared<const std::vector<std::byte>>(count * host_size_of(type.dtype));
  return Tensor(type.dtype, type.shape, bytes, bytes->data());
}

class NullExecutable final : public Executable {
 public:
  explicit NullExecutable(std::shared_ptr<const program::Program> program)
      : program_(std::move(program)) {}

  Result<std::vector<Tensor>> run(std::span<const Tensor>, const program::Sharing&) override {
    std::vector<Tensor> outputs;
    for (const ir::ValueId output : program_->graph.outputs())
      outputs.push_back(zeros(program_->graph[output].type));
    return outputs;
  }

  Result<Microseconds> time(std::span<const Tensor>) override { return Microseconds{0}; }

 private:
  std::shared_ptr<const program::Program> program_;  // shared with reports
};

class NullDevice final : public Device {
 public:
  const Capabilities& capabilities() const override { return capabilities_; }

  Result<std::unique_ptr<Executable>> load(
      std::shared_ptr<const program::Program> program) override {
    return std::unique_ptr<Executable>(std::make_unique<NullExecutable>(std::move(program)));
  }

 private:
  Capabilities capabilities_{.name = "null", .deterministic_time = true, .computes = false};
};

}  // namespace

Result<std::unique_ptr<Device>> open_null_device(const ascend::Soc&, simulator::KernelTimes*) {
  return std::unique_ptr<Device>(std::make_unique<NullDevice>());
}

}  // namespace keel::device
