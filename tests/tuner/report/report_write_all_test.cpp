#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <set>

#include "compiler/base/error_text.h"
#include "compiler/base/file.h"
#include "tests/tuner/report/example_result.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

namespace fs = std::filesystem;

fs::path empty_folder() {
  const fs::path folder =
      fs::path(testing::TempDir()) /
      (std::string("keel-report-") + testing::UnitTest::GetInstance()->current_test_info()->name());
  fs::remove_all(folder);
  return folder;
}

CompilerCommand command() {
  return {"/models/net it.onnx", "x:1,3;y:2", "Ascend310P3", "force_fp16", ""};
}

std::set<std::string> files(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

std::string output_of(const std::string& shell_command) {
  FILE* pipe = ::popen(shell_command.c_str(), "r");
  KEEL_CHECK(pipe != nullptr);
  std::string text;
  std::array<char, 256> part;
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) text += part.data();
  EXPECT_EQ(::pclose(pipe), 0);
  return text;
}

TEST(WriteModes, LeavesNoListWhereNoModeRecommendsATrial) {
  const fs::path folder = empty_folder();
  std::vector<ModeResult> modes{{"force_fp16", example_result()}};
  ASSERT_TRUE(write_modes(folder, modes, command()).ok());
  const std::set<std::string> fronts{"front.csv", "modes.json"};
  std::set<std::string> all{"aoe.sh", "atc.sh", "execeptionlist.cfg",
                            "execeptionlist.reasons.json"};
  all.insert(fronts.begin(), fronts.end());
  EXPECT_EQ(files(folder), all);
  modes[0].result.recommended.reset();
  ASSERT_TRUE(write_modes(folder, modes, {}).ok());
  EXPECT_EQ(files(folder), fronts);
}

TEST(WriteAll, WritesEveryFileOfARun) {
  const fs::path folder = empty_folder() / "out";
  const Status written = write_all(folder, example_result(), command(), {});
  ASSERT_TRUE(written.ok()) << to_text(written.error());
  EXPECT_EQ(files(folder), (std::set<std::string>{"aoe.sh", "atc.sh", "execeptionlist.cfg",
                                                  "execeptionlist.reasons.json", "front.csv",
                                                  "result.json", "run.json"}));
  EXPECT_EQ(*read_file(folder / "execeptionlist.cfg"), keep_list(example_result(), 2));
  EXPECT_EQ(*read_file(folder / "execeptionlist.reasons.json"), reasons_json(example_result(), 2));
  EXPECT_EQ(*read_file(folder / "front.csv"), front_csv(example_result()));
  EXPECT_EQ(*read_file(folder / "result.json"), result_json(example_result()));
  EXPECT_EQ(*read_file(folder / "run.json"), run_json({}));
  EXPECT_EQ(*read_file(folder / "atc.sh"), atc_script(command()));
  EXPECT_EQ(*read_file(folder / "aoe.sh"), aoe_script(command()));
  for (const char* script : {"atc.sh", "aoe.sh"})
    EXPECT_NE(fs::status(folder / script).permissions() & fs::perms::owner_exec, fs::perms::none)
        << script;
}

TEST(WriteAll, RemovesTheListOfAnEarlierRunWithoutARecommendation) {
  const fs::path folder = empty_folder();
  ASSERT_TRUE(write_all(folder, example_result(), command(), {}).ok());
  ASSERT_TRUE(write_all(folder, {}, command(), {}).ok());
  EXPECT_EQ(files(folder), (std::set<std::string>{"front.csv", "result.json", "run.json"}));
}

TEST(WriteAll, LeavesNoListOfAnotherReleaseOfCann) {
  const fs::path folder = empty_folder();
  CompilerCommand nine = command();
  nine.cann = ascend::Cann::V9;
  ASSERT_TRUE(write_all(folder, example_result(), command(), {}).ok());
  ASSERT_TRUE(write_all(folder, example_result(), nine, {}).ok());
  EXPECT_EQ(files(folder), (std::set<std::string>{"aoe.sh", "atc.sh", "exceptionlist.cfg",
                                                  "exceptionlist.reasons.json", "front.csv",
                                                  "result.json", "run.json"}));
  EXPECT_EQ(*read_file(folder / "exceptionlist.cfg"), keep_list(example_result(), 2));
  for (const char* script : {"atc.sh", "aoe.sh"})
    EXPECT_NE(read_file(folder / script)->find("  --keep_dtype=exceptionlist.cfg \\\n"),
              std::string::npos)
        << script;
}

// The list is the last file: it must be missing when one before it cannot be written.
TEST(WriteAll, LeavesNoListBehindWhenItFails) {
  const fs::path folder = empty_folder();
  ASSERT_TRUE(write_all(folder, example_result(), command(), {}).ok());
  for (const char* name : {"front.csv", "result.json", "run.json"}) {
    fs::remove(folder / name);
    fs::create_directories(folder / name / "in the way");
    const Status written = write_all(folder, example_result(), command(), {});
    ASSERT_FALSE(written.ok()) << name;
    EXPECT_EQ(written.error().code, ErrorCode::IoFailed);
    EXPECT_FALSE(fs::exists(folder / "execeptionlist.cfg")) << name;
    fs::remove_all(folder / name);
  }
}

