#pragma once

#include "tuner/study/head.h"
#include "tuner/study/sqlite.h"

namespace keel::study {

/// Of the tables in README.md; raised by every change to them.
inline constexpr int kSchemaVersion = 8;

/// Whether the database holds a study, or nothing at all yet.
/// \error InvalidConfig  another program made it, or a keel with another schema version
Result<bool> has_schema(Connection& connection);

/// Makes the tables and stores `head`, all or nothing.
Status create_schema(Connection& connection, const Head& head);

/// Replaces the reason of every unit. \pre `units` are those stored
Status update_reasons(Connection& connection, const std::vector<UnitRecord>& units);

/// Replaces the command, all or nothing.
Status write_command(Connection& connection, const Command& command);
Result<Command> read_command(Connection& connection);

/// \error StudyCorrupt  rows are missing or make no sense
Result<Head> read_head(Connection& connection);

}  // namespace keel::study
