#include "compiler/ascend/keep_list.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/base/random.h"
#include "tests/places/places.h"

namespace keel::ascend {
namespace {

const std::vector<ir::Origin> kModel = {
    {"resnet/conv1/Conv", "Conv"},  // 0
    {"resnet/conv1/Relu", "Relu"},  // 1
    {"resnet/conv2/Conv", "Conv"},  // 2
    {"resnet/conv2/Relu", "Relu"},  // 3
    {"resnet/pool", "MaxPool"},     // 4
    {"head/fc", "Gemm"},            // 5
    {"head/scores", "Softmax"},     // 6
    {"head/Add", "Add"},            // 7
};

const OpTable& table() {
  static const OpTable shipped = [] {
    Result<OpTable> result = OpTable::load(keel::test::source_folder() / "configs");
    KEEL_CHECK(result.ok());
    return *std::move(result);
  }();
  return shipped;
}

KeepList parse(std::string_view text) { return parse_keep_list(text, kModel, table()); }

/// "3: name -> 0 2" per entry.
std::string shown(const KeepList& list) {
  std::string text = "\n";
  for (const KeepEntry& entry : list.entries) {
    text += std::to_string(entry.line) + ": " + entry.text + " ->";
    for (const ir::OriginId id : entry.nodes) text += " " + std::to_string(ir::index(id));
    text += "\n";
  }
  return text;
}

std::string shown(std::string_view text) { return shown(parse(text)); }

TEST(KeepList, NamesNodesAndTypes) {
  EXPECT_EQ(shown("resnet/conv1/Relu\nOpType::Conv2D\nhead/fc"), R"(
1: resnet/conv1/Relu -> 1
2: OpType::Conv2D -> 0 2
3: head/fc -> 5
)");
}

TEST(KeepList, KeepsEachNodeOnceInOrder) {
  const KeepList list = parse("head/fc\nOpType::Conv2D\nresnet/conv1/Conv\nhead/fc\n");
  EXPECT_EQ(list.nodes(), (std::vector{ir::OriginId{0}, ir::OriginId{2}, ir::OriginId{5}}));
}

TEST(KeepList, MatchesATypeThatANodeIsExpandedInto) {
  EXPECT_EQ(shown("OpType::MaxPoolV3\nOpType::MaxPool3D\nOpType::Add\n"), R"(
1: OpType::MaxPoolV3 -> 4
2: OpType::MaxPool3D -> 4
3: OpType::Add -> 5 7
)");
}

TEST(KeepList, SkipsEmptyLinesAndTrimsOthers) {
  EXPECT_EQ(shown("\r\n\n  head/fc\t\r\nOpType::Relu  \r\n"), R"(
3: head/fc -> 5
4: OpType::Relu -> 1 3
)");
}

TEST(KeepList, MayBeEmpty) {
  EXPECT_EQ(shown(""), "\n");
  EXPECT_EQ(shown("\n\n"), "\n");
}

TEST(KeepList, MatchesExactly) {
  EXPECT_EQ(shown("Head/FC\nconv1/Relu\nRelu\nOpType::Conv\nOpType::relu\nresnet/*\n"), R"(
1: Head/FC ->
2: conv1/Relu ->
3: Relu ->
4: OpType::Conv ->
5: OpType::relu ->
6: resnet/* ->
)");
}

TEST(KeepList, TellsTheFormsOfLinesApart) {
  const std::vector<EntryForm> expected = {EntryForm::Name, EntryForm::Type,
                                           EntryForm::IndentedType, EntryForm::Comment,
                                           EntryForm::Blank};
  const KeepList list = parse("head/fc\nOpType::Relu\n  OpType::Relu\n # more\n \t\n");
  ASSERT_EQ(list.entries.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(list.entries[i].form, expected[i]);
    EXPECT_EQ(list.entries[i].nodes.empty(), i > 1) << "the vendor's compiler finds nothing";
  }
  EXPECT_EQ(list.entries[3].raw, " # more");
  EXPECT_EQ(list.entries[3].text, "# more");
  EXPECT_EQ(type_of(list.entries[1]), "Relu");
  EXPECT_EQ(type_of(list.entries[2]), "Relu");
}

TEST(KeepList, ReadsBackWhatItWrites) {
  EXPECT_EQ(keep_list_text({}), "");
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Rng rng(seed);
    std::vector<std::string> names;
    std::vector<ir::OriginId> kept;
    for (std::size_t i = 0; i < kModel.size(); ++i) {
      if (rng.below(2) == 0) continue;
      names.push_back(kModel[i].name);
      kept.push_back(ir::OriginId{static_cast<std::uint32_t>(i)});
    }
    const KeepList list = parse(keep_list_text(names));
    EXPECT_EQ(list.entries.size(), names.size());
    EXPECT_EQ(list.nodes(), kept);
  }
}

TEST(KeepList, AccountsForEveryLineOfAnyText) {
  const std::vector<std::string> pieces = {
      "\n", "\r\n", " ", "#", "OpType::", "Relu", "\t", "head/fc", "\xEF\xBB\xBF", "Conv2D", "x"};
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    std::string text;
    for (std::uint64_t i = rng.below(12); i > 0; --i) text += pieces[rng.below(pieces.size())];

    const KeepList list = parse(text);
    const auto lines = std::ranges::count(text, '\n') + 1;
    int last = 0;
    for (const KeepEntry& entry : list.entries) {
      EXPECT_GT(entry.line, last);
      EXPECT_LE(entry.line, lines);
      last = entry.line;
      EXPECT_NE(text.find(entry.raw), std::string::npos);
      EXPECT_EQ(entry.text, trimmed(entry.raw));
      EXPECT_TRUE(std::ranges::is_sorted(entry.nodes));
    }
  }
}

TEST(KeepList, KeepsTheSameNodesWhateverTheLineEndings) {
  const std::string unix_text = "head/fc\nOpType::Relu\n\nresnet/pool\n";
  std::string dos_text;
  for (const char c : unix_text) dos_text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(shown(dos_text), shown(unix_text));
}

}  // namespace
}  // namespace keel::ascend
