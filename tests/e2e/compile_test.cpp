#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
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
    "fold-constants",      "eliminate-identity", "fold-batch-norm",  "fuse-bias",
    "eliminate-dead-code", "fuse-activation",    "fuse-layer-norm",  "form-units",
    "choose-dtypes",       "insert-casts",       "fuse-elementwise", "fuse-transpose"};

using Json = nlohmann::json;

class Compile : public testing::Test {
 protected:
  Compile() { write_tiny_model(folder_ / "tiny", 24); }

  Finished compile(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"compile", "--model", folder_ / "tiny/model.onnx"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_keel(arguments);
  }

  Json compile_json(std::vector<std::string> more) const {
    more.insert(more.end(), {"--format", "json"});
    const Finished run = compile(more);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return Json::parse(run.out);
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
            "fuse-elementwise, fuse-transpose\n");
}

TEST_F(Compile, ShowsTheKernelsOfProfileWithBytesAndTheirTimes) {
  const Json program = compile_json({});
  const Finished run =
      run_keel({"profile", "--model", folder_ / "tiny/model.onnx", "--format", "json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const Json profile = Json::parse(run.out);
  EXPECT_EQ(program["latency_us"], profile["latency_us"]);
  EXPECT_EQ(program["casts"], profile["casts"]);
  EXPECT_EQ(program["variant"], profile["variant"]);
  ASSERT_EQ(program["kernels"].size(), profile["kernels"].size());
  for (std::size_t k = 0; k < program["kernels"].size(); ++k)
    for (const char* key : {"name", "class", "dtypes_in", "dtypes_out", "us"})
      EXPECT_EQ(program["kernels"][k][key], profile["kernels"][k][key]) << k << " " << key;
}

TEST_F(Compile, CountsTheBytesOfTheDtypesOnTheNpu) {
  const auto of_tanh = [&](const std::vector<std::string>& more) {
    const Json program = compile_json(more);
    for (const Json& kernel : program["kernels"])
      if (kernel["name"].get<std::string>().starts_with("dense_2")) return kernel;
    return Json();
  };
  // dense_2 multiplies [1,24] by [24,24], and tanh works at its exit.
  const Json lowered = of_tanh({});
  EXPECT_EQ(lowered["bytes_read"], 2 * (24 + 24 * 24)) << lowered;
  EXPECT_EQ(lowered["bytes_written"], 2 * 24) << lowered;
  const Json kept = of_tanh({"--precision_mode", "must_keep_origin_dtype"});
  EXPECT_EQ(kept["bytes_read"], 4 * (24 + 24 * 24)) << kept;
  EXPECT_EQ(kept["bytes_written"], 4 * 24) << kept;
}

TEST_F(Compile, SaysWhoHasWhichDtypeByWhichRuleAtEveryCast) {
  write_text(folder_ / "keep.cfg", "floor\n\nlog\n");
  const Finished run = compile({"--keep_dtype", folder_ / "keep.cfg"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  for (const char* reason :
       {"    cast f32 -> f16: 'x' is an input in f32, 'power' is lowered (force_fp16)\n",
        "    cast f16 -> f32: 'power' is lowered (force_fp16), 'floor' is kept (keep.cfg:1)\n",
        "    cast f32 -> f16: 'log' is kept (keep.cfg:3), 'dense_0' is lowered (force_fp16)\n",
        "    cast f16 -> f32: 'logits' is lowered (force_fp16), 'y' is an output in f32\n"})
    EXPECT_NE(run.out.find(reason), std::string::npos) << reason << run.out;
}

TEST_F(Compile, ShowsAProgramWithoutTimesOnAChipThatHasNone) {
  const Finished run = compile({"--soc_version", "Ascend310B1"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err.find("cannot be predicted"), std::string::npos) << run.err;
  EXPECT_EQ(run.out.find("latency"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(" read  written\n"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("cast f32 -> f16: 'x' is an input in f32"), std::string::npos) << run.out;
}

TEST_F(Compile, ShowsWhatASecondKeepListChanges) {
  write_text(folder_ / "one.cfg", "log\n");
  write_text(folder_ / "two.cfg", "log\ndense_1\n");
  const std::vector<std::string> lists = {"--keep_dtype", folder_ / "one.cfg", "--diff",
                                          folder_ / "two.cfg"};
  const Finished table = compile(lists);
  ASSERT_EQ(table.exit_code, 0) << table.err;
  EXPECT_NE(table.out.find("    by force_fp16, then by two.cfg:2\n"), std::string::npos)
      << table.out;
  const Json diff = compile_json(lists);
  EXPECT_EQ(diff["differs"], true);
  EXPECT_EQ(diff["before"]["latency_us"],
            compile_json({"--keep_dtype", folder_ / "one.cfg"})["latency_us"]);
  EXPECT_EQ(diff["after"]["latency_us"],
            compile_json({"--keep_dtype", folder_ / "two.cfg"})["latency_us"]);
  std::set<std::string> nodes;
  for (const Json& change : diff["nodes"]) {
    nodes.insert(change["node"]);
    EXPECT_EQ(change["before"]["dtype"], "f16");
    EXPECT_EQ(change["after"]["dtype"], "f32");
  }
  EXPECT_EQ(nodes, (std::set<std::string>{"dense_1", "relu_1"})) << "one unit";
  EXPECT_FALSE(diff["kernels"].empty());
  ASSERT_EQ(diff["casts_added"].size(), 2U) << diff;
  EXPECT_EQ(diff["casts_added"][0]["consumers"][0]["state"], "is kept (two.cfg:2)");
  EXPECT_EQ(diff["casts_added"][1]["producer"]["state"], "is kept (two.cfg:2)");
  EXPECT_TRUE(diff["casts_removed"].empty());
}

TEST_F(Compile, SaysThatTwoListsGiveTheSameProgram) {
  write_text(folder_ / "one.cfg", "dense_1\n");
  write_text(folder_ / "two.cfg", "relu_1\n");
  const Finished run =
      compile({"--keep_dtype", folder_ / "one.cfg", "--diff", folder_ / "two.cfg"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("\nno difference: both lists give the same program\n"), std::string::npos)
      << run.out;
}

TEST_F(Compile, GivesTheWarningsOfBothListsOnce) {
  write_text(folder_ / "one.cfg", "nothing_1\n");
  write_text(folder_ / "two.cfg", "nothing_2\n");
  const Finished run =
      compile({"--keep_dtype", folder_ / "one.cfg", "--diff", folder_ / "two.cfg"});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_NE(run.err.find("'nothing_1' names no node"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("'nothing_2' names no node"), std::string::npos) << run.err;
  const Finished same =
      compile({"--keep_dtype", folder_ / "one.cfg", "--diff", folder_ / "one.cfg"});
  EXPECT_EQ(same.err.find("'nothing_1'"), same.err.rfind("'nothing_1' names")) << same.err;
}

TEST_F(Compile, RefusesADifferenceInCsvOrOfAListThatIsNotThere) {
  write_text(folder_ / "keep.cfg", "log\n");
  const Finished csv = compile({"--diff", folder_ / "keep.cfg", "--format", "csv"});
  EXPECT_EQ(csv.exit_code, 2);
  EXPECT_EQ(csv.err,
            "error: a difference has no form in CSV\n   at: --format csv\n"
            "  fix: use --format table or --format json with --diff\n");
  const Finished absent = compile({"--diff", folder_ / "absent.cfg"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_EQ(absent.out, "");
  EXPECT_NE(absent.err.find("absent.cfg"), std::string::npos) << absent.err;
  EXPECT_EQ(compile({"--diff", folder_ / "keep.cfg", "--print_after", "all"}).exit_code, 2);
}

// Of one line; quotes are those of a cell that holds commas.
std::vector<std::string> csv_cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool is_quoted = false;
  for (const char c : line) {
    if (c == '"') is_quoted = !is_quoted;
    if (c == ',' && !is_quoted) cells.emplace_back();
    if (c != '"' && (c != ',' || is_quoted)) cells.back() += c;
  }
  return cells;
}

TEST_F(Compile, SaysTheSameInCsvAndJson) {
  write_text(folder_ / "keep.cfg", "log\n");
  const std::vector<std::string> list = {"--keep_dtype", folder_ / "keep.cfg"};
  const Json program = compile_json(list);
  std::istringstream lines(compile({"--keep_dtype", folder_ / "keep.cfg", "--format=csv"}).out);
  std::string line;
  std::getline(lines, line);
  const std::vector<std::string> header = csv_cells(line);
  std::size_t casts = 0, tiles = 0;
  for (const Json& kernel : program["kernels"]) {
    ASSERT_TRUE(std::getline(lines, line));
    const std::vector<std::string> cells = csv_cells(line);
    ASSERT_EQ(cells.size(), header.size()) << line;
    const auto cell = [&](const std::string& name) {
      return cells[static_cast<std::size_t>(std::ranges::find(header, name) - header.begin())];
    };
    EXPECT_EQ(cell("name"), kernel["name"]);
    EXPECT_EQ(cell("class"), kernel["class"]);
    EXPECT_EQ(cell("compute"), kernel.value("compute", ""));
    EXPECT_EQ(std::stoll(cell("bytes_read")), kernel["bytes_read"]);
    EXPECT_EQ(std::stoll(cell("bytes_written")), kernel["bytes_written"]);
    EXPECT_EQ(std::stod(cell("us")), kernel["us"]);
    std::string members, reasons;
    for (const Json& member : kernel["members"])
      members += (members.empty() ? "" : " ") + member["node"].get<std::string>() + ":" +
                 member["ascend_type"].get<std::string>();
    EXPECT_EQ(cell("members"), members);
    for (const Json& cast : kernel["casts"])
      reasons += (reasons.empty() ? "" : "; ") + cast["reason"].get<std::string>();
    EXPECT_EQ(cell("casts"), reasons);
    casts += kernel["casts"].size();
    if (kernel.contains("tile")) {
      EXPECT_EQ(cell("tile"), std::to_string(kernel["tile"][0].get<int>()) + "x" +
                                  std::to_string(kernel["tile"][1].get<int>()));
      ++tiles;
    }
  }
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_EQ(casts, program["casts"]);
  EXPECT_EQ(tiles, 4U) << "a product each";
}

TEST_F(Compile, WritesALineAKernelAsCsv) {
  const Finished run = compile({"--format", "csv"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(run.out, '\n')),
            1 + compile_json({})["kernels"].size());
}

TEST_F(Compile, IsReadableAt120Columns) {
  write_text(folder_ / "keep.cfg", "OpType::Log\nOpType::ReduceMean\n");
  const std::string model = source_folder() / "demo/model.onnx";
  for (const char* soc : {"Ascend910B3", "Ascend310P3", "Ascend310B1"})
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--diff", folder_ / "keep.cfg"}}) {
      std::vector<std::string> arguments = {"compile", "--model", model, "--soc_version", soc};
      arguments.insert(arguments.end(), more.begin(), more.end());
      const Finished run = run_keel(arguments);
      ASSERT_EQ(run.exit_code, 0) << run.err;
      std::istringstream lines(run.out);
      for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
    }
}

}  // namespace
}  // namespace keel::test
