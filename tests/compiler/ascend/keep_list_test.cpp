#include "compiler/ascend/keep_list.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "compiler/base/error_text.h"
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

Result<KeepList> parse(std::string_view text) {
  return parse_keep_list(text, "keep.cfg", kModel, table());
}

/// "3: name -> 0 2" per entry, then every warning as the command line prints it.
std::string shown(const KeepList& list) {
  std::string text = "\n";
  for (const KeepEntry& entry : list.entries) {
    text += std::to_string(entry.line) + ": " + entry.text + " ->";
    for (const ir::OriginId id : entry.nodes) text += " " + std::to_string(ir::index(id));
    text += "\n";
  }
  for (const Error& warning : list.warnings) text += to_text(warning) + "\n";
  return text;
}

std::string shown(std::string_view text) {
  const Result<KeepList> list = parse(text);
  return list.ok() ? shown(*list) : to_text(list.error());
}

TEST(KeepList, NamesNodesAndTypes) {
  EXPECT_EQ(shown("resnet/conv1/Relu\nOpType::Conv2D\nhead/fc"), R"(
1: resnet/conv1/Relu -> 1
2: OpType::Conv2D -> 0 2
3: head/fc -> 5
)");
}

TEST(KeepList, KeepsEachNodeOnceInOrder) {
  const Result<KeepList> list = parse("head/fc\nOpType::Conv2D\nresnet/conv1/Conv\nhead/fc\n");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->nodes(), (std::vector{ir::OriginId{0}, ir::OriginId{2}, ir::OriginId{5}}));
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

TEST(KeepList, ReportsAnEntryThatMatchesNothing) {
  EXPECT_EQ(shown("\nconv1/Relu\n"), R"(
2: conv1/Relu ->
error: keep entry 'conv1/Relu' names no node of the model
   at: keep.cfg:2
  fix: use 'resnet/conv1/Relu' (nearest name), or 'OpType::Relu' for every Relu
)");
}

TEST(KeepList, ReportsANameInTheWrongCase) {
  EXPECT_EQ(shown("Head/FC"), R"(
1: Head/FC ->
error: keep entry 'Head/FC' names no node of the model
   at: keep.cfg:1
  fix: use 'head/fc' (nearest name), or 'OpType::MatMulV2' for every MatMulV2
)");
}

TEST(KeepList, ReportsATypeWithoutItsPrefix) {
  EXPECT_EQ(shown("Relu\nMaxPool\n"), R"(
1: Relu ->
2: MaxPool ->
error: keep entry 'Relu' names no node of the model
   at: keep.cfg:1
  fix: use 'OpType::Relu' for every Relu
error: keep entry 'MaxPool' names no node of the model
   at: keep.cfg:2
  fix: use 'OpType::MaxPoolV3' for every MaxPoolV3
)");
}

TEST(KeepList, ReportsAnEntryThatResemblesNothing) {
  EXPECT_EQ(shown("zzzzzzzzzzzzzzzzz"), R"(
1: zzzzzzzzzzzzzzzzz ->
error: keep entry 'zzzzzzzzzzzzzzzzz' names no node of the model
   at: keep.cfg:1
  fix: correct the name, or delete the line
)");
}

TEST(KeepList, ReportsAnUnknownType) {
  EXPECT_EQ(shown("OpType::InstanceNorms\nOpType::Zzzzzzzzzzzzzzz"), R"(
1: OpType::InstanceNorms ->
2: OpType::Zzzzzzzzzzzzzzz ->
error: keep entry 'OpType::InstanceNorms' names no known Ascend type
   at: keep.cfg:1
  fix: use 'OpType::InstanceNorm' (nearest type)
error: keep entry 'OpType::Zzzzzzzzzzzzzzz' names no known Ascend type
   at: keep.cfg:2
  fix: correct the type, or delete the line
)");
}

TEST(KeepList, ReportsAnOnnxOperatorWrittenAsAType) {
  EXPECT_EQ(shown("OpType::Conv\nOpType::Softmax"), R"(
1: OpType::Conv ->
2: OpType::Softmax ->
error: keep entry 'OpType::Conv' names no known Ascend type
   at: keep.cfg:1
  fix: use 'OpType::Conv2D', the type of the model's Conv
error: keep entry 'OpType::Softmax' names no known Ascend type
   at: keep.cfg:2
  fix: use 'OpType::SoftmaxV2', the type of the model's Softmax
)");
}

TEST(KeepList, ReportsATypeTheModelDoesNotHave) {
  EXPECT_EQ(shown("OpType::MaxPool\nOpType::LayerNorm"), R"(
1: OpType::MaxPool ->
2: OpType::LayerNorm ->
error: keep entry 'OpType::MaxPool' names no node of the model
   at: keep.cfg:1
  fix: use 'OpType::MaxPoolV3', the type of the model's MaxPool
error: keep entry 'OpType::LayerNorm' names no node of the model
   at: keep.cfg:2
  fix: delete the line
)");
}

TEST(KeepList, ReportsAnIndentedType) {
  EXPECT_EQ(shown("  OpType::Relu"), R"(
1: OpType::Relu ->
error: keep entry 'OpType::Relu' is indented: the vendor compiler takes it for a node name
   at: keep.cfg:1
  fix: delete the blanks before 'OpType::'
)");
}

