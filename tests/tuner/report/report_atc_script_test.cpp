#include <gtest/gtest.h>

#include "tuner/report/report.h"

namespace keel::report {
namespace {

CompilerCommand command() {
  return {"/models/my net's.onnx", "x:1,3,224,224;y:1,16", "Ascend910B3", "force_fp16",
          "true;false"};
}

TEST(AtcScript, PinsEveryOptionThatWasEvaluated) {
  EXPECT_EQ(atc_script(command()), R"sh(#!/bin/sh
# Compiles the recommended variant with every option it was evaluated with.
# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of atc.
set -e
cd -- "$(dirname -- "$0")"

# --op_compiler_cache_mode: a cached kernel may have been built with other options.
exec atc \
  '--model=/models/my net'\''s.onnx' \
  --framework=5 \
  '--output=my net'\''s' \
  --soc_version=Ascend910B3 \
  '--input_shape=x:1,3,224,224;y:1,16' \
  --precision_mode=force_fp16 \
  --keep_dtype=execeptionlist.cfg \
  '--allow_hf32=true;false' \
  --op_compiler_cache_mode=disable \
  --log=error \
  "$@"
)sh");
}

TEST(AtcScript, PassesOnWhatTheUserGaveAndTakesTheUsersLogLevel) {
  CompilerCommand given = command();
  given.passed_on = {{"insert_op_conf", "/my files/aipp.cfg"}, {"log", "info"}};
  EXPECT_EQ(atc_script(given), R"sh(#!/bin/sh
# Compiles the recommended variant with every option it was evaluated with.
# Relative paths start at the folder of this script, whatever folder it is called from.
# Options given to this script follow its own on the command line of atc.
# Passed on as keel was given them, and not part of what it evaluated: --insert_op_conf --log
set -e
cd -- "$(dirname -- "$0")"

# --op_compiler_cache_mode: a cached kernel may have been built with other options.
exec atc \
  '--model=/models/my net'\''s.onnx' \
  --framework=5 \
  '--output=my net'\''s' \
  --soc_version=Ascend910B3 \
  '--input_shape=x:1,3,224,224;y:1,16' \
  --precision_mode=force_fp16 \
  --keep_dtype=execeptionlist.cfg \
  '--allow_hf32=true;false' \
  '--insert_op_conf=/my files/aipp.cfg' \
  --log=info \
  --op_compiler_cache_mode=disable \
  "$@"
)sh");
}

TEST(AtcScript, LeavesOutWhatIsEmpty) {
  CompilerCommand bare{"named.onnx", "", "Ascend310P3", "force_fp16", ""};
  bare.keeps_nodes = false;
  const std::string text = atc_script(bare);
  EXPECT_NE(text.find("  --model=named.onnx \\\n  --framework=5 \\\n  --output=named \\\n"),
            std::string::npos)
      << text;
  for (const char* option : {"--input_shape", "--keep_dtype", "--allow_hf32"})
    EXPECT_EQ(text.find(option), std::string::npos) << option;
}

}  // namespace
}  // namespace keel::report
