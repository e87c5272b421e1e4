#include <filesystem>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class VendorCommandLine : public TuneFixture {
 protected:
  // A command on the tiny model that fails nowhere else.
  std::vector<std::string> arguments(const std::string& command) const {
    std::vector<std::string> list = {command, "--model=" + (folder_ / "tiny/model.onnx")};
    if (command == "tune" || command == "run")
      list.insert(list.end(), {"--data", folder_ / "tiny/samples", "--output", folder_ / command});
    if (command == "tune") list.insert(list.end(), {"--max_trials", "3"});
    return list;
  }

  Finished with(const std::string& command, const std::vector<std::string>& more) const {
    std::vector<std::string> list = arguments(command);
    list.insert(list.end(), more.begin(), more.end());
    return run_keel(list);
  }
};

const std::vector<std::string> kCommandsWithAModel = {"tune", "run", "inspect", "profile",
                                                      "compile"};

TEST_F(VendorCommandLine, MayBePastedBehindEveryCommandThatTakesAModel) {
  for (const std::string& command : kCommandsWithAModel) {
    const Finished run =
        with(command, {"--framework=5", "--soc_version=Ascend310P3", "--input_shape", "x:1,32",
                       "--input_format=ND", "--job_type", "2", "--precision_mode=force_fp16"});
    EXPECT_LE(run.exit_code, 1) << command << ": " << run.err;
    EXPECT_EQ(run.err.rfind("note: options that keel does not read; for atc, in the atc.sh that "
                            "keel tune writes: --input_format=ND; not used: --framework=5 "
                            "--job_type=2\n",
                            0),
              0U)
        << command << ": " << run.err;
  }
}

TEST_F(VendorCommandLine, MayNameAnOutputWhereKeelWritesNothing) {
  EXPECT_EQ(with("profile", {"--output=out/model", "--device=0"}).exit_code, 0);
}

TEST_F(VendorCommandLine, IsRefusedWhereItWouldChangeTheNumbers) {
  for (const std::string& command : kCommandsWithAModel)
    for (const char* option : {"--framework=3", "--output_type=FP16", "--dynamic_dims=1;2"}) {
      const Finished run = with(command, {option});
      EXPECT_EQ(run.exit_code, 2) << command << " " << option;
      EXPECT_EQ(run.err.rfind("error: keel cannot evaluate --", 0), 0U) << run.err;
      EXPECT_EQ(run.out, "");
    }
}

TEST_F(VendorCommandLine, NamesTheNearestOptionWhereOneIsUnknown) {
  for (const std::string& command : kCommandsWithAModel) {
    const Finished run = with(command, {"--insert_op_config=a.cfg"});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_NE(run.err.find("keel " + command + " has no option '--insert_op_config'"),
              std::string::npos)
        << run.err;
    EXPECT_NE(run.err.find("use '--insert_op_conf'"), std::string::npos) << run.err;
  }
}

TEST_F(VendorCommandLine, DoesNotTakeAChipNumberForAKindOfDevice) {
  const Finished run = with("tune", {"--device", "0"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_NE(run.err.find("'0' is a chip number, as aoe takes"), std::string::npos) << run.err;
}

TEST_F(VendorCommandLine, ReachesAtcShAndIsNoPartOfTheQuestion) {
  ASSERT_EQ(with("tune", {"--insert_op_conf", folder_ / "aipp.cfg", "--log=info", "--framework=5",
                          "--job_type=1"})
                .exit_code,
            0);
  const std::string script = text_of("tune", "atc.sh");
  for (const std::string& line : {"--insert_op_conf=" + (folder_ / "aipp.cfg"),
                                  std::string("--log=info"), std::string("--framework=5")})
    EXPECT_NE(script.find("\n  " + line + " \\\n"), std::string::npos) << line << " in " << script;
  for (const char* absent : {"job_type", "--log=error"})
    EXPECT_EQ(script.find(absent), std::string::npos) << script;

  const std::string result = text_of("tune", "result.json");
  const Finished resumed = with("tune", {"--enable_small_channel=1"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(text_of("tune", "result.json"), result);
  EXPECT_NE(text_of("tune", "atc.sh").find("--enable_small_channel=1"), std::string::npos);
  EXPECT_EQ(text_of("tune", "atc.sh").find("--insert_op_conf"), std::string::npos);
}

}  // namespace
}  // namespace keel::test
