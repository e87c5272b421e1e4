#include "compiler/lint/decode.h"

#include <gtest/gtest.h>

namespace keel::lint {
namespace {

using namespace std::string_literals;

TEST(Decode, TakesOffAMark) {
  EXPECT_EQ(decode("\xEF\xBB\xBF"
                   "a")
                .text,
            "a");
  EXPECT_EQ(decode("\xEF\xBB\xBF"
                   "a")
                .encoding,
            Encoding::Utf8WithMark);
  EXPECT_EQ(decode("a\xEF\xBB\xBF").text, "a\xEF\xBB\xBF") << "it is one at the start only";
}

TEST(Decode, LeavesOtherBytesAsTheyAre) {
  EXPECT_EQ(decode("a\xFC\0b"s).text, "a\xFC\0b"s);
  EXPECT_EQ(decode("").text, "");
  EXPECT_EQ(decode("").encoding, Encoding::Utf8);
}

TEST(Decode, TurnsUtf16IntoUtf8) {
  // a, u with diaeresis, the character 5C42, a musical symbol of two units
  const std::string expected = "a\xC3\xBC\xE5\xB1\x82\xF0\x9D\x84\x9E";
  EXPECT_EQ(decode("\xFF\xFE"
                   "a\0\xFC\0\x42\x5C\x34\xD8\x1E\xDD"s)
                .text,
            expected);
  EXPECT_EQ(decode("\xFE\xFF"
                   "\0a\0\xFC\x5C\x42\xD8\x34\xDD\x1E"s)
                .text,
            expected);
  EXPECT_EQ(decode("\xFE\xFF\0a"s).encoding, Encoding::Utf16);
}

TEST(Decode, ReplacesHalfAPair) {
  EXPECT_EQ(decode("\xFE\xFF\xD8\x34\0a"s).text,
            "\xEF\xBF\xBD"
            "a");
  EXPECT_EQ(decode("\xFE\xFF\xD8\x34"s).text, "\xEF\xBF\xBD");
  EXPECT_EQ(decode("\xFE\xFF\0a\xD8"s).text, "a") << "half a unit is dropped";
}

TEST(IsUtf8, AcceptsWhatTheStandardAccepts) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("a\xC3\xBC\xE5\xB1\x82\xF0\x9D\x84\x9E"));
  for (const std::string bad : {"\xFC", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                                "\xF5\x80\x80\x80", "\x80", "\xE5\xB1"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

}  // namespace
}  // namespace keel::lint
