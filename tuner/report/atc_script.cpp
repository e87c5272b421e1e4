#include "tuner/report/report.h"
#include "tuner/report/vendor_script.h"

namespace keel::report {

std::string atc_script(const CompilerCommand& command) {
  std::string text = "#!/bin/sh\n# Compiles " + command.variant;
  text += R"sh( with every option it was evaluated with.
# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of atc.
)sh";
  if (const std::string names = passed_on_names(VendorTool::Atc, command, true); !names.empty())
    text += "# Passed on as keel was given them, and not part of what it evaluated:" + names + "\n";
  return text + vendor_call(VendorTool::Atc, command,
                            "--op_compiler_cache_mode: a cached kernel may have been built with "
                            "other options.");
}

}  // namespace keel::report
