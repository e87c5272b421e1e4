#include "profiler/accuracy/labels.h"

#include <gtest/gtest.h>

#include "tests/profiler/accuracy/data_folder.h"

namespace keel::accuracy {
namespace {

class Labels : public test::DataFolder {
 protected:
  Result<std::vector<std::int64_t>> read(std::string_view text, std::size_t samples) const {
    return read_labels(put("labels.json", text), samples);
  }
  std::string error(std::string_view text, std::size_t samples = 2) const {
    return error_of(read(text, samples));
  }
};

TEST_F(Labels, AreAnArrayOrUnderAKey) {
  const std::vector<std::int64_t> expected = {3, 0};
  EXPECT_EQ(*read("[3, 0]", 2), expected);
  EXPECT_EQ(*read(R"({"classes": ["cat"], "labels": [3, 0]})", 2), expected);
}

TEST_F(Labels, MustBeOneASample) {
  EXPECT_EQ(error("[3, 0, 1]"),
            "error: 3 labels for 2 samples\n"
            "   at: FOLDER/labels.json\n"
            "  fix: write one label a sample, in the order of the samples' names");
  EXPECT_EQ(error("[]", 1),
            "error: 0 labels for 1 sample\n"
            "   at: FOLDER/labels.json\n"
            "  fix: write one label a sample, in the order of the samples' names");
}

TEST_F(Labels, MustBeJson) {
  EXPECT_EQ(error("[3,\n0,\n"),
            "error: labels are not JSON\n"
            "   at: FOLDER/labels.json:3\n"
            "  fix: write an array of class indices, such as [3, 0, 7]");
  EXPECT_EQ(error(""),
            "error: labels are not JSON\n"
            "   at: FOLDER/labels.json:1\n"
            "  fix: write an array of class indices, such as [3, 0, 7]");
}

TEST_F(Labels, MustBeClassIndices) {
  const auto what = [&](std::string_view text) { return read(text, 2).error().what; };
  EXPECT_EQ(error("[3, \"cat\"]"),
            "error: label 1 is \"cat\", not a class index (an integer, 0 or more)\n"
            "   at: FOLDER/labels.json\n"
            "  fix: write an array of class indices, such as [3, 0, 7]");
  EXPECT_EQ(what("[-1, 2]"), "label 0 is -1, not a class index (an integer, 0 or more)");
  EXPECT_EQ(what("[1, 2.5]"), "label 1 is 2.5, not a class index (an integer, 0 or more)");
  EXPECT_EQ(what("[1, [2]]"), "label 1 is an array, not a class index (an integer, 0 or more)");
  EXPECT_EQ(what("[18446744073709551615]"),
            "label 0 is 18446744073709551615, not a class index (an integer, 0 or more)");
}

TEST_F(Labels, MustBeAList) {
  const auto what = [&](std::string_view text) { return read(text, 2).error().what; };
  EXPECT_EQ(what("{\"classes\": []}"), "labels are an object without the key \"labels\"");
  EXPECT_EQ(what("{\"labels\": {\"000\": 3}}"),
            "labels are an object, not an array of class indices");
  EXPECT_EQ(what("7"), "labels are 7, not an array of class indices");
}

TEST_F(Labels, ShowLongOrBrokenTextShort) {
  EXPECT_EQ(read("[\"" + std::string(100, 'x') + "\"]", 1).error().what,
            "label 0 is \"" + std::string(39, 'x') + ", not a class index (an integer, 0 or more)");
  EXPECT_EQ(read("[\"\xff\"]", 1).error().what, "labels are not JSON");
}

TEST_F(Labels, FailWhereverTheFileIsCut) {
  const std::string whole = R"({"labels": [3, 10]})";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(read(std::string_view(whole).substr(0, size), 2).ok()) << size;
}

TEST_F(Labels, MayBeMissing) {
  const Result<std::vector<std::int64_t>> labels = read_labels(folder() / "none.json", 1);
  ASSERT_FALSE(labels.ok());
  EXPECT_EQ(labels.error().code, ErrorCode::NotReadable);
}

}  // namespace
}  // namespace keel::accuracy
