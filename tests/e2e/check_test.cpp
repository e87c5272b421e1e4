#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Check : public TuneFixture {
 protected:
  Finished check(const std::string& list, const std::vector<std::string>& more = {}) {
    write_text(folder_ / "keep.cfg", list);
    std::vector<std::string> arguments = {"check", "--model", folder_ / "tiny/model.onnx",
                                          "--keep_dtype", folder_ / "keep.cfg"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  // Paths of this machine's temporary folder are not part of an expected text.
  std::string without_folder(std::string text) const {
    const std::string folder = folder_ / "";
    for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder))
      text.erase(at, folder.size());
    return text;
  }
};

TEST_F(Check, IsSilentButForItsSummaryOnARightList) {
  const Finished run = check("log\nsquare\nroot\n");
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.err, "");
  const std::string text = without_folder(run.out);
  EXPECT_NE(text.find("keep.cfg: 0 errors, 0 warnings, "), std::string::npos) << text;
  EXPECT_NE(text.find("; 3 entries keep 3 of 15 nodes (force_fp16 on Ascend910B3)\n"),
            std::string::npos)
      << text;
}

TEST_F(Check, SaysWhereWhatAndHowToFixIt) {
  const Finished run = check("log\n# a comment\nOpType::MatMul\n");
  EXPECT_EQ(run.exit_code, 0) << "warnings only";
  const std::string text = without_folder(run.out);
  EXPECT_TRUE(text.starts_with(
      "keep.cfg:2: warning: the vendor compiler takes '# a comment' for a node name [comment]\n"
      "  fix: delete the line: a keep list has no comments\n"
      "keep.cfg:3: warning: keep entry 'OpType::MatMul' names an operator of ONNX, not a type of "
      "the NPU [onnx-type]\n"
      "  fix: use 'OpType::BatchMatMulV2', the type of the model's MatMul\n"))
      << text;
}

TEST_F(Check, ExitsWithTwoOnErrorsAndUnderStrictOnWarnings) {
  EXPECT_EQ(check("log\n", {"--strict"}).exit_code, 0);
  EXPECT_EQ(check("log\n# x\n").exit_code, 0);
  EXPECT_EQ(check("log\n# x\n", {"--strict"}).exit_code, 2);
  EXPECT_EQ(check("log\nlog\n", {"--strict"}).exit_code, 0) << "a note is no warning";
  EXPECT_EQ(check("log\nOpType::log\n").exit_code, 2);
}

TEST_F(Check, PrintsJsonAndCsvAloneOnStdout) {
  const std::string list = "log\nno\xFCne-like-it\n\"a,b\"\n";
  const Finished json = check(list, {"--format", "json", "--fix"});
  const Json parsed = Json::parse(json.out);
  ASSERT_EQ(parsed["summary"]["warnings"], 3);
  EXPECT_EQ(parsed["summary"]["entries"], 3);
  EXPECT_EQ(parsed["summary"]["kept_nodes"], 1);
  EXPECT_EQ(parsed["findings"][0]["code"], "invalid-utf-8");
  EXPECT_EQ(parsed["findings"][0]["line"], 2);
  EXPECT_EQ(parsed["findings"][0]["severity"], "warning");
  EXPECT_NE(json.err.find("0 errors, 3 warnings"), std::string::npos) << json.err;

  const Finished csv = check(list, {"--format", "csv"});
  EXPECT_TRUE(csv.out.starts_with("file,line,severity,code,what,fix\n")) << csv.out;
  EXPECT_NE(csv.out.find(",3,warning,unknown-name,\"keep entry '\"\"a,b\"\"' names no node of the "
                         "model\","),
            std::string::npos)
      << csv.out;
}

TEST_F(Check, FixWritesAListBesideTheOriginalThatIsClean) {
  const std::string list = "\xEF\xBB\xBF# logs\r\nLOG\r\nsquare \r\nsquare\r\nnot-there-at-all\r\n";
  const Finished run = check(list, {"--fix"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(read_text(folder_ / "keep.cfg"), list) << "never over the original";
  EXPECT_EQ(read_text(folder_ / "keep.fixed.cfg"), "log\nsquare\n");
  const std::string text = without_folder(run.out);
  EXPECT_NE(text.find("line 2: 'LOG' became 'log' (wrong-case)\n"), std::string::npos) << text;
  EXPECT_NE(text.find("the corrected list is keep.fixed.cfg\n"), std::string::npos) << text;

  const Finished again = check("log\nsquare\n", {"--fix", "--strict"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.out.find("nothing to correct by rule: no file was written\n"), std::string::npos)
      << again.out;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder_ / ""))
    if (entry.is_regular_file()) files.push_back(entry.path().filename());
  std::ranges::sort(files);
  EXPECT_EQ(files, (std::vector<std::string>{"keep.cfg", "keep.fixed.cfg"}));
}

TEST_F(Check, FollowsTheModeTheChipAndTheOtherFile) {
  EXPECT_NE(check("dense_1\n", {"--soc_version", "Ascend310P3"}).out.find("[cube-without-fp32]"),
            std::string::npos);
  EXPECT_NE(
      check("log\n", {"--precision_mode", "must_keep_origin_dtype"}).out.find("[mode-keeps-all]"),
      std::string::npos);
  write_text(folder_ / "custom.cfg", "log::InputDtype:float16\n");
  EXPECT_NE(check("log\n", {"--customize_dtypes", folder_ / "custom.cfg"}).out.find("[overridden]"),
            std::string::npos);
}

TEST_F(Check, ExplainsACode) {
  const Finished run = run_keel({"check", "--explain", "comment"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(run.out.starts_with("comment (warning)\nA keep list has no comments")) << run.out;
  EXPECT_NE(run.out.find("\nSource: the vendor compiler's code.\n"), std::string::npos) << run.out;
  EXPECT_EQ(run_keel({"check", "--explain", "nonsense"}).exit_code, 2);
}

TEST_F(Check, SaysWhatItNeeds) {
  const Finished nothing = run_keel({"check", "--model", folder_ / "tiny/model.onnx"});
  EXPECT_EQ(nothing.exit_code, 2);
  EXPECT_EQ(nothing.err,
            "error: --keep_dtype is missing\n   at: keel check\n"
            "  fix: give --model and --keep_dtype, or --explain\n");
  const Finished missing = run_keel(
      {"check", "--model", folder_ / "tiny/model.onnx", "--keep_dtype", folder_ / "none.cfg"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_EQ(without_folder(missing.err),
            "error: cannot open the file: No such file or directory\n   at: none.cfg\n"
            "  fix: check the path\n");
}

// What a tune says of the owner's list is what a check says of it.
TEST_F(Check, AndTuneHaveOneVoice) {
  write_text(folder_ / "keep.cfg", "log\n# x\nSquare\n");
  const Finished profile = run_keel(
      {"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype", folder_ / "keep.cfg"});
  for (const char* what : {"the vendor compiler takes '# x' for a node name",
                           "keep entry 'Square' names no node of the model: the model has it in "
                           "other case"}) {
    EXPECT_NE(profile.err.find(what), std::string::npos) << profile.err;
    EXPECT_NE(check("log\n# x\nSquare\n").out.find(what), std::string::npos);
  }
  write_text(folder_ / "keep.cfg", "log\nOpType::log\n");
  EXPECT_EQ(run_keel({"profile", "--model", folder_ / "tiny/model.onnx", "--keep_dtype",
                      folder_ / "keep.cfg"})
                .exit_code,
            2);
}

}  // namespace
}  // namespace keel::test
