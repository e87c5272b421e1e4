#include "tuner/engine/recorder.h"

#include <unistd.h>

#include <chrono>
#include <future>
#include <thread>

#include "tests/tuner/engine/target_fixture.h"
#include "tests/tuner/study/study_fixture.h"

namespace keel::engine {
namespace {

study::Study open_study(const std::filesystem::path& folder) { return must(study::open(folder)); }

TEST(Recorder, HasEveryTrialOnTheDiskWhenItFinishes) {
  const std::filesystem::path folder = study::empty_folder();
  constexpr std::uint64_t kTrials = 3 * study::kMostAppended + 1;
  {
    study::Study study = open_study(folder);
    std::size_t seen = 0;
    const AfterTrials after = [&](const study::Study& now) { seen = now.trials().size(); };
    Recorder recorder(study, after);
    for (std::uint64_t i = 0; i < kTrials; ++i) recorder.add(study::record(i));
    const Status finished = recorder.finish();
    EXPECT_TRUE(finished.ok());
    EXPECT_EQ(seen, kTrials);
  }
  const study::Study study = open_study(folder);
  EXPECT_TRUE(study::holds(study, kTrials));
}

TEST(Recorder, WritesWithoutBeingFinished) {
  study::Study study = open_study(study::empty_folder());
  std::promise<std::size_t> written;
  const AfterTrials after = [&](const study::Study& now) {
    written.set_value(now.trials().size());
  };
  Recorder recorder(study, after);
  recorder.add(study::record(0));
  EXPECT_EQ(written.get_future().get(), 1U);
}

constexpr std::chrono::hours kLong{1};

TEST(Recorder, GathersWhatComesSoon) {
  study::Study study = open_study(study::empty_folder());
  std::vector<std::size_t> sizes;
  const AfterTrials after = [&](const study::Study& now) { sizes.push_back(now.trials().size()); };
  Recorder recorder(study, after, kLong);
  for (std::uint64_t i = 0; i < 3; ++i) {
    recorder.add(study::record(i));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(recorder.finish().ok());
  EXPECT_EQ(sizes, std::vector<std::size_t>{3});
}

TEST(Recorder, WaitsForNoMoreThanOneAppendHolds) {
  study::Study study = open_study(study::empty_folder());
  std::promise<std::size_t> written;
  const AfterTrials after = [&](const study::Study& now) {
    written.set_value(now.trials().size());
  };
  Recorder recorder(study, after, kLong);
  for (std::uint64_t i = 0; i < study::kMostAppended; ++i) recorder.add(study::record(i));
  EXPECT_EQ(written.get_future().get(), study::kMostAppended);
}

// What waits while the disk is busy goes into one append.
TEST(Recorder, AppendsWhatWaitsTogether) {
  study::Study study = open_study(study::empty_folder());
  std::vector<std::size_t> sizes;
  std::promise<void> first_written;
  std::promise<void> others_wait;
  const AfterTrials after = [&](const study::Study& now) {
    sizes.push_back(now.trials().size());
    if (sizes.size() > 1) return;
    first_written.set_value();
    others_wait.get_future().wait();
  };
  Recorder recorder(study, after);
  recorder.add(study::record(0));
  first_written.get_future().wait();
  for (std::uint64_t i = 1; i < 6; ++i) recorder.add(study::record(i));
  others_wait.set_value();
  EXPECT_TRUE(recorder.finish().ok());
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 6}));
}

// A folder at the place of the mark's temporary file: nothing can be appended.
TEST(Recorder, SaysThatAnAppendFailedAndDropsTheRest) {
  const std::filesystem::path folder = study::empty_folder();
  study::Study study = open_study(folder);
  std::filesystem::create_directory(folder / ("study.mark.tmp" + std::to_string(::getpid())));
  const AfterTrials after = [](const study::Study&) { FAIL() << "nothing was written"; };
  Recorder recorder(study, after);
  for (std::uint64_t i = 0; i < 3 * study::kMostAppended; ++i) recorder.add(study::record(i));
  const Status finished = recorder.finish();
  ASSERT_FALSE(finished.ok());
  EXPECT_EQ(finished.error().code, ErrorCode::IoFailed);
  EXPECT_TRUE(recorder.failed());
  EXPECT_TRUE(study::holds(study, 0));
}

}  // namespace
}  // namespace keel::engine
