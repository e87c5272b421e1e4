#pragma once

#include <filesystem>

#include "compiler/base/result.h"
#include "tuner/report/device_table.h"

namespace keel::engine {

/// Every kind of device in this build, and every chip of configs/soc by name.
/// \error what loading a chip gives
Result<report::DeviceListing> list_devices(const std::filesystem::path& configs);

}  // namespace keel::engine
