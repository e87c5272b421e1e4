#pragma once

#include "compiler/ascend/precision_mode.h"
#include "tests/support/graph_text.h"
#include "tuner/engine/reference.h"
#include "tuner/engine/roundings.h"

namespace keel::engine {

template <class T>
T must(Result<T> result) {
  KEEL_CHECK(result.ok());
  return *std::move(result);
}

/// The target of a graph in text form, no unit of it fixed.
inline Target target_of(std::string_view text,
                        ascend::PrecisionMode mode = ascend::PrecisionMode::ForceFp16,
                        std::string_view soc_name = "Ascend910B3") {
  const std::filesystem::path configs = must(ascend::config_folder());
  ascend::Soc soc = must(ascend::load_soc(configs, soc_name));
  ascend::OpTable table = must(ascend::OpTable::load(configs));
  program::PreparedModel prepared =
      must(program::PreparedModel::prepare(test::parse(text), table, soc));
  const ascend::PrecisionRules rules = ascend::rules_of(mode, {}, soc);
  std::vector<UnitFacts> units(prepared.units().size());
  return {std::move(soc),      std::move(table), rules, {}, {},
          std::move(prepared), std::move(units), {},    {}};
}

/// Ranges of every value over samples of the one input, in what `roundings` lower to.
inline std::vector<accuracy::Range> ranges_of(const Target& target,
                                              const std::vector<Rounding>& roundings,
                                              const std::vector<std::vector<float>>& samples) {
  const ir::Graph& graph = target.prepared.graph();
  accuracy::Dataset data;
  for (const std::vector<float>& values : samples)
    data.samples.push_back({"s", {make_f32(graph[graph.inputs()[0]].type.shape, values)}});
  return must(run_reference(target, data, {}, lowered_dtypes(target, roundings), {})).ranges;
}

}  // namespace keel::engine
