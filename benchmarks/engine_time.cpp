#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>

#include "compiler/base/error_text.h"
#include "compiler/program/host_execution.h"
#include "profiler/accuracy/dataset.h"
#include "tuner/engine/target.h"

// engine_time MODEL DATA: executes a model on request, so that a script can time several programs
// in turn. For each line `fp32 N` or `fp16 N` on standard input it executes N samples, the first
// ones of the folder over and over, and prints the seconds they took. `profile N` prints where the
// time of plain fp32 goes, by operator.

namespace keel {
namespace {

struct Bench {
  const ir::Graph& graph;
  program::HostProgram fp32, fp16;
  const accuracy::Dataset& data;
  Overflow overflow;

  Result<double> seconds(const std::string& mode, std::size_t count) const {
    const bool lowered = mode == "fp16";
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      const accuracy::Sample& sample = data.samples[i % data.samples.size()];
      KEEL_TRY_STATUS(
          (lowered ? fp16 : fp32)
              .run(sample.inputs, {lowered ? overflow : Overflow::InfNan, nullptr, {}, {}}));
    }
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

  Status profile(std::size_t count) const {
    std::map<std::string, double> seconds_of;
    for (std::size_t i = 0; i < count; ++i) {
      auto last = std::chrono::steady_clock::now();
      const auto observe = [&](ir::ValueId value, const Tensor&) {
        const auto now = std::chrono::steady_clock::now();
        const ir::Op& op = graph[*graph.producer(value)].op;
        seconds_of[std::string(ir::name(op))] += std::chrono::duration<double>(now - last).count();
        last = now;
      };
      const accuracy::Sample& sample = data.samples[i % data.samples.size()];
      KEEL_TRY_STATUS(fp32.run(sample.inputs, {Overflow::InfNan, nullptr, observe, {}}));
    }
    for (const auto& [op, seconds] : seconds_of)
      std::printf("%10.4f ms  %s\n", seconds / static_cast<double>(count) * 1e3, op.c_str());
    return Done{};
  }
};

Status serve(const std::filesystem::path& model, const std::filesystem::path& data_folder) {
  engine::ModelOptions options;
  options.model = model;
  KEEL_TRY(const engine::Target target, engine::open_target(options, data_folder));
  const ir::Graph& plain = target.prepared.graph();
  std::vector<accuracy::Port> ports;
  for (const ir::ValueId input : plain.inputs())
    ports.push_back({plain[input].name, plain[input].type});
  KEEL_TRY(const accuracy::Dataset data, accuracy::load_dataset(data_folder, ports, {}));
  KEEL_TRY(const program::Program lowered,
           target.prepared.compile(target.precisions(search::Assignment(target.units.size(), 1))));
  const Bench bench{plain, program::HostProgram(plain), program::HostProgram(lowered.graph), data,
                    target.soc.overflow};
  std::string mode;
  std::size_t count = 0;
  while (std::cin >> mode >> count) {
    if (mode == "profile") {
      KEEL_TRY_STATUS(bench.profile(count));
      continue;
    }
    KEEL_TRY(const double seconds, bench.seconds(mode, count));
    std::printf("%.9f\n", seconds);
    std::fflush(stdout);
  }
  return Done{};
}

}  // namespace
}  // namespace keel

int main(int count, char** arguments) {
  if (count != 3) {
    std::fprintf(stderr, "usage: engine_time MODEL DATA\n");
    return 2;
  }
  const keel::Status served = keel::serve(arguments[1], arguments[2]);
  if (served.ok()) return 0;
  std::fprintf(stderr, "%s\n", keel::to_text(served.error()).c_str());
  return 2;
}
