#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "compiler/base/error_text.h"
#include "compiler/ir/text.h"
#include "tests/places/places.h"
#include "tests/support/process.h"
#include "tests/support/tiny_model.h"

namespace keel::test {
namespace {

const std::vector<std::string> kPasses = {
    "fold-constants",      "eliminate-identity", "fold-batch-norm", "fuse-bias",
    "eliminate-dead-code", "fuse-activation",    "fuse-layer-norm", "form-units",
    "choose-dtypes",       "insert-casts",       "fuse-elementwise"};

class Compile : public testing::Test {
 protected:
  Compile() { write_tiny_model(folder_ / "tiny", 24); }

  Finished compile(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"compile", "--model", folder_ / "tiny/model.onnx"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  TemporaryFolder folder_;
};

// The graphs of a print_after=all, by pass, in order.
std::vector<std::pair<std::string, std::string>> sections(const std::string& text) {
  const std::string mark = "# after ";
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t at = text.find(mark); at != std::string::npos;) {
    const std::size_t line_end = text.find('\n', at);
    const std::size_t next = text.find("\n" + mark, line_end);
    const std::size_t end = next == std::string::npos ? text.size() : next + 1;
    found.emplace_back(text.substr(at + mark.size(), line_end - at - mark.size()),
                       text.substr(line_end + 1, end - line_end - 1));
    at = next == std::string::npos ? next : next + 1;
  }
  return found;
}

void expect_parses_back(const std::string& text, const std::string& pass) {
  const Result<ir::Graph> graph = ir::parse(text);
  ASSERT_TRUE(graph.ok()) << pass << ": " << to_text(graph.error());
  EXPECT_TRUE(graph->verify().ok()) << pass;
  EXPECT_EQ(ir::print(*graph), text) << pass;
}

TEST_F(Compile, PrintsTheGraphAfterEveryPassAndEachParsesBack) {
  const Finished all = compile({"--print_after", "all"});
  ASSERT_EQ(all.exit_code, 0) << all.err;
  std::vector<std::string> passes;
  for (const auto& [pass, text] : sections(all.out)) {
    passes.push_back(pass);
    expect_parses_back(text, pass);
    const Finished one = compile({"--print_after=" + pass});
    ASSERT_EQ(one.exit_code, 0) << one.err;
    EXPECT_EQ(one.out, "# after " + pass + "\n" + text);
    EXPECT_TRUE(ir::parse(one.out).ok());
  }
  EXPECT_EQ(passes, kPasses);
}

TEST_F(Compile, PrintsTheDemonstrationModelSoThatItParsesBack) {
  const Finished run = run_keel({"compile", "--model", source_folder() / "demo/model.onnx",
                                 "--print_after", "fuse-elementwise"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  expect_parses_back(run.out.substr(run.out.find('\n') + 1), "fuse-elementwise");
}

TEST_F(Compile, ShowsWhatAKeepListChanges) {
  write_text(folder_ / "keep.cfg", "log\n");
  const auto line_of = [&](const std::vector<std::string>& more, const std::string& value) {
    std::vector<std::string> arguments = {"--print_after", "choose-dtypes", "--largest_constant",
                                          "1"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const std::string text = compile(arguments).out;
    const std::size_t at = text.find("\n" + value + ": ");
    return text.substr(at + 1, text.find('=', at) - at - 2);
  };
  EXPECT_EQ(line_of({}, "log"), "log: f16[1,32]");
  EXPECT_EQ(line_of({"--keep_dtype", folder_ / "keep.cfg"}, "log"), "log: f32[1,32]");
}

TEST_F(Compile, IsDeterministic) {
  EXPECT_EQ(compile({"--print_after", "all"}).out, compile({"--print_after", "all"}).out);
  EXPECT_EQ(compile({}).out, compile({}).out);
}

TEST_F(Compile, ElidesLargeConstants) {
  const std::string whole = compile({"--print_after", "insert-casts"}).out;
  const std::string elided =
      compile({"--print_after", "insert-casts", "--largest_constant", "4"}).out;
  EXPECT_LT(elided.size(), whole.size() / 5);
  EXPECT_NE(elided.find("constant digest("), std::string::npos);
  EXPECT_FALSE(ir::parse(elided).ok());
}

TEST_F(Compile, ListsThePassesWhereOneIsUnknown) {
  const Finished run = compile({"--print_after", "insert-cast"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_EQ(run.err,
            "error: there is no pass 'insert-cast'\n   at: --print_after\n"
            "  fix: use 'insert-casts' (nearest name), or one of all, fold-constants, "
            "eliminate-identity, fold-batch-norm, fuse-bias, eliminate-dead-code, "
            "fuse-activation, fuse-layer-norm, form-units, choose-dtypes, insert-casts, "
            "fuse-elementwise\n");
}

TEST_F(Compile, SummarisesTheKernelsWithoutAPass) {
  const Finished run = compile({});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, run_keel({"profile", "--model", folder_ / "tiny/model.onnx"}).out);
  EXPECT_NE(run.out.find("casts inserted"), std::string::npos) << run.out;
}

}  // namespace
}  // namespace keel::test
