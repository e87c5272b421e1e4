#include <gtest/gtest.h>

#include "compiler/base/error_text.h"
#include "tuner/report/compiler_command.h"
#include "tuner/report/report.h"

namespace keel::report {
namespace {

CompilerCommand command() {
  CompilerCommand made{"/models/net.onnx", "x:1,3;y:2", "Ascend310P3", "force_fp16", "10"};
  made.evaluated_files = {{"modify_mixlist", "/lists/mix.json"}};
  made.passed_on = {{"input_format", "ND"}, {"log", "info"}};
  return made;
}

TEST(CompilerCommand, ComesBackFromItsRecord) {
  const Result<CompilerCommand> back = compiler_command_of(to_record(command()));
  ASSERT_TRUE(back.ok()) << to_text(back.error());
  EXPECT_EQ(atc_script(*back), atc_script(command()));
  EXPECT_NE(atc_script(*back).find("--input_format=ND"), std::string::npos);
  EXPECT_NE(atc_script(*back).find("--modify_mixlist=/lists/mix.json"), std::string::npos);
}

TEST(CompilerCommand, KeepsTheOwnersLayout) {
  CompilerCommand with = command();
  with.owners_layout = {"perm_1", "perm_2"};
  const Result<CompilerCommand> back = compiler_command_of(to_record(with));
  ASSERT_TRUE(back.ok()) << to_text(back.error());
  EXPECT_EQ(back->owners_layout, with.owners_layout);
}

TEST(CompilerCommand, KeepsTheReleaseOfCann) {
  EXPECT_EQ(compiler_command_of(to_record(command()))->cann, ascend::Cann::V8);
  CompilerCommand nine = command();
  nine.cann = ascend::Cann::V9;
  const Result<CompilerCommand> back = compiler_command_of(to_record(nine));
  ASSERT_TRUE(back.ok()) << to_text(back.error());
  EXPECT_EQ(back->cann, ascend::Cann::V9);
  EXPECT_EQ(*cann_of(to_record(nine)), ascend::Cann::V9);
  EXPECT_EQ(*cann_of({}), ascend::Cann::V8);
}

TEST(CompilerCommand, IsDamagedByAReleaseOfCannNobodyKnows) {
  study::Command record = to_record(command());
  record.emplace_back("cann", "7");
  const Result<CompilerCommand> back = compiler_command_of(record);
  ASSERT_FALSE(back.ok());
  EXPECT_EQ(back.error().code, ErrorCode::StudyCorrupt);
  EXPECT_EQ(back.error().what, "the compiler command of the study is for CANN '7'");
}

TEST(CompilerCommand, IsDamagedWithoutAnyOneOfItsEntries) {
  const study::Command whole = to_record(command());
  for (std::size_t i = 0;
       i < whole.size() - command().passed_on.size() - command().evaluated_files.size(); ++i) {
    study::Command part = whole;
    part.erase(part.begin() + static_cast<std::ptrdiff_t>(i));
    const Result<CompilerCommand> back = compiler_command_of(part);
    ASSERT_FALSE(back.ok()) << whole[i].first;
    EXPECT_EQ(back.error().code, ErrorCode::StudyCorrupt);
    EXPECT_NE(back.error().what.find(whole[i].first), std::string::npos) << back.error().what;
  }
}

TEST(CompilerCommand, IsDamagedWithAnEntryNobodyKnows) {
  study::Command more = to_record(command());
  more.emplace_back("color", "red");
  EXPECT_FALSE(compiler_command_of(more).ok());
}

}  // namespace
}  // namespace keel::report
