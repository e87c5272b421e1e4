#include "tuner/engine/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/base/nearest.h"
#include "compiler/ir/text_names.h"

namespace keel::engine {
namespace {

Result<ir::OriginId> find_origin(const ir::Graph& graph, std::string_view node) {
  const auto found = std::ranges::find(graph.origins(), node, &ir::Origin::name);
  if (found != graph.origins().end())
    return static_cast<ir::OriginId>(found - graph.origins().begin());
  std::vector<std::string> names;
  for (const ir::Origin& origin : graph.origins()) names.push_back(origin.name);
  const std::vector<std::string> near = nearest(node, names, 3);
  std::string fix = "keel inspect lists the nodes";
  for (std::size_t i = 0; i < near.size(); ++i)
    fix = (i == 0 ? "use " : fix + " or ") + "'" + near[i] + "'";
  if (!near.empty()) fix += near.size() == 1 ? " (nearest name)" : " (nearest names)";
  return Error{ErrorCode::InvalidConfig, "the model has no node '" + std::string(node) + "'",
               "--node", std::move(fix)};
}

std::optional<ir::NodeId> find_node(const ir::Graph& graph, ir::OriginId origin) {
  for (const ir::NodeId id : graph.nodes())
    if (std::ranges::find(graph[id].origins, origin) != graph[id].origins.end()) return id;
  return std::nullopt;
}

std::string outcome(const ascend::Decision& decision, ascend::OpClass op) {
  const ascend::Precision& precision = decision.precision;
  const std::string certainty(mark(decision.certainty()));
  switch (precision.placement) {
    case ascend::Placement::AiCore:
      return fmt::format(
          "{} in, {} out{} ({})", name(precision.input), name(precision.output),
          op == ascend::OpClass::Vector
              ? ""
              : fmt::format(", multiplied in {}", ir::compute_name(precision.compute)),
          certainty);
    case ascend::Placement::AiCpu:
      return fmt::format("f32 on the AI CPU ({})", certainty);
    case ascend::Placement::None:
      return fmt::format("the compile fails ({})", certainty);
  }
  KEEL_CHECK(false);
  return {};
}

/// Tells the rules of one unit, with what they met in this model.
class Teller {
 public:
  Teller(const Target& target, std::size_t unit)
      : target_(target),
        unit_(target.prepared.units()[unit]),
        facts_(target.units[unit]),
        decisions_(target.decisions(target.owners_variant())),
        decision_(decisions_[unit]) {}

  std::string text() const {
    std::string text = "outcome: " + outcome(decision_, unit_.op.op_class) + "\n";
    if (facts_.nodes.size() > 1) {
      text += fmt::format("unit:    decided as one {} with", unit_.op.type);
      for (const std::string& node : facts_.nodes) text += " '" + node + "'";
      text += "\n";
    }
    text += "search:  " + (facts_.reason.empty() ? "free to keep or lower it" : facts_.reason);
    if (facts_.follows)
      text += ", and lowered only with '" + target_.units[*facts_.follows].name + "'";
    text += "\nrules:\n";
    int number = 0;
    for (const ascend::Rule rule : decision_.chain) {
      const ascend::RuleText& known = ascend::describe(rule);
      text += fmt::format("{:3} ({}) {}{}\n        source: {}\n", ++number, mark(known.certainty),
                          known.text, detail(rule), known.source);
    }
    return text;
  }

 private:
  std::string detail(ascend::Rule rule) const {
    using enum ascend::Rule;
    if (rule == OnKeepList) return ": " + facts_.reason;
    if (rule == CubeByType || rule == OtherByType) return ": " + unit_.op.type;
    if (rule == WantsReduced || rule == WantsOrigin || rule == WantsFp32 ||
        rule == WantsFp16InFp32Out)
      return ": " + std::string(ascend::name(target_.rules.mode));
    if (rule == White || rule == Black || rule == Gray) {
      const bool moved =
          std::ranges::find(target_.moved_types, unit_.op.type) != target_.moved_types.end();
      return ": " + unit_.op.type + (moved ? ", moved there by --modify_mixlist" : "");
    }
    if (rule == GrayFollows) {
      const std::size_t leader = index(*unit_.predecessor);
      return ": '" + target_.units[leader].name + "' hands out " +
             std::string(keel::name(decisions_[leader].precision.output));
    }
    return "";
  }

  const Target& target_;
  const passes::Unit& unit_;
  const UnitFacts& facts_;
  std::vector<ascend::Decision> decisions_;
  const ascend::Decision& decision_;
};

}  // namespace

Result<std::string> explain(const Target& target, std::string_view node) {
  const ir::Graph& graph = target.prepared.graph();
  KEEL_TRY(const ir::OriginId origin, find_origin(graph, node));
  const ir::Origin& known = graph[origin];
  std::string text = fmt::format("node '{}': {}, at the vendor's {}, under {} on {}\n", known.name,
                                 known.onnx_op, target.op_table.primary_type(known.onnx_op),
                                 ascend::name(target.rules.mode), target.soc.name);
  const std::optional<ir::NodeId> id = find_node(graph, origin);
  if (!id) return text + "outcome: folded into constants: no rule applies\n";
  if (!graph[*id].unit) return text + "outcome: it computes no floats: no rule applies\n";
  return text + Teller(target, index(*graph[*id].unit)).text();
}

Result<Explanation> explain(const ModelOptions& options, std::string_view node) {
  KEEL_TRY(Target target, open_target(options, options.samples));
  KEEL_TRY(std::string text, explain(target, node));
  return Explanation{std::move(text), std::move(target.warnings)};
}

}  // namespace keel::engine
