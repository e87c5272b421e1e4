#include <array>
#include <memory>
#include <regex>

#include "tests/e2e/own_configs.h"
#include "tests/e2e/tune_fixture.h"

namespace keel::test {
namespace {

class CachedRuns : public TuneFixture {
 protected:
  std::vector<std::string> arguments(const std::string& command,
                                     const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {command, "--model", folder_ / "tiny/model.onnx", "--format",
                                    "json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::vector<std::string> cached(const std::string& command,
                                  std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--kernel_cache", folder_ / "cache"});
    return arguments(command, more);
  }
  static Finished done(const std::vector<std::string>& all) {
    Finished run = run_keel(all);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return run;
  }

  /// (read, predicted) of the note that the run gave.
  std::array<int, 2> counts(const Finished& run) const {
    const std::regex note("note: kernel times: ([0-9]+) read from (.*), ([0-9]+) predicted");
    std::smatch found;
    if (!std::regex_search(run.err, found, note)) {
      ADD_FAILURE() << run.err;
      return {-1, -1};
    }
    EXPECT_EQ(found[2], folder_ / "cache");
    return {std::stoi(found[1]), std::stoi(found[3])};
  }
};

TEST_F(CachedRuns, ChangesNothingThatIsPrintedAndKnowsEachKernelTheSecondTime) {
  for (const std::string command : {"profile", "compile"}) {
    const Finished without = done(arguments(command));
    EXPECT_EQ(without.err.find("kernel times"), std::string::npos) << without.err;
    const Finished first = done(cached(command));
    const Finished second = done(cached(command));
    EXPECT_EQ(first.out, without.out);
    EXPECT_EQ(second.out, without.out);
    const auto [read, predicted] = counts(first);
    if (command == "profile") {
      EXPECT_EQ(read, 0);
      EXPECT_GT(predicted, 5);
    } else {
      EXPECT_EQ(predicted, 0) << "compile has the kernels that profile left";
    }
    EXPECT_EQ(counts(second), (std::array{read + predicted, 0}));
  }
}

TEST_F(CachedRuns, SharesThemBetweenListsAndComparisons) {
  write_text(folder_ / "keep.cfg", "dense_1\n");
  done(cached("profile"));
  const auto [read, predicted] =
      counts(done(cached("profile", {"--keep_dtype", folder_ / "keep.cfg"})));
  EXPECT_GT(read, 0);
  EXPECT_GT(predicted, 0) << "the kept product";
  EXPECT_LT(predicted, read);
  const std::vector<std::string> compare = {"--compare", folder_ / "keep.cfg"};
  EXPECT_EQ(done(cached("profile", compare)).out, done(arguments("profile", compare)).out);
  const std::vector<std::string> diff = {"--diff", folder_ / "keep.cfg"};
  EXPECT_EQ(done(cached("compile", diff)).out, done(arguments("compile", diff)).out);
}

TEST_F(CachedRuns, GivesATuningRunTheSameResult) {
  const std::vector<std::string> flags = {"--kernel_cache", folder_ / "cache", "--max_trials",
                                          "20"};
  ASSERT_EQ(tune("without", {"--max_trials", "20"}).exit_code, 0);
  const Finished first = tune("first", flags);
  const Finished second = tune("second", flags);
  const auto [read, predicted] = counts(first);
  EXPECT_EQ(read, 0);
  EXPECT_EQ(counts(second), (std::array{predicted, 0}));
  for (const std::string file : {"result.json", "front.csv", "execeptionlist.cfg"}) {
    EXPECT_EQ(text_of("first", file), text_of("without", file)) << file;
    EXPECT_EQ(text_of("second", file), text_of("without", file)) << file;
  }
}

TEST_F(CachedRuns, KnowsNothingOfAnotherChipOrAChangedSheet) {
  const auto [read, predicted] = counts(done(cached("profile")));
  EXPECT_EQ(read, 0);
  EXPECT_EQ(counts(done(cached("profile", {"--soc_version", "Ascend910B2"})))[0], 0);
  {
    const OwnConfigs configs;
    EXPECT_EQ(counts(done(cached("profile"))), (std::array{predicted, 0})) << "the same content";
    for (const std::string file : {"soc/Ascend910B3.json", "timing/ascend910b.json"}) {
      configs.edit(file, [](nlohmann::json& json) {
        auto& values = json.contains("parameters") ? json["parameters"] : json;
        auto& parameter = values.contains("cube_mhz") ? values["cube_mhz"] : values["launch_us"];
        parameter["value"] = parameter["value"].get<double>() * 1.5;
      });
      const Finished changed = done(cached("profile"));
      EXPECT_EQ(counts(changed)[0], 0) << file;
      EXPECT_EQ(changed.out, done(arguments("profile")).out) << file;
    }
  }
  EXPECT_EQ(counts(done(cached("profile"))), (std::array{predicted, 0})) << "the old sheet again";
}

TEST_F(CachedRuns, ThatIsDamagedIsNamedAndMadeAnew) {
  const Finished first = done(cached("profile"));
  const std::string path = folder_ / "cache/kernel_times-1.db";
  write_text(path, "not a database, whatever its name says");
  const Finished second = done(cached("profile"));
  EXPECT_EQ(second.out, first.out);
  EXPECT_NE(second.err.find("warning: the kernel cache is damaged: sqlite: file is not a database\n"
                            "   at: " +
                            path + "\n  fix: delete " + path +
                            ".damaged once you know why; a new cache is made\n"),
            std::string::npos)
      << second.err;
  EXPECT_EQ(counts(second), counts(first));
  EXPECT_EQ(counts(done(cached("profile")))[1], 0);
}

TEST_F(CachedRuns, ThatCannotBeWrittenIsWarnedOfAndTheRunGoesOn) {
  write_text(folder_ / "file", "");
  const Finished without = done(arguments("profile"));
  const Finished run = done(arguments("profile", {"--kernel_cache", folder_ / "file/cache"}));
  EXPECT_EQ(run.out, without.out);
  EXPECT_NE(run.err.find("warning: kernel times are not cached: cannot open the lock: Not a "
                         "directory\n"),
            std::string::npos)
      << run.err;
}

TEST_F(CachedRuns, IsSharedByProcessesThatRunAtOnce) {
  const std::vector<std::string> lists = {"",          "dense_0\n", "dense_1\n",
                                          "dense_2\n", "log\n",     "big\n"};
  std::vector<std::vector<std::string>> runs;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const std::string list = folder_ / ("keep" + std::to_string(i) + ".cfg");
    write_text(list, lists[i]);
    for (const std::string soc : {"Ascend910B3", "Ascend310P3"})
      runs.push_back(cached("profile", {"--keep_dtype", list, "--soc_version", soc}));
  }
  std::vector<std::unique_ptr<KeelProcess>> processes;
  for (const std::vector<std::string>& run : runs)
    processes.push_back(std::make_unique<KeelProcess>(run));
  std::vector<std::string> printed;
  for (const std::unique_ptr<KeelProcess>& process : processes) {
    const Finished finished = process->wait();
    EXPECT_EQ(finished.exit_code, 0);
    EXPECT_EQ(finished.err.find("warning: the kernel cache"), std::string::npos) << finished.err;
    EXPECT_EQ(finished.err.find("not cached"), std::string::npos) << finished.err;
    printed.push_back(finished.out);
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Finished again = done(runs[i]);
    EXPECT_EQ(counts(again)[1], 0) << "what run " << i << " added is lost";
    EXPECT_EQ(again.out, printed[i]);
  }
}

TEST_F(CachedRuns, IsOfferedWhereTimesArePredicted) {
  for (const std::string command : {"tune", "profile", "compile"})
    EXPECT_NE(run_keel({command, "--help"}).out.find("--kernel_cache DIR"), std::string::npos)
        << command;
}

}  // namespace
}  // namespace keel::test
