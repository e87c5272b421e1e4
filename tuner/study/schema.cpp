#include "tuner/study/schema.h"

#include <string>

namespace keel::study {
namespace {

constexpr const char* kApplicationId = "1801807212";  // "keel" in ASCII, for file(1)

constexpr std::int64_t kNone = -1;

// A CASE that spells the numbers of an enumeration, for people who query the table.
template <class Enum>
std::string spelled(const std::string& column, Enum last) {
  std::string text = "CASE " + column;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    text +=
        " WHEN " + std::to_string(i) + " THEN '" + std::string(name(static_cast<Enum>(i))) + "'";
  return text + " END";
}

std::string tables() {
  return R"(
CREATE TABLE question(
  position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
CREATE TABLE unit(
  unit INTEGER PRIMARY KEY, name TEXT NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL,
  follows INTEGER NOT NULL, gang INTEGER NOT NULL,
  CHECK (follows <> unit), CHECK (gang < unit), CHECK (state IN ('free', 'kept', 'lowered', 'original'))) STRICT;
CREATE TABLE unit_node(
  unit INTEGER NOT NULL REFERENCES unit, position INTEGER NOT NULL, node TEXT NOT NULL,
  ascend_type TEXT NOT NULL, PRIMARY KEY (unit, position)) STRICT, WITHOUT ROWID;
CREATE TABLE unit_suspicion(
  unit INTEGER NOT NULL REFERENCES unit, position INTEGER NOT NULL, suspicion TEXT NOT NULL,
  PRIMARY KEY (unit, position)) STRICT, WITHOUT ROWID;
CREATE TABLE unit_pole(
  unit INTEGER NOT NULL REFERENCES unit, position INTEGER NOT NULL, pole TEXT NOT NULL,
  floor_is_lost INTEGER NOT NULL, PRIMARY KEY (unit, position)) STRICT, WITHOUT ROWID;
CREATE TABLE command(
  position INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL) STRICT;
CREATE TABLE metric(position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE trial(
  number INTEGER PRIMARY KEY,
  phase INTEGER NOT NULL, phase_name TEXT AS ()" +
         spelled("phase", search::Phase::Refine) + R"() VIRTUAL,
  state INTEGER NOT NULL, state_name TEXT AS ()" +
         spelled("state", search::TrialState::Rejected) + R"() VIRTUAL,
  assignment TEXT NOT NULL, latency_us REAL, squared_error REAL, violation REAL,
  kept_units INTEGER NOT NULL, kept_nodes INTEGER NOT NULL, error TEXT NOT NULL,
  chain TEXT NOT NULL, casts INTEGER NOT NULL, probing_squared_error REAL, error_sketch BLOB) STRICT;
CREATE TABLE trial_metric(
  trial INTEGER NOT NULL REFERENCES trial, samples TEXT NOT NULL,
  metric INTEGER NOT NULL REFERENCES metric, value REAL,
  PRIMARY KEY (trial, samples, metric),
  CHECK (samples IN ('ranking', 'validation', 'validation_lo', 'validation_hi'))) STRICT, WITHOUT ROWID;
CREATE VIEW kept_node(trial, node) AS
  SELECT number, node FROM trial, unit JOIN unit_node USING (unit)
  WHERE unit.state IN ('free', 'kept') AND substr(assignment, unit + 1, 1) = '0';
CREATE VIEW metric_value(trial, samples, name, value) AS
  SELECT trial, samples, name, value FROM trial_metric JOIN metric ON metric = position;
PRAGMA application_id = )" +
         kApplicationId + "; PRAGMA user_version = " + std::to_string(kSchemaVersion) + ";";
}

Status insert_units(Connection& connection, const std::vector<UnitRecord>& units) {
  KEEL_TRY(Statement unit, connection.prepare("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?)"));
  KEEL_TRY(Statement node, connection.prepare("INSERT INTO unit_node VALUES (?, ?, ?, ?)"));
  KEEL_TRY(Statement suspicion, connection.prepare("INSERT INTO unit_suspicion VALUES (?, ?, ?)"));
  KEEL_TRY(Statement pole, connection.prepare("INSERT INTO unit_pole VALUES (?, ?, ?, ?)"));
  for (std::size_t i = 0; i < units.size(); ++i) {
    const UnitRecord& record = units[i];
    const auto index = static_cast<std::int64_t>(i);
    unit.bind(1, index).bind(2, record.name).bind(3, name(record.state)).bind(4, record.reason);
    unit.bind(5, record.follows ? std::int64_t{*record.follows} : kNone);
    unit.bind(6, record.gang ? std::int64_t{*record.gang} : kNone);
    KEEL_TRY_STATUS(unit.run());
    const std::vector<std::uint64_t> positions = node_positions(record);
    KEEL_CHECK(positions.size() == record.nodes.size());
    KEEL_CHECK(record.ascend_types.size() == record.nodes.size());
    for (std::size_t k = 0; k < positions.size(); ++k) {
      node.bind(1, index).bind(2, static_cast<std::int64_t>(positions[k]));
      node.bind(3, record.nodes[k]).bind(4, record.ascend_types[k]);
      KEEL_TRY_STATUS(node.run());
    }
    for (std::size_t k = 0; k < record.suspicions.size(); ++k) {
      suspicion.bind(1, index).bind(2, static_cast<std::int64_t>(k)).bind(3, record.suspicions[k]);
      KEEL_TRY_STATUS(suspicion.run());
    }
    for (std::size_t k = 0; k < record.poles.size(); ++k) {
      pole.bind(1, index).bind(2, static_cast<std::int64_t>(k)).bind(3, record.poles[k].name);
      KEEL_TRY_STATUS(pole.bind(4, std::int64_t{record.poles[k].floor_is_lost}).run());
    }
  }
  return Done{};
}

Error damaged(const std::string& what) {
  return {ErrorCode::StudyCorrupt, what, "",
          "restore the folder from a copy, or choose another output folder"};
}

// Hands each row to `read` with the unit that its first column names.
template <class Read>
Status for_each_of_unit(Connection& connection, const std::string& sql,
                        std::vector<UnitRecord>& units, Read read) {
  KEEL_TRY(Statement rows, connection.prepare(sql));
  while (true) {
    KEEL_TRY(const bool row, rows.step());
    if (!row) return Done{};
    const auto index = static_cast<std::size_t>(rows.integer(0));
    if (index >= units.size()) return damaged("'" + rows.text(1) + "' belongs to no unit");
    read(rows, units[index]);
  }
}

Result<std::vector<UnitRecord>> read_units(Connection& connection) {
  KEEL_TRY(Statement rows, connection.prepare("SELECT unit, name, state, reason, "
                                              "follows, gang FROM unit "
                                              "ORDER BY unit"));
  std::vector<UnitRecord> units;
  while (true) {
    KEEL_TRY(const bool row, rows.step());
    if (!row) break;
    const auto state = unit_state_named(rows.text(2));
    if (!state || rows.integer(0) != static_cast<std::int64_t>(units.size()))
      return damaged("unit " + std::to_string(units.size()) + " is missing or was changed");
    units.push_back({.name = rows.text(1),
                     .nodes = {},
                     .state = *state,
                     .reason = rows.text(3),
                     .positions = {},
                     .ascend_types = {},
                     .suspicions = {},
                     .poles = {}});
    const std::int64_t follows = rows.integer(4);
    if (follows != kNone) units.back().follows = static_cast<search::UnitIndex>(follows);
    const std::int64_t gang = rows.integer(5);
    if (gang != kNone) units.back().gang = static_cast<search::UnitIndex>(gang);
  }
  KEEL_TRY_STATUS(for_each_of_unit(
      connection, "SELECT unit, node, position, ascend_type FROM unit_node ORDER BY unit, position",
      units, [](const Statement& row, UnitRecord& unit) {
        unit.nodes.push_back(row.text(1));
        unit.positions.push_back(static_cast<std::uint64_t>(row.integer(2)));
        unit.ascend_types.push_back(row.text(3));
      }));
  KEEL_TRY_STATUS(for_each_of_unit(
      connection, "SELECT unit, suspicion FROM unit_suspicion ORDER BY unit, position", units,
      [](const Statement& row, UnitRecord& unit) { unit.suspicions.push_back(row.text(1)); }));
  KEEL_TRY_STATUS(for_each_of_unit(
      connection, "SELECT unit, pole, floor_is_lost FROM unit_pole ORDER BY unit, position", units,
      [](const Statement& row, UnitRecord& unit) {
        unit.poles.push_back({row.text(1), row.integer(2) != 0});
      }));
  return units;
}

Result<std::vector<std::pair<std::string, std::string>>> read_pairs(Connection& connection,
                                                                    const std::string& sql) {
  KEEL_TRY(Statement rows, connection.prepare(sql));
  std::vector<std::pair<std::string, std::string>> pairs;
  while (true) {
    KEEL_TRY(const bool row, rows.step());
    if (!row) return pairs;
    pairs.emplace_back(rows.text(0), rows.text(1));
  }
}

}  // namespace

Result<bool> has_schema(Connection& connection) {
  KEEL_TRY(const std::string version, connection.value("PRAGMA user_version"));
  KEEL_TRY(const std::string id, connection.value("PRAGMA application_id"));
  KEEL_TRY(const std::string entries, connection.value("SELECT count(*) FROM sqlite_schema"));
  if (version == "0" && id == "0" && entries == "0") return false;
  if (id != kApplicationId)
    return Error{ErrorCode::InvalidConfig, "the database was not made by keel", "",
                 "choose another output folder"};
  if (version != std::to_string(kSchemaVersion))
    return Error{ErrorCode::InvalidConfig,
                 "the study has schema version " + version + ", this keel reads version " +
                     std::to_string(kSchemaVersion),
                 "", "use the keel that made it, or choose another output folder"};
  return true;
}

Status create_schema(Connection& connection, const Head& head) {
  KEEL_TRY(Transaction transaction, Transaction::begin(connection));
  KEEL_TRY_STATUS(connection.execute(tables()));
  KEEL_TRY(Statement question, connection.prepare("INSERT INTO question VALUES (NULL, ?, ?)"));
  for (const auto& [name, value] : head.question) {
    KEEL_TRY_STATUS(question.bind(1, name).bind(2, value).run());
  }
  KEEL_TRY_STATUS(insert_units(connection, head.units));
  KEEL_TRY(Statement metric, connection.prepare("INSERT INTO metric VALUES (?, ?)"));
  for (std::size_t i = 0; i < head.metrics.size(); ++i) {
    KEEL_TRY_STATUS(metric.bind(1, static_cast<std::int64_t>(i)).bind(2, head.metrics[i]).run());
  }
  return transaction.commit();
}

Status update_reasons(Connection& connection, const std::vector<UnitRecord>& units) {
  KEEL_TRY(Transaction transaction, Transaction::begin(connection));
  KEEL_TRY(Statement update, connection.prepare("UPDATE unit SET reason = ? WHERE unit = ?"));
  for (std::size_t i = 0; i < units.size(); ++i) {
    KEEL_TRY_STATUS(update.bind(1, units[i].reason).bind(2, static_cast<std::int64_t>(i)).run());
  }
  return transaction.commit();
}

Status write_command(Connection& connection, const Command& command) {
  KEEL_TRY(Transaction transaction, Transaction::begin(connection));
  KEEL_TRY_STATUS(connection.execute("DELETE FROM command"));
  KEEL_TRY(Statement insert, connection.prepare("INSERT INTO command VALUES (NULL, ?, ?)"));
  for (const auto& [name, value] : command) {
    KEEL_TRY_STATUS(insert.bind(1, name).bind(2, value).run());
  }
  return transaction.commit();
}

Result<Command> read_command(Connection& connection) {
  return read_pairs(connection, "SELECT name, value FROM command ORDER BY position");
}

Result<Head> read_head(Connection& connection) {
  Head head;
  KEEL_TRY(head.question,
           read_pairs(connection, "SELECT name, value FROM question ORDER BY position"));
  KEEL_TRY(head.units, read_units(connection));
  KEEL_TRY(Statement metric, connection.prepare("SELECT name FROM metric ORDER BY position"));
  while (true) {
    KEEL_TRY(const bool row, metric.step());
    if (!row) break;
    head.metrics.push_back(metric.text(0));
  }
  return head;
}

}  // namespace keel::study
