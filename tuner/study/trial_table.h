#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "compiler/base/hash.h"
#include "tuner/study/sqlite.h"
#include "tuner/study/study.h"

namespace keel::study {

/// `record` as it comes back from the disk: -0 becomes 0, every NaN the same one.
TrialRecord normalised(TrialRecord record);

/// The hash of a row: of its content and of the row before.
Digest chained(const Digest& before, const TrialRecord& record);

/// All trials with their hashes.
struct TrialRows {
  std::vector<TrialRecord> records;
  std::vector<Digest> chain;  ///< as records
};

/// \error StudyCorrupt  a row is missing, or does not have the hash it was written with
Result<TrialRows> read_trials(Connection& connection, const Digest& start);

/// Adds trials one at a time.
class TrialWriter {
 public:
  static Result<TrialWriter> make(Connection& connection);

  /// To be called within a transaction.
  Status insert(const TrialRecord& record, const Digest& chain);

 private:
  TrialWriter(Statement trial, Statement metric)
      : trial_(std::move(trial)), metric_(std::move(metric)) {}
  Status insert_metrics(std::uint64_t trial, std::string_view samples, const MetricValues& values);

  Statement trial_;
  Statement metric_;
};

}  // namespace keel::study
