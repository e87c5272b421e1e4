#include <gtest/gtest.h>

#include "tuner/report/report.h"

namespace keel::report {
namespace {

CompilerCommand command() {
  return {"/models/my net's.onnx", "x:1,3,224,224;y:1,16", "Ascend910B3", "force_fp16",
          "true;false"};
}

TEST(AoeScript, PinsEveryOptionThatWasEvaluated) {
  EXPECT_EQ(aoe_script(command()), R"sh(#!/bin/sh
# Tunes the recommended variant for speed, on an Ascend910B3, with every option it was evaluated with.
# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of aoe.
set -e
cd -- "$(dirname -- "$0")"

# --job_type=2 tunes operators; for subgraphs call this script with --job_type=1.
exec aoe \
  --job_type=2 \
  '--model=/models/my net'\''s.onnx' \
  --framework=5 \
  '--output=my net'\''s_tuned' \
  '--input_shape=x:1,3,224,224;y:1,16' \
  --precision_mode=force_fp16 \
  --keep_dtype=execeptionlist.cfg \
  '--allow_hf32=true;false' \
  --log=error \
  "$@"
)sh");
}

TEST(AoeScript, PassesOnWhatAoeTakesAndSaysWhatIsLeftOut) {
  CompilerCommand given = command();
  given.evaluated_files = {{"modify_mixlist", "/lists/mix.json"}};
  given.passed_on = {{"input_format", "ND"}, {"debug_dir", "/tmp/debug"}, {"log", "info"}};
  const std::string text = aoe_script(given);
  for (const char* part :
       {"  --modify_mixlist=/lists/mix.json \\\n", "  --input_format=ND \\\n  --log=info \\\n",
        "not part of what it evaluated: --input_format --log\n",
        "that keel does not know of aoe, and left out: --debug_dir\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
  for (const char* part : {"--debug_dir=", "--log=error"})
    EXPECT_EQ(text.find(part), std::string::npos) << part << text;
}

TEST(AoeScript, HandsOverNoEmptyList) {
  CompilerCommand bare = command();
  bare.keeps_nodes = false;
  EXPECT_EQ(aoe_script(bare).find("--keep_dtype"), std::string::npos);
}

}  // namespace
}  // namespace keel::report
