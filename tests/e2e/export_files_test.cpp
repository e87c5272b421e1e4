#include <algorithm>
#include <cctype>
#include <filesystem>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;

/// Studies that were made with further files of the vendor's, exported for other runtimes.
class ExportWithFiles : public TuneFixture {
 protected:
  // Nodes in fp16 of the exported trial 0, which lowers all that may be.
  int half_nodes(const std::string& study, const std::vector<std::string>& files) {
    std::vector<std::string> more = {"--max_trials", "3", "--allow_hf32", "false"};
    more.insert(more.end(), files.begin(), files.end());
    const Finished tuned = tune(study, more);
    EXPECT_LE(tuned.exit_code, 1) << tuned.err;
    const Finished run = exported(study);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    const std::size_t end = run.out.find(" nodes in fp16");
    std::size_t start = std::min(end, run.out.size());
    while (start > 0 && std::isdigit(static_cast<unsigned char>(run.out[start - 1])) != 0) --start;
    EXPECT_LT(start, end) << run.out;
    return std::stoi(run.out.substr(start));
  }

  Finished exported(const std::string& study) const {
    return run_keel({"export", "--study", folder_ / study, "--trial", "0", "--onnx", "--output",
                     folder_ / (study + "_0")});
  }

  void expect_refused_when_changed(const std::string& study, const std::string& option,
                                   const std::string& file) const {
    write_text(file, read_text(file) + "\n");
    const Finished run = exported(study);
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_EQ(run.err, "error: the file of --" + option +
                           " is not the one the study was made with\n   at: " + file +
                           "\n  fix: restore it, or repeat keel tune\n");
  }
};

TEST_F(ExportWithFiles, LeavesInFp32WhatCustomizeDtypesAndOpPrecisionModeKeep) {
  const int plain = half_nodes("plain", {});
  const std::string custom = folder_ / "custom.cfg", ini = folder_ / "op.ini";
  // dense_1 and relu_1 are one operator after fusion.
  write_text(custom, "dense_1::InputDtype:float32,OutputDtype:float32\n");
  EXPECT_EQ(half_nodes("custom", {"--customize_dtypes", custom}), plain - 2);
  write_text(ini, "[ByNodeName]\nlog=enable_float_32_execution\n");
  EXPECT_EQ(half_nodes("ini", {"--op_precision_mode", ini}), plain - 1);
  EXPECT_EQ(half_nodes("both", {"--op_precision_mode", ini, "--customize_dtypes", custom}),
            plain - 3);
  expect_refused_when_changed("custom", "customize_dtypes", custom);
  expect_refused_when_changed("ini", "op_precision_mode", ini);
}

TEST_F(ExportWithFiles, LeavesInFp32WhatModifyMixlistPutsOnTheBlackList) {
  const std::vector<std::string> mixed = {"--precision_mode", "allow_mix_precision"};
  const int plain = half_nodes("plain", mixed);
  const std::string file = folder_ / "mix.json";
  write_text(file, R"({"black-list": {"to-add": ["Sqrt"]}, "gray-list": {"to-remove": ["Sqrt"]}})");
  std::vector<std::string> with_file = mixed;
  with_file.insert(with_file.end(), {"--modify_mixlist", file});
  const int moved = half_nodes("moved", with_file);
  // What follows the Sqrt stays in fp32 with it, until the next product.
  EXPECT_EQ(moved, plain - 2);
  expect_refused_when_changed("moved", "modify_mixlist", file);
}

}  // namespace
}  // namespace keel::test
