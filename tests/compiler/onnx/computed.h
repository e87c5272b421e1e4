#pragma once

#include <span>
#include <vector>

#include "compiler/base/error_text.h"
#include "compiler/base/host_type.h"
#include "compiler/passes/pipeline.h"
#include "compiler/program/host_execution.h"
#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {

using Numbers = std::vector<double>;

/// The first result of a model on its inputs, as numbers; a test failure where there is none.
inline Numbers computed(const ModelBuilder& model, std::span<const Tensor> inputs) {
  Result<Model> loaded = load_built(model);
  if (!loaded.ok()) {
    ADD_FAILURE() << to_text(loaded.error());
    return {};
  }
  const Status prepared = passes::run(passes::prepare_pipeline(), loaded->graph, {});
  if (!prepared.ok()) {
    ADD_FAILURE() << to_text(prepared.error());
    return {};
  }
  const auto outputs = program::run_on_host(loaded->graph, inputs);
  if (!outputs.ok()) {
    ADD_FAILURE() << to_text(outputs.error());
    return {};
  }
  const Tensor& y = outputs->front();
  return with_host_type(y.dtype(), [&](auto element) {
    const auto values = y.as<decltype(element)>();
    return Numbers(values.begin(), values.end());
  });
}

}  // namespace keel::onnx_io
