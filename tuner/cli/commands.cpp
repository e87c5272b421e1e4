#include <array>

#include "tuner/cli/command.h"

namespace keel::cli {

std::span<const Command> commands() {
  static constexpr std::array kCommands = {
      Command{"tune", "search for the keep list that makes a model fastest at the accuracy you ask",
              declare_tune},
      Command{"run", "execute a model as the chip would and compare with fp32", declare_run},
      Command{"inspect", "list the nodes of a model: names, types, units, dtypes, ranges",
              declare_inspect},
      Command{"explain", "list the rules that decide the dtype of a node, in order",
              declare_explain},
      Command{"profile", "predict where the time of a model goes, kernel by kernel",
              declare_profile},
      Command{"compile", "compile a model as the chip would see it and print any stage of it",
              declare_compile},
      Command{"export", "write the keep list and the command of any trial of a study",
              declare_export},
      Command{"check", "say what is wrong with a keep list, which the vendor's compiler does not",
              declare_check},
      Command{"devices", "list what keel measures on and the chips it knows, and how well",
              declare_devices},
  };
  return kCommands;
}

}  // namespace keel::cli
