#include "tuner/engine/earlier_study.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "compiler/base/error_text.h"
#include "tests/tuner/engine/target_fixture.h"
#include "tuner/study/study.h"

namespace keel::engine {
namespace {

constexpr const char* kGraph =
    "x: f32[4] = input\n"
    "a = Exp(x)\n"
    "b = Sin(a)\n"
    "c = Tanh(b)\n"
    "return c\n";

study::TrialRecord record(std::uint64_t number, search::Assignment x, double squared_error) {
  study::TrialRecord made;
  made.trial = {number,
                std::move(x),
                number == 0 ? search::Phase::Anchor : search::Phase::Probe,
                {search::TrialState::Complete, 1, squared_error, 0}};
  made.ranking = made.validation = made.validation_lo = made.validation_hi = {1, 1, 1, 1, 1};
  return made;
}

class EarlierStudies : public testing::Test {
 protected:
  EarlierStudies() {
    const std::vector<std::string> types = {"Exp", "Sin", "Tanh"};
    for (std::size_t u = 0; u < target_.units.size(); ++u) {
      target_.units[u].name = "node_" + types[u];
      target_.units[u].nodes = {target_.units[u].name};
      target_.units[u].positions = {u};
      target_.units[u].ascend_types = {types[u]};
    }
  }

  using Errors = std::vector<std::pair<search::Assignment, double>>;

  // A study about the units of kGraph, in which `rename` may change what they are called.
  std::filesystem::path write(const std::string& mode, const auto& rename) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    return write(mode,
                 {{{0, 0, 0}, 1e-8}, {{0, 0, 1}, 5e-8}, {{1, 0, 0}, 2e-8}, {{0, 1, 0}, kInfinity}},
                 rename);
  }
  std::filesystem::path write(const std::string& mode, const Errors& errors) {
    return write(mode, errors, [](study::UnitRecord&) {});
  }
  std::filesystem::path write(const std::string& mode, const Errors& errors, const auto& rename) {
    std::vector<study::UnitRecord> units;
    for (const UnitFacts& unit : target_.units) {
      units.push_back({.name = unit.name,
                       .nodes = unit.nodes,
                       .state = unit.state,
                       .reason = unit.reason,
                       .positions = unit.positions,
                       .ascend_types = unit.ascend_types});
      rename(units.back());
    }
    const std::filesystem::path folder = folder_ / "study";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const std::vector<std::string> metrics = accuracy::figure_names({});
    study::Study study =
        must(study::Study::open(folder, {{"precision_mode", mode}}, units, metrics));
    for (std::size_t i = 0; i < errors.size(); ++i) {
      study::TrialRecord made = record(i, errors[i].first, errors[i].second);
      if (std::isinf(errors[i].second)) made.trial.outcome.state = search::TrialState::NonFinite;
      EXPECT_TRUE(study.append(made).ok());
    }
    return folder;
  }
  Result<EarlierStudy> read(const std::filesystem::path& folder) const {
    return read_earlier_study(folder, target_, ascend::PrecisionMode::ForceFp16);
  }

  std::filesystem::path folder_ = std::filesystem::path(testing::TempDir()) /
                                  (std::string("keel-earlier-") +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
  Target target_ = target_of(kGraph);
};

TEST_F(EarlierStudies, SayWhatEachUnitAddedAlone) {
  ASSERT_EQ(target_.units.size(), 3u);
  const EarlierStudy earlier = must(read(write("force_fp16", [](study::UnitRecord&) {})));
  EXPECT_EQ(earlier.known, 2u);
  EXPECT_NEAR(*earlier.lone_squared_error[0], 1e-8, 1e-14);
  EXPECT_FALSE(earlier.lone_squared_error[1]) << "an overflow has to be seen again";
  EXPECT_NEAR(*earlier.lone_squared_error[2], 4e-8, 1e-14);
}

// The second and the third unit were probed together only, and add 8e-8; or they hold a cliff.
TEST_F(EarlierStudies, SayWhatUnitsAddedTogether) {
  for (const double added : {8e-8, 0.1}) {
    const std::filesystem::path folder =
        write("force_fp16", {{{0, 0, 0}, 1e-8}, {{0, 1, 1}, added + 1e-8}});
    const Result<EarlierStudy> earlier = read(folder);
    if (added > 0.01) {
      EXPECT_FALSE(earlier.ok());
      continue;
    }
    EXPECT_FALSE(must(earlier).lone_squared_error[0]);
    for (const std::size_t unit : {1u, 2u})
      EXPECT_NEAR(*must(earlier).lone_squared_error[unit], added / 2, 1e-14);
  }
}

TEST_F(EarlierStudies, KnowUnitsByNameAndTypes) {
  const std::string first = target_.units[0].name;
  const EarlierStudy renamed = must(read(write("force_fp16", [&](study::UnitRecord& unit) {
    if (unit.name == first) unit.name += "_2";
  })));
  EXPECT_EQ(renamed.known, 1u);
  EXPECT_FALSE(renamed.lone_squared_error[0]);
  const EarlierStudy retyped = must(read(write("force_fp16", [&](study::UnitRecord& unit) {
    if (unit.name == first) unit.ascend_types = {"Relu"};
  })));
  EXPECT_FALSE(retyped.lone_squared_error[0]);
  EXPECT_TRUE(retyped.lone_squared_error[2]);
  const EarlierStudy same = must(read(write("force_fp16", [](study::UnitRecord&) {})));
  EXPECT_NE(same.digest, renamed.digest);
}

TEST_F(EarlierStudies, OfAnotherModeAreRefused) {
  const std::filesystem::path folder = write("allow_mix_precision_bf16", [](study::UnitRecord&) {});
  const Result<EarlierStudy> earlier = read(folder);
  ASSERT_FALSE(earlier.ok());
  EXPECT_EQ(to_text(earlier.error()),
            "error: the earlier study is about allow_mix_precision_bf16, this run about "
            "force_fp16: their roundings are others\n   at: " +
                folder.string() +
                "\n  fix: give a study of the same precision mode, or leave out --from");
}

TEST_F(EarlierStudies, WithoutAUnitOfThisModelAreRefused) {
  const std::filesystem::path folder =
      write("force_fp16", [](study::UnitRecord& unit) { unit.name = "other_" + unit.name; });
  const Result<EarlierStudy> earlier = read(folder);
  ASSERT_FALSE(earlier.ok());
  EXPECT_EQ(to_text(earlier.error()),
            "error: the earlier study tried no unit that this model has, by name and types\n"
            "   at: " +
                folder.string() +
                "\n  fix: give a study of this model or of a sibling, or leave out --from");
}

TEST_F(EarlierStudies, HaveToBeThere) { EXPECT_FALSE(read(folder_ / "nothing").ok()); }

}  // namespace
}  // namespace keel::engine
