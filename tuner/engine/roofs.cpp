#include "tuner/engine/roofs.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>

#include "compiler/ir/text_names.h"
#include "profiler/simulator/cube_time.h"

namespace keel::engine {
namespace {

class Roofs {
 public:
  void add(std::string_view unit, std::string_view format, double operations_per_us) {
    const std::string name = std::string(unit) + " " + std::string(format);
    for (report::ComputeRoof& roof : roofs_) {
      if (roof.operations_per_us != operations_per_us) continue;
      if (roof.name.find(name) == std::string::npos) roof.name += ", " + name;
      return;
    }
    roofs_.push_back({name, operations_per_us});
  }

  std::vector<report::ComputeRoof> fastest_first() && {
    std::ranges::stable_sort(roofs_, std::ranges::greater{},
                             &report::ComputeRoof::operations_per_us);
    return std::move(roofs_);
  }

 private:
  std::vector<report::ComputeRoof> roofs_;
};

// bf16 is widened: the vector unit only casts it.
std::optional<DType> vector_dtype(DType dtype) {
  if (dtype == DType::F16) return DType::F16;
  if (is_tunable_float(dtype)) return DType::F32;
  return std::nullopt;
}

}  // namespace

std::vector<report::ComputeRoof> compute_roofs(const ascend::Soc& soc,
                                               const program::Program& program) {
  Roofs roofs;
  for (const program::Kernel& kernel : program.kernels) {
    for (const ir::NodeId member : kernel.members) {
      const ir::Node& node = program.graph[member];
      if (ir::cube_operands(node.op) == 0) continue;
      const double macs = simulator::macs_per_cycle(soc, node.compute) * soc.cube_cores;
      roofs.add("cube", ir::compute_name(node.compute), 2 * macs * soc.cube_mhz);
    }
    if (kernel.kind != program::KernelClass::Vector) continue;
    for (const ir::ValueId value : kernel.writes)
      if (const std::optional<DType> dtype = vector_dtype(program.graph[value].type.dtype))
        roofs.add("vector", name(*dtype),
                  soc.vector_bytes_per_cycle / static_cast<double>(size_of(*dtype)) *
                      soc.vector_cores * soc.vector_mhz);
  }
  return std::move(roofs).fastest_first();
}

std::vector<report::MemoryRoof> memory_roofs(const ascend::Soc& soc) {
  return {{"memory", soc.memory_gbs},
          {"L2", soc.l2_bytes_per_cycle * soc.cube_cores * soc.cube_mhz * 1e-3}};
}

}  // namespace keel::engine