TEST(KeepList, ReportsAComment) {
  EXPECT_EQ(shown("# nodes\n  # more\nhead/fc"), R"(
3: head/fc -> 5
error: the vendor compiler takes '# nodes' for a node name
   at: keep.cfg:1
  fix: delete the line: a keep list has no comments
error: the vendor compiler takes '# more' for a node name
   at: keep.cfg:2
  fix: delete the line: a keep list has no comments
)");
}

TEST(KeepList, ReportsALineOfBlanks) {
  EXPECT_EQ(shown("head/fc\n \t\n"), R"(
1: head/fc -> 5
error: the vendor compiler takes a line of blanks for a node with an empty name
   at: keep.cfg:2
  fix: delete the blanks
)");
}

TEST(KeepList, ReportsAByteOrderMark) {
  EXPECT_EQ(shown("\xEF\xBB\xBFOpType::Relu\n"), R"(
1: OpType::Relu -> 1 3
error: the vendor compiler takes the byte order mark for part of the first name
   at: keep.cfg:1
  fix: save the file as UTF-8 without a byte order mark
)");
}

TEST(KeepList, RefusesATypeThatIsNotPascalCase) {
  EXPECT_EQ(
      shown("head/fc\nOpType::relu"),
      R"(error: keep entry 'OpType::relu' has a type that is not PascalCase, which the vendor compiler refuses
   at: keep.cfg:2
  fix: use 'OpType::Relu' or 'OpType::PRelu' (nearest type))");
  for (const std::string type : {"", " Relu", "softmax_v2", "Relu*", "2D"}) {
    const Result<KeepList> list = parse("OpType::" + type);
    ASSERT_FALSE(list.ok()) << type;
    EXPECT_EQ(list.error().code, ErrorCode::InvalidConfig);
  }
}

TEST(KeepList, ReportsAMissingFile) {
  const Result<KeepList> list = read_keep_list("/no/such/keep.cfg", kModel, table());
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().code, ErrorCode::NotReadable);
  EXPECT_EQ(to_text(list.error()), R"(error: cannot open the file: No such file or directory
   at: /no/such/keep.cfg
  fix: check the path)");
}

TEST(KeepList, ReadsAFileAndNamesItInWarnings) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "keep_list.cfg";
  std::ofstream(path) << "head/fc\nnothing-like-it\n";
  const Result<KeepList> list = read_keep_list(path, kModel, table());
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->nodes(), std::vector{ir::OriginId{5}});
  ASSERT_EQ(list->warnings.size(), 1u);
  EXPECT_EQ(list->warnings[0].where, path.string() + ":2");
}

TEST(KeepList, SuggestsNamesForTheFirstEntriesOnly) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "resnet/conv3/Relu\n";
  const Result<KeepList> list = parse(text);
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->warnings.size(), 30u);
  EXPECT_NE(list->warnings[19].fix.find("nearest name"), std::string::npos);
  EXPECT_EQ(list->warnings[29].fix, "correct the name, or delete the line");
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
    const Result<KeepList> list = parse(keep_list_text(names));
    ASSERT_TRUE(list.ok());
    EXPECT_TRUE(list->warnings.empty());
    EXPECT_EQ(list->nodes(), kept);
  }
}

TEST(KeepList, AccountsForEveryLineOfAnyText) {
  const std::vector<std::string> pieces = {
      "\n", "\r\n", " ", "#", "OpType::", "Relu", "\t", "head/fc", "\xEF\xBB\xBF", "Conv2D", "x"};
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Rng rng(seed);
    std::string text;
    for (std::uint64_t i = rng.below(12); i > 0; --i) text += pieces[rng.below(pieces.size())];

    const Result<KeepList> list = parse(text);
    if (!list.ok()) {
      EXPECT_NE(list.error().what.find("PascalCase"), std::string::npos) << text;
      continue;
    }

    const auto lines = std::ranges::count(text, '\n') + 1;
    for (const KeepEntry& entry : list->entries) {
      EXPECT_GE(entry.line, 1);
      EXPECT_LE(entry.line, lines);
      EXPECT_NE(text.find(entry.text), std::string::npos);
      EXPECT_TRUE(std::ranges::is_sorted(entry.nodes));
      const std::string where = "keep.cfg:" + std::to_string(entry.line);
      const bool warned = std::ranges::any_of(list->warnings, [&](const Error& warning) {
        return warning.where == where && warning.what.find(entry.text) != std::string::npos;
      });
      EXPECT_EQ(entry.nodes.empty(), warned) << text;
    }
  }
}

TEST(KeepList, KeepsTheSameNodesWhateverTheLineEndings) {
  const std::string unix_text = "head/fc\nOpType::Relu\n\nresnet/pool\n";
  std::string dos_text;
  for (const char c : unix_text) dos_text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Result<KeepList> dos = parse(dos_text);
  ASSERT_TRUE(dos.ok());
  EXPECT_EQ(shown(*dos), shown(unix_text));
}

}  // namespace
}  // namespace keel::ascend
