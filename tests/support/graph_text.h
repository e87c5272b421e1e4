#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/error_text.h"
#include "compiler/base/random.h"
#include "compiler/ir/text.h"
#include "compiler/program/host_execution.h"

namespace keel::test {

/// The graph of a text; a test failure where it does not parse.
inline ir::Graph parse(std::string_view text) {
  Result<ir::Graph> graph = ir::parse(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : to_text(graph.error()));
  return graph.ok() ? *std::move(graph) : ir::Graph();
}

/// Seeded numbers in [-scale, scale) for each input of a graph.
inline std::vector<Tensor> random_inputs(const ir::Graph& graph, std::uint64_t seed,
                                         double scale = 1) {
  Rng rng(seed);
  std::vector<Tensor> inputs;
  for (const ir::ValueId id : graph.inputs()) {
    Tensor tensor(DType::F32, graph[id].type.shape);
    for (float& element : tensor.fill<float>())
      element = static_cast<float>((2 * rng.uniform() - 1) * scale);
    inputs.push_back(std::move(tensor));
  }
  return inputs;
}

/// The elements of the first output.
inline std::vector<float> run(const ir::Graph& graph, std::span<const Tensor> inputs,
                              Overflow overflow = Overflow::InfNan) {
  const Result<std::vector<Tensor>> outputs =
      program::run_on_host(graph, inputs, {overflow, nullptr, {}, {}});
  EXPECT_TRUE(outputs.ok()) << (outputs.ok() ? "" : to_text(outputs.error()));
  if (!outputs.ok()) return {};
  const std::span<const float> elements = outputs->front().as<float>();
  return {elements.begin(), elements.end()};
}

}  // namespace keel::test
