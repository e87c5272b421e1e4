#include "tuner/study/trial_table.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace keel::study {
namespace {

double normalised(double value) {
  return std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value + 0.0;
}

std::string to_digits(const search::Assignment& assignment) {
  std::string digits;
  for (const std::uint8_t bit : assignment) digits += bit == 0 ? '0' : '1';
  return digits;
}

search::Assignment from_digits(const std::string& digits) {
  search::Assignment assignment;
  for (const char digit : digits) assignment.push_back(digit == '0' ? 0 : 1);
  return assignment;
}

std::int64_t integer(auto value) { return static_cast<std::int64_t>(value); }

Error damaged(std::size_t number, const std::string& how) {
  return {ErrorCode::StudyCorrupt, "trial " + std::to_string(number) + " " + how, "",
          "restore the folder from a copy, or choose another output folder"};
}

Result<MetricValues> read_metrics(Statement& rows, std::uint64_t trial, std::string_view samples) {
  rows.reset();
  rows.bind(1, integer(trial)).bind(2, samples);
  MetricValues values;
  while (true) {
    KEEL_TRY(const bool row, rows.step());
    if (!row) return values;
    values.push_back(rows.real(0));
  }
}

std::span<const std::byte> bytes_of(const search::Outcome& outcome) {
  return outcome.error_sketch ? std::as_bytes(std::span(*outcome.error_sketch))
                              : std::span<const std::byte>();
}

// Of other than whole floats it makes another sketch than was stored, which the chain shows.
std::shared_ptr<const std::vector<float>> sketch_of(std::span<const std::byte> bytes) {
  if (bytes.size() < sizeof(float)) return nullptr;
  std::vector<float> sketch(bytes.size() / sizeof(float));
  std::memcpy(sketch.data(), bytes.data(), sketch.size() * sizeof(float));
  return std::make_shared<const std::vector<float>>(std::move(sketch));
}

TrialRecord record_of(const Statement& row) {
  TrialRecord record;
  record.trial.number = static_cast<std::uint64_t>(row.integer(0));
  record.trial.phase = static_cast<search::Phase>(row.integer(1));
  record.trial.outcome = {.state = static_cast<search::TrialState>(row.integer(2)),
                          .latency_us = row.real(4),
                          .squared_error = row.real(5),
                          .violation = row.real(6),
                          .casts = static_cast<int>(row.integer(11)),
                          .probing_squared_error = row.real(12),
                          .error_sketch = sketch_of(row.bytes(13))};
  record.trial.assignment = from_digits(row.text(3));
  record.kept_units = static_cast<int>(row.integer(7));
  record.kept_nodes = static_cast<int>(row.integer(8));
  record.error = row.text(9);
  return record;
}

}  // namespace

TrialRecord normalised(TrialRecord record) {
  search::Outcome& outcome = record.trial.outcome;
  for (double* value : {&outcome.latency_us, &outcome.squared_error, &outcome.violation,
                        &outcome.probing_squared_error})
    *value = normalised(*value);
  for (MetricValues* values :
       {&record.ranking, &record.validation, &record.validation_lo, &record.validation_hi})
    for (double& value : *values) value = normalised(value);
  for (std::uint8_t& bit : record.trial.assignment) bit = bit == 0 ? 0 : 1;
  return record;
}

Digest chained(const Digest& before, const TrialRecord& record) {
  const search::Outcome& outcome = record.trial.outcome;
  Hasher hasher;
  hasher.add(before);
  hasher.add(record.trial.number);
  hasher.add(static_cast<std::uint64_t>(record.trial.phase));
  hasher.add(static_cast<std::uint64_t>(outcome.state));
  hasher.add(std::string_view(to_digits(record.trial.assignment)));
  hasher.add(outcome.latency_us);
  hasher.add(outcome.squared_error);
  hasher.add(outcome.violation);
  hasher.add(static_cast<std::uint64_t>(outcome.casts));
  hasher.add(outcome.probing_squared_error);
  hasher.add(std::uint64_t{bytes_of(outcome).size()});
  hasher.add_bytes(bytes_of(outcome));
  for (const MetricValues* values :
       {&record.ranking, &record.validation, &record.validation_lo, &record.validation_hi}) {
    hasher.add(std::uint64_t{values->size()});
    for (const double value : *values) hasher.add(value);
  }
  hasher.add(static_cast<std::uint64_t>(record.kept_units));
  hasher.add(static_cast<std::uint64_t>(record.kept_nodes));
  hasher.add(std::string_view(record.error));
  return hasher.digest();
}

