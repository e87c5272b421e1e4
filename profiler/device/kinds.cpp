#include <array>

#include "profiler/device/device.h"
#include "profiler/device/npu_sim_device.h"
#include "profiler/device/null_device.h"

namespace keel::device {

std::span<const DeviceKind> device_kinds() {
  static constexpr std::array kKinds = {
      DeviceKind{"npu-sim", "computes what the SoC computes and predicts its time", open_npu_sim},
      DeviceKind{"null", "computes nothing in no time; the template for the next device",
                 open_null_device},
  };
  return kKinds;
}

Result<std::unique_ptr<Device>> open_device(std::string_view kind, const ascend::Soc& soc,
                                            simulator::KernelTimes* times) {
  std::string names;
  for (const DeviceKind& known : device_kinds()) {
    if (known.name == kind) return known.open(soc, times);
    names += (names.empty() ? "" : ", ") + std::string(known.name);
  }
  return Error{ErrorCode::InvalidConfig, "no device is called '" + std::string(kind) + "'", "",
               "use one of: " + names};
}

}  // namespace keel::device
