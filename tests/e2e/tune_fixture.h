#pragma once

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/tiny_model.h"

namespace keel::test {

/// A folder with the tiny model, and keel runs on it.
class TuneFixture : public testing::Test {
 protected:
  TuneFixture() { write_tiny_model(folder_ / "tiny"); }

  /// `keel tune` on the tiny model into `output`, with more arguments.
  std::vector<std::string> tune_arguments(const std::string& output,
                                          const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"tune",
                                          "--model",
                                          folder_ / "tiny/model.onnx",
                                          "--data",
                                          folder_ / "tiny/samples",
                                          "--require",
                                          "relative_l2<=0.01",
                                          "--output",
                                          folder_ / output};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }

  Finished tune(const std::string& output, const std::vector<std::string>& more = {}) const {
    return run_keel(tune_arguments(output, more));
  }

  std::string text_of(const std::string& output, const std::string& file) const {
    return read_text(folder_ / (output + "/" + file));
  }

  /// First column of every row of a query on a study, joined by spaces.
  std::string query(const std::string& output, const std::string& sql) const {
    sqlite3* database = nullptr;
    const std::string path = folder_ / (output + "/study.db");
    EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
    std::string text;
    const auto add = [](void* to, int, char** columns, char**) {
      auto& joined = *static_cast<std::string*>(to);
      joined += (joined.empty() ? "" : " ") + std::string(columns[0] ? columns[0] : "NULL");
      return 0;
    };
    char* problem = nullptr;
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), add, &text, &problem), SQLITE_OK)
        << (problem ? problem : "");
    sqlite3_free(problem);
    sqlite3_close(database);
    return text;
  }

  /// The number of the trial in which the first free units, in order, have these bits; empty: none.
  std::string trial_with(const std::string& bits, const std::string& output = "out") const {
    std::string condition;
    for (std::size_t i = 0; i < bits.size(); ++i)
      condition += (i == 0 ? "" : " AND ") +
                   ("substr(assignment, 1 + (SELECT unit FROM unit WHERE state = 'free' ORDER BY "
                    "unit LIMIT 1 OFFSET " +
                    std::to_string(i)) +
                   "), 1) = '" + bits[i] + "'";
    return query(output, "SELECT number FROM trial WHERE " + condition);
  }

  /// Trials the study holds now, 0 before there is one. Safe while keel writes.
  int trial_count(const std::string& output) const {
    sqlite3* database = nullptr;
    const std::string path = folder_ / (output + "/study.db");
    int count = 0;
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK) {
      const auto read = [](void* to, int, char** columns, char**) {
        *static_cast<int*>(to) = std::stoi(columns[0]);
        return 0;
      };
      sqlite3_exec(database, "SELECT count(*) FROM trial", read, &count, nullptr);
    }
    sqlite3_close(database);
    return count;
  }

  TemporaryFolder folder_;
};

/// The files whose bytes depend on the question alone.
inline const std::vector<std::string> kDeterministicFiles = {
    "execeptionlist.cfg", "execeptionlist.reasons.json", "front.csv", "result.json"};

}  // namespace keel::test