TEST(WriteAll, HandsNoEmptyListToTheCompiler) {
  const fs::path folder = empty_folder();
  TuneResult result = example_result();
  result.units[1].record.state = search::UnitState::Lowered;
  result.recommended = result.all_lowered;
  ASSERT_TRUE(write_all(folder, result, command(), {}).ok());
  EXPECT_EQ(*read_file(folder / "execeptionlist.cfg"), "");
  EXPECT_EQ(read_file(folder / "atc.sh")->find("keep_dtype"), std::string::npos);
}

TEST(WriteTrial, WritesTheFilesOfOneTrial) {
  const fs::path folder = empty_folder() / "out";
  CompilerCommand of_trial = command();
  of_trial.variant = "trial 3";
  const Status written = write_trial(folder, example_result(), 3, of_trial);
  ASSERT_TRUE(written.ok()) << to_text(written.error());
  EXPECT_EQ(files(folder), (std::set<std::string>{"aoe.sh", "atc.sh", "execeptionlist.cfg",
                                                  "execeptionlist.reasons.json", "trial.json"}));
  EXPECT_EQ(*read_file(folder / "execeptionlist.cfg"), "conv_1\nlog_1\nrelu_1\npow_1\n");
  EXPECT_EQ(*read_file(folder / "execeptionlist.reasons.json"), reasons_json(example_result(), 3));
  EXPECT_EQ(*read_file(folder / "trial.json"), trial_json(example_result(), 3));
  EXPECT_EQ(read_file(folder / "atc.sh")->rfind("#!/bin/sh\n# Compiles trial 3 with every", 0), 0U);
}

TEST(WriteTrial, WritesTheFormsThatAreGivenAndRemovesThemAfterwards) {
  const fs::path folder = empty_folder();
  ASSERT_TRUE(write_trial(folder, example_result(), 3, command(),
                          {.keep_list = "OpType::Log\n",
                           .customize_dtypes = "log_1::InputDtype:float32\n",
                           .modify_mixlist = "{}\n"})
                  .ok());
  EXPECT_EQ(*read_file(folder / "execeptionlist.cfg"), "OpType::Log\n");
  EXPECT_EQ(*read_file(folder / "customize_dtypes.cfg"), "log_1::InputDtype:float32\n");
  EXPECT_EQ(*read_file(folder / "modify_mixlist.json"), "{}\n");
  EXPECT_EQ(read_file(folder / "atc.sh")->find("customize_dtypes"), std::string::npos);
  ASSERT_TRUE(write_trial(folder, example_result(), 3, command()).ok());
  EXPECT_EQ(files(folder), (std::set<std::string>{"aoe.sh", "atc.sh", "execeptionlist.cfg",
                                                  "execeptionlist.reasons.json", "trial.json"}));
}

TEST(WriteTrial, LeavesNoListOfAnotherTrialBehindWhenItFails) {
  const fs::path folder = empty_folder();
  ASSERT_TRUE(write_trial(folder, example_result(), 3, command()).ok());
  fs::remove(folder / "trial.json");
  fs::create_directories(folder / "trial.json" / "in the way");
  EXPECT_FALSE(write_trial(folder, example_result(), 2, command()).ok());
  EXPECT_EQ(files(folder), std::set<std::string>{"trial.json"});
}

// An `atc` that prints its folder and its arguments stands in for the compiler.
TEST(WriteAll, MakesAScriptThatRunsFromAnyFolder) {
  const fs::path folder = empty_folder() / "with space";
  ASSERT_TRUE(write_all(folder, example_result(), command(), {}).ok());
  fs::create_directories(folder / "bin");
  ASSERT_TRUE(
      write_file(folder / "bin" / "atc", "#!/bin/sh\nbasename \"$PWD\"\nprintf '[%s]\\n' \"$@\"\n")
          .ok());
  fs::permissions(folder / "bin" / "atc", fs::perms::owner_all);
  EXPECT_EQ(output_of("cd / && PATH=\"" + (folder / "bin").string() + ":$PATH\" '" +
                      (folder / "atc.sh").string() + "' --log=debug 'a b'"),
            "with space\n"
            "[--model=/models/net it.onnx]\n"
            "[--framework=5]\n"
            "[--output=net it]\n"
            "[--soc_version=Ascend310P3]\n"
            "[--input_shape=x:1,3;y:2]\n"
            "[--precision_mode=force_fp16]\n"
            "[--keep_dtype=execeptionlist.cfg]\n"
            "[--op_compiler_cache_mode=disable]\n"
            "[--log=error]\n"
            "[--log=debug]\n"
            "[a b]\n");
}

}  // namespace
}  // namespace keel::report
