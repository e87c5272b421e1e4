#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;

class ExportForms : public TuneFixture {
 protected:
  void tune_in(const std::string& mode) {
    mode_ = mode;
    const Finished tuned =
        tune("out", {"--precision_mode", mode, "--allow_hf32", "false", "--max_trials", "30"});
    ASSERT_LE(tuned.exit_code, 1) << tuned.err;
  }

  Finished exported(const std::string& trial, const std::string& to,
                    const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {
        "export", "--study", folder_ / "out", "--output", folder_ / to, "--trial", trial};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  // The bytes of the outputs of every sample.
  std::string outputs(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run",
                                          "--model",
                                          folder_ / "tiny/model.onnx",
                                          "--data",
                                          folder_ / "tiny/samples",
                                          "--precision_mode",
                                          mode_,
                                          "--allow_hf32",
                                          "false",
                                          "--output",
                                          folder_ / "run"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    fs::remove_all(folder_ / "run");
    const Finished finished = run_keel(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    std::set<std::string> files;
    for (const auto& entry : fs::directory_iterator(folder_ / "run"))
      if (entry.path().extension() == ".npy") files.insert(entry.path().filename());
    EXPECT_EQ(files.size(), 16U);
    std::string bytes;
    for (const std::string& file : files) bytes += text_of("run", file);
    return bytes;
  }

  static std::ptrdiff_t lines(const std::string& text) { return std::ranges::count(text, '\n'); }

  std::string mode_;
};

TEST_F(ExportForms, ShortestKeepsWhatTheLongListKeeps) {
  tune_in("force_fp16");
  bool any_type = false;
  for (const std::string& trial : {std::string("1"), std::string("2"), std::string("4")}) {
    ASSERT_EQ(exported(trial, "long", {}).exit_code, 0);
    const Finished run = exported(trial, "short", {"--shortest"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const std::string list = text_of("short", "execeptionlist.cfg");
    any_type = any_type || list.find("OpType::") != std::string::npos;
    EXPECT_LE(lines(list), lines(text_of("long", "execeptionlist.cfg"))) << list;
    EXPECT_EQ(outputs({"--keep_dtype", folder_ / "short/execeptionlist.cfg"}),
              outputs({"--keep_dtype", folder_ / "long/execeptionlist.cfg"}))
        << list;
    EXPECT_EQ(text_of("short", "atc.sh"), text_of("long", "atc.sh"));
    EXPECT_EQ(text_of("short", "trial.json"), text_of("long", "trial.json"));
  }
  EXPECT_TRUE(any_type);
}

TEST_F(ExportForms, CustomizeComputesWhatTheKeepListDoes) {
  tune_in("force_fp16");
  const Finished run = exported("2", "made", {"--customize"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("customize  " + (folder_ / "made/customize_dtypes.cfg") + "\n"),
            std::string::npos)
      << run.out;
  const std::string kept = outputs({"--keep_dtype", folder_ / "made/execeptionlist.cfg"});
  EXPECT_EQ(outputs({"--customize_dtypes", folder_ / "made/customize_dtypes.cfg"}), kept);
  EXPECT_NE(outputs({}), kept);
  ASSERT_EQ(exported("2", "made", {}).exit_code, 0);
  EXPECT_FALSE(fs::exists(folder_ / "made/customize_dtypes.cfg"));  // of another export
}

TEST_F(ExportForms, MixlistComputesWhatTheKeepListDoesOrSaysWhatIsSplit) {
  tune_in("allow_mix_precision");
  const std::string lowered = outputs({});
  int made = 0, split = 0;
  for (int trial = 1; trial < trial_count("out") && (made < 2 || split == 0); ++trial) {
    const std::string folder = std::to_string(trial);
    const Finished run = exported(folder, folder, {"--mixlist"});
    if (run.exit_code != 0) {
      EXPECT_EQ(run.exit_code, 2) << run.err;
      EXPECT_NE(run.err.find("error: the trial keeps no union of whole types"), std::string::npos)
          << run.err;
      EXPECT_FALSE(fs::exists(folder_ / folder));
      ++split;
      continue;
    }
    const std::string kept = outputs({"--keep_dtype", folder_ / (folder + "/execeptionlist.cfg")});
    EXPECT_EQ(outputs({"--modify_mixlist", folder_ / (folder + "/modify_mixlist.json")}), kept)
        << trial;
    made += kept != lowered ? 1 : 0;
  }
  EXPECT_GT(made, 0);
  EXPECT_GT(split, 0);
}

TEST_F(ExportForms, MixlistIsForTheMixedModes) {
  tune_in("force_fp16");
  const Finished run = exported("1", "made", {"--mixlist"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, "error: --modify_mixlist has no effect under force_fp16\n   at: " +
                         (folder_ / "out/study.db") +
                         "\n  fix: leave out --mixlist: the keep list is what this mode reads\n");
  EXPECT_FALSE(fs::exists(folder_ / "made"));
}

}  // namespace
}  // namespace keel::test
