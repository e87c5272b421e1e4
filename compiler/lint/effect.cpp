#include <algorithm>

#include "compiler/lint/families.h"
#include "compiler/lint/kept_units.h"

namespace keel::lint {
namespace {

struct Reason {
  FindingKind kind;
  std::string text;
};

/// Why naming a node changes nothing.
class Effect {
 public:
  explicit Effect(const Subject& subject)
      : subject_(subject),
        kept_(subject),
        imported_(flags(subject.list.model.graph)),
        left_(flags(subject.prepared)) {}

  /// That is another finding.
  bool is_overridden(const ascend::KeepEntry& entry) const {
    return kept_.overriding(entry) != nullptr;
  }

  /// Empty where it changes something.
  std::optional<Reason> why_idle(ir::OriginId origin) const {
    const std::vector<ir::UnitId>& units = kept_.units_of(origin);
    if (units.empty()) return without_unit(origin);
    for (const ir::UnitId unit : units)
      if (!kept_.why_idle(unit)) return std::nullopt;
    return Reason{kind_of(units.front()), *kept_.why_idle(units.front())};
  }

 private:
  static std::vector<bool> flags(const ir::Graph& graph) {
    std::vector<bool> has_node(graph.origins().size(), false);
    for (const ir::NodeId id : graph.nodes())
      for (const ir::OriginId origin : graph[id].origins) has_node[index(origin)] = true;
    return has_node;
  }

  // The text of the reason is that of the rules; scripts see the kind.
  FindingKind kind_of(ir::UnitId unit) const {
    const passes::Unit& facts = subject_.units[index(unit)];
    if (ascend::is_cube(facts.op.op_class) && !subject_.rules.cube_fp32)
      return FindingKind::CubeWithoutFp32;
    const ascend::KernelSet& kernels = facts.op.kernels;
    return kernels.fp16 != ascend::Support::No && kernels.fp32 == ascend::Support::No
               ? FindingKind::NoFp32Kernel
               : FindingKind::SameEitherWay;
  }

  Reason without_unit(ir::OriginId origin) const {
    if (!imported_[index(origin)]) return {FindingKind::NeverRun, "nothing of it runs on the NPU"};
    if (left_[index(origin)]) return {FindingKind::NoFloats, "it reads and makes no float"};
    const std::string_view pass = subject_.removals.pass_of(origin);
    if (pass == "eliminate-identity")
      return {FindingKind::RemovedIdentity, "it hands on its input and is removed"};
    if (pass == "eliminate-dead-code")
      return {FindingKind::DeadCode, "no output of the model depends on it"};
    return {FindingKind::FoldedNode, "it is computed at compile time"};
  }

  const Subject& subject_;
  KeptUnits kept_;
  std::vector<bool> imported_, left_;  ///< indexed by OriginId
};

}  // namespace

std::vector<Finding> check_effect(const Subject& subject) {
  const std::string& file = subject.list.file;
  if (subject.rules.mode == ascend::PrecisionMode::MustKeepOriginDtype)
    return {{FindingKind::ModeKeepsAll, file, 0,
             "the list takes no effect under " + std::string(name(subject.rules.mode)),
             "leave out --keep_dtype, or choose another --precision_mode"}};

  std::vector<Finding> findings;
  const Effect effect(subject);
  for (const ascend::KeepEntry& entry : subject.list.list.entries) {
    if (entry.nodes.empty() || effect.is_overridden(entry)) continue;
    std::optional<Reason> reason;
    for (const ir::OriginId origin : entry.nodes) {
      reason = effect.why_idle(origin);
      if (!reason) break;
    }
    if (!reason) continue;
    findings.push_back({reason->kind, file, entry.line,
                        "keep entry '" + entry.text + "' takes no effect: " + reason->text,
                        "delete the line", Edit{Edit::Action::Remove}});
  }
  return findings;
}

}  // namespace keel::lint