Result<TrialRows> read_trials(Connection& connection, const Digest& start) {
  KEEL_TRY(Statement rows,
           connection.prepare("SELECT number, phase, state, assignment, latency_us, squared_error, "
                              "violation, kept_units, kept_nodes, error, chain, casts, "
                              "probing_squared_error, error_sketch FROM trial "
                              "ORDER BY number"));
  KEEL_TRY(Statement metrics, connection.prepare("SELECT value FROM trial_metric WHERE trial = ? "
                                                 "AND samples = ? ORDER BY metric"));
  TrialRows trials;
  Digest chain = start;
  while (true) {
    KEEL_TRY(const bool row, rows.step());
    if (!row) return trials;
    const std::size_t number = trials.records.size();
    TrialRecord record = record_of(rows);
    if (record.trial.number != number) return damaged(number, "is missing");
    KEEL_TRY(record.ranking, read_metrics(metrics, number, "ranking"));
    KEEL_TRY(record.validation, read_metrics(metrics, number, "validation"));
    KEEL_TRY(record.validation_lo, read_metrics(metrics, number, "validation_lo"));
    KEEL_TRY(record.validation_hi, read_metrics(metrics, number, "validation_hi"));
    chain = chained(chain, record);
    if (to_text(chain) != rows.text(10)) return damaged(number, "was changed");
    trials.records.push_back(std::move(record));
    trials.chain.push_back(chain);
  }
}

Result<TrialWriter> TrialWriter::make(Connection& connection) {
  KEEL_TRY(
      Statement trial,
      connection.prepare("INSERT INTO trial(number, phase, state, assignment, latency_us, "
                         "squared_error, violation, kept_units, kept_nodes, error, chain, casts, "
                         "probing_squared_error, error_sketch) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
  KEEL_TRY(Statement metric, connection.prepare("INSERT INTO trial_metric VALUES (?, ?, ?, ?)"));
  return TrialWriter(std::move(trial), std::move(metric));
}

Status TrialWriter::insert(const TrialRecord& record, const Digest& chain) {
  const search::Trial& trial = record.trial;
  trial_.bind(1, integer(trial.number))
      .bind(2, integer(trial.phase))
      .bind(3, integer(trial.outcome.state))
      .bind(4, to_digits(trial.assignment))
      .bind(5, trial.outcome.latency_us)
      .bind(6, trial.outcome.squared_error)
      .bind(7, trial.outcome.violation)
      .bind(8, integer(record.kept_units))
      .bind(9, integer(record.kept_nodes))
      .bind(10, record.error)
      .bind(11, to_text(chain))
      .bind(12, integer(trial.outcome.casts))
      .bind(13, trial.outcome.probing_squared_error)
      .bind(14, bytes_of(trial.outcome));
  KEEL_TRY_STATUS(trial_.run());
  KEEL_TRY_STATUS(insert_metrics(trial.number, "ranking", record.ranking));
  KEEL_TRY_STATUS(insert_metrics(trial.number, "validation", record.validation));
  KEEL_TRY_STATUS(insert_metrics(trial.number, "validation_lo", record.validation_lo));
  return insert_metrics(trial.number, "validation_hi", record.validation_hi);
}

Status TrialWriter::insert_metrics(std::uint64_t trial, std::string_view samples,
                                   const MetricValues& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    metric_.bind(1, integer(trial)).bind(2, samples).bind(3, integer(i)).bind(4, values[i]);
    KEEL_TRY_STATUS(metric_.run());
  }
  return Done{};
}

}  // namespace keel::study
