#include <fstream>

#include "compiler/base/file.h"
#include "tests/tuner/study/study_fixture.h"
#include "tuner/study/mark.h"

namespace keel::study {
namespace {

constexpr Mark kMark{17, {0x0123456789abcdefU, 0x00000000000000ffU}};
constexpr const char* kText =
    "keel study mark 1\ntrials 17\nchain 0123456789abcdef00000000000000ff\n";

TEST(Mark, IsWrittenAsText) {
  const std::filesystem::path path = empty_folder() / "study.mark";
  ASSERT_TRUE(write_mark(path, kMark).ok());
  EXPECT_EQ(*read_file(path), kText);
  const Result<std::optional<Mark>> back = read_mark(path);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, kMark);
}

TEST(Mark, IsEmptyWithoutAFile) {
  const Result<std::optional<Mark>> none = read_mark(empty_folder() / "study.mark");
  ASSERT_TRUE(none.ok());
  EXPECT_FALSE(none->has_value());
}

TEST(Mark, RefusesAFileCutAnywhere) {
  const std::filesystem::path path = empty_folder() / "study.mark";
  const std::string text = kText;
  for (std::size_t length = 0; length < text.size(); ++length) {
    std::ofstream(path, std::ios::binary) << text.substr(0, length);
    const Result<std::optional<Mark>> mark = read_mark(path);
    ASSERT_FALSE(mark.ok()) << length;
    EXPECT_EQ(mark.error().code, ErrorCode::StudyCorrupt);
  }
}

TEST(Mark, ReadsNothingElseAsTheSameMark) {
  const std::filesystem::path path = empty_folder() / "study.mark";
  const std::string text = kText;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'0', '9', 'a', 'F', ' ', '\n', '\0', '-'}) {
      if (text[i] == c) continue;
      std::string changed = text;
      changed[i] = c;
      std::ofstream(path, std::ios::binary) << changed;
      const Result<std::optional<Mark>> mark = read_mark(path);
      EXPECT_TRUE(!mark.ok() || *mark != kMark) << i << " " << c;
    }
  }
}

TEST(Mark, NamesTheDamagedFile) {
  const std::filesystem::path path = empty_folder() / "study.mark";
  std::ofstream(path) << "17\n";
  const Result<std::optional<Mark>> mark = read_mark(path);
  ASSERT_FALSE(mark.ok());
  EXPECT_EQ(to_text(mark.error()),
            "error: the study's mark is damaged\n   at: " + path.string() +
                "\n  fix: restore the folder from a copy, or choose another output folder");
}

}  // namespace
}  // namespace keel::study
