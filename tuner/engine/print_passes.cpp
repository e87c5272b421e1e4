#include "tuner/engine/print_passes.h"

#include <algorithm>

#include "compiler/base/nearest.h"
#include "compiler/ir/text.h"
#include "tuner/engine/target.h"

namespace keel::engine {
namespace {

constexpr std::string_view kAll = "all";

Status check_pass(std::string_view pass) {
  const std::vector<std::string> known = pass_names();
  if (pass == kAll || std::ranges::find(known, pass) != known.end()) return Done{};
  const std::vector<std::string> near = nearest(pass, known, 1);
  std::string fix = "use ";
  if (!near.empty()) fix += "'" + near.front() + "' (nearest name), or ";
  fix += "one of all";
  for (const std::string& name : known) fix += ", " + name;
  return Error{ErrorCode::InvalidConfig, "there is no pass '" + std::string(pass) + "'",
               "--print_after", fix};
}

}  // namespace

std::vector<std::string> pass_names() {
  std::vector<std::string> names;
  for (const auto& pipeline : {passes::prepare_pipeline(), passes::variant_pipeline()})
    for (const passes::Pass& pass : pipeline) names.emplace_back(pass.name);
  return names;
}

Result<PassTexts> print_passes(const ModelOptions& options, std::string_view pass,
                               std::int64_t largest_constant) {
  KEEL_TRY_STATUS(check_pass(pass));
  PassTexts result;
  const auto add = [&](std::string_view name, const ir::Graph& graph) {
    if (pass != kAll && pass != name) return;
    result.text += "# after " + std::string(name) + "\n" + ir::print(graph, {largest_constant});
  };
  KEEL_TRY(const Target target, open_target(options, options.samples, add));
  KEEL_TRY_STATUS(target.prepared.compile(target.precisions(target.owners_variant()),
                                          passes::variant_pipeline(), add));
  result.warnings = target.warnings;
  return result;
}

}  // namespace keel::engine
