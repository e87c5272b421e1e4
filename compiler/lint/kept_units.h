#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/lint/subject.h"

namespace keel::lint {

/// By UnitId: the first entry that names something the unit computes, or anything of a unit that
/// only moves elements; null without one. What a fused operator computes is kept if any of its
/// origins was named; a layout operator behind it stands alone for the vendor's compiler.
/// \returns  entries of `list`
std::vector<const ascend::KeepEntry*> entries_naming(const ir::Graph& prepared,
                                                     std::span<const passes::Unit> units,
                                                     const ascend::KeepList& list);

/// By UnitId: whether entries_naming() has one.
std::vector<bool> units_named(const ir::Graph& prepared, std::span<const passes::Unit> units,
                              const ascend::KeepList& list);

/// What the list keeps of the compiled model. \pre the subject outlives this
class KeptUnits {
 public:
  explicit KeptUnits(const Subject& subject);

  /// Units that nodes of the file became, each once.
  const std::vector<ir::UnitId>& units_of(ir::OriginId origin) const {
    return units_of_[index(origin)];
  }

  /// Why a keep of the unit changes nothing; empty where it does.
  const std::optional<std::string>& why_idle(ir::UnitId unit) const {
    return why_idle_[index(unit)];
  }

  /// The line of `--customize_dtypes` that gives dtypes to the first unit the entry names; null
  /// unless every unit of the entry has one.
  const ascend::CustomLine* overriding(const ascend::KeepEntry& entry) const;

  /// Whether the list names the unit, as units_named(), and that changes something.
  bool is_kept(ir::UnitId unit) const {
    return named_[index(unit)] && !why_idle_[index(unit)].has_value();
  }

  /// Whether the list keeps this node of the prepared graph, as the vendor's compiler sees it.
  bool is_kept(ir::NodeId node) const { return node_kept_[index(node)]; }

 private:
  std::vector<std::vector<ir::UnitId>> units_of_;      ///< indexed by OriginId
  std::vector<const ascend::CustomLine*> overriding_;  ///< indexed by UnitId
  std::vector<bool> named_;                            ///< indexed by UnitId
  std::vector<std::optional<std::string>> why_idle_;   ///< indexed by UnitId
  std::vector<bool> node_kept_;                        ///< indexed by NodeId
};

}  // namespace keel::lint
