#include "tuner/report/report.h"
#include "tuner/report/vendor_script.h"

namespace keel::report {

std::string aoe_script(const CompilerCommand& command) {
  std::string text = "#!/bin/sh\n# Tunes " + command.variant + " for speed, on an " +
                     command.soc_version + ", with every option it was evaluated with.\n";
  text +=
      R"sh(# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of aoe.
)sh";
  if (const std::string names = passed_on_names(VendorTool::Aoe, command, true); !names.empty())
    text += "# Passed on as keel was given them, and not part of what it evaluated:" + names + "\n";
  if (const std::string names = passed_on_names(VendorTool::Aoe, command, false); !names.empty())
    text += "# Options of atc.sh that keel does not know of aoe, and left out:" + names + "\n";
  return text + vendor_call(VendorTool::Aoe, command,
                            "--job_type=2 tunes operators; for subgraphs call this script with "
                            "--job_type=1.");
}

}  // namespace keel::report
