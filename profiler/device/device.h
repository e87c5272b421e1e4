#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/program/host_execution.h"
#include "compiler/program/program.h"

namespace keel::simulator {
class KernelTimes;
}

namespace keel::device {

using Microseconds = std::chrono::duration<double, std::micro>;

/// Facts about a device, as data: the tuner reads them and never asks for the concrete type.
struct Capabilities {
  std::string name;                 ///< stable; written into every study
  bool deterministic_time = false;  ///< two timings of a program are equal: one is enough
  double time_error = 0;            ///< mean relative error of a time where it is predicted; else 0
  bool computes = true;             ///< outputs are the model's; false: zeros of the right shapes
};

/// A program made ready for one device. Destroying it frees the device memory.
class Executable {
 public:
  virtual ~Executable() = default;

  /// Outputs of one execution. Thread-safe.
  /// \param inputs  in Graph::inputs() order, of the types declared there
  /// \param sharing  where a device that computes on the host may find and leave results
  /// \error DeviceFailed  a timeout or a reset; the same executable may be run again
  virtual Result<std::vector<Tensor>> run(std::span<const Tensor> inputs,
                                          const program::Sharing& sharing) = 0;

  /// Device time of one execution, without host transfers. Not for concurrent use.
  virtual Result<Microseconds> time(std::span<const Tensor> inputs) = 0;
};

/// A place where programs run. Thread-safe. Executables must not outlive their device.
class Device {
 public:
  virtual ~Device() = default;

  virtual const Capabilities& capabilities() const = 0;

  /// Makes a program ready. Takes it by shared pointer, because reports keep it too.
  /// \error Unsupported  a kernel does not map; `where` is the kernel
  virtual Result<std::unique_ptr<Executable>> load(
      std::shared_ptr<const program::Program> program) = 0;
};

/// A kind of device the CLI can open by name.
struct DeviceKind {
  std::string_view name;
  std::string_view summary;  ///< one line for --help
  /// \param times  where a device that predicts looks times of kernels up and leaves new ones, of
  ///     the same SoC, outliving the device; null: in a store of its own
  Result<std::unique_ptr<Device>> (*open)(const ascend::Soc& soc, simulator::KernelTimes* times);
};

/// Every kind in this build, the default first. To add one: write the file, declare its open
/// function, add the line.
std::span<const DeviceKind> device_kinds();

/// \error InvalidConfig  no such kind; `fix` lists them
Result<std::unique_ptr<Device>> open_device(std::string_view kind, const ascend::Soc& soc,
                                            simulator::KernelTimes* times = nullptr);

}  // namespace keel::device
