#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace keel::cli {

/// What the process returns. Scripts depend on the numbers.
constexpr int kExitDone = 0;
constexpr int kExitRequirementsNotMet = 1;  ///< the best found is written and marked so
constexpr int kExitBadInput = 2;
constexpr int kExitDeviceFailed = 3;  ///< device, compiler, disk or study failure
constexpr int kExitInterrupted = 130;

/// Runs a parsed command. \param arguments the whole command line
using Action = std::function<int(const std::vector<std::string>& arguments)>;

/// A subcommand: one file, one line in the table.
struct Command {
  std::string_view name;
  std::string_view summary;
  Action (*declare)(CLI::App& app);  ///< adds the options; the action reads them
};

Action declare_tune(CLI::App& app);
Action declare_run(CLI::App& app);
Action declare_inspect(CLI::App& app);
Action declare_explain(CLI::App& app);
Action declare_profile(CLI::App& app);
Action declare_compile(CLI::App& app);
Action declare_export(CLI::App& app);
Action declare_check(CLI::App& app);
Action declare_devices(CLI::App& app);

/// Every subcommand, in the order `keel --help` lists them.
std::span<const Command> commands();

}  // namespace keel::cli
