#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/ascend/keep_list.h"
#include "compiler/ascend/op_table.h"
#include "compiler/ascend/soc.h"
#include "compiler/onnx/load.h"
#include "compiler/program/compile.h"
#include "tuner/engine/options.h"
#include "tuner/engine/owner_files.h"
#include "tuner/search/space.h"

namespace keel::engine {

/// What is known of a unit before anything ran.
struct UnitFacts {
  std::string name;                       ///< of its first node
  std::vector<std::string> nodes;         ///< names, in file order
  std::vector<std::uint64_t> positions;   ///< of nodes, in the model file
  std::vector<std::string> ascend_types;  ///< of nodes
  std::string unit_class;                 ///< "cube", "vector", "layout"
  search::UnitState state = search::UnitState::Free;
  std::string reason;  ///< why it is not free: a rule, the owner's line or demand
  bool owner_keeps = false;
  bool must_be_kept = false;  ///< lowered it leaves the AI Core or does not compile
  ascend::Request request;    ///< what the owner's files ask of it beside the keep list
  /// In a mixed mode: the free unit it is lowered with, unless it is kept. Of a unit whose format
  /// is chosen where it is kept: the unit that decides it.
  std::optional<search::UnitIndex> follows;
  std::optional<search::UnitIndex> gang = {};  ///< see search::Unit
  /// Of a unit that stands for no node: the unit which computes in fp32, where it is kept, if this
  /// is kept too, else in Target::format.
  std::optional<search::UnitIndex> format_of = {};
};

/// A model prepared for a chip, a mode and the owner's keep list.
struct Target {
  ascend::Soc soc;
  ascend::OpTable op_table;
  ascend::PrecisionRules rules;
  ascend::KeepList keep_list;
  onnx_io::Model source;  ///< `graph` is as imported: for names and shapes
  program::PreparedModel prepared;
  std::vector<UnitFacts> units;  ///< indexed by UnitId; behind them those with a format_of
  std::vector<Error> warnings;
  std::vector<std::string> notes;             ///< lines for the user
  std::optional<Format> format = {};          ///< of the units with a format_of
  std::vector<std::string> moved_types = {};  ///< that --modify_mixlist moved
  std::vector<OwnerFile> files = {};          ///< that decide dtypes beside the keep list
  /// Nodes of the owner's list that move elements behind an operator which it does not name: in
  /// every list, whatever the search finds.
  std::vector<std::string> lone_layout = {};

  std::size_t free_units() const;

  /// The variant of the owner's list alone: every unit it does not keep follows the mode.
  search::Assignment owners_variant() const;

  /// Whether the unit has the choice, is not lowered, and computes in `format` and not in fp32.
  bool is_in_format(const search::Assignment& assignment, std::size_t unit) const;

  /// Every free unit at `bit`, the others at theirs.
  search::Assignment uniform(std::uint8_t bit) const;

  /// Every unit lowered that any assignment or a shorter list of the owner's may lower.
  search::Assignment everything_lowered() const;

  /// Lowers `unit` and what it follows.
  void lower(search::Assignment& assignment, search::UnitIndex unit) const;

  /// "force_fp16 on Ascend910B3, 12 of 94 nodes kept", of owners_variant().
  std::string describe() const;

  /// Dtypes of every unit under an assignment, with the rules that led there. A follower of a unit
  /// that is not lowered is not lowered either, whatever its bit.
  std::vector<ascend::Decision> decisions(const search::Assignment& assignment) const;

  /// The dtypes of decisions().
  std::vector<ascend::Precision> precisions(const search::Assignment& assignment) const;
};

/// Loads and prepares everything that does not need the content of data.
/// \param data  samples whose shapes the model gets where it leaves them open; may be empty
/// \param after  called after each pass of the prepare pipeline
/// \error what loading the model, the SoC, the tables or the keep list gives
Result<Target> open_target(const ModelOptions& options,
                           const std::optional<std::filesystem::path>& data,
                           const passes::AfterPass& after = {});

}  // namespace keel::engine
