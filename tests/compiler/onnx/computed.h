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

inline Numbers numbers_of(const Tensor& tensor) {
  return with_host_type(tensor.dtype(), [&](auto element) {
    const auto values = tensor.as<decltype(element)>();
    return Numbers(values.begin(), values.end());
  });
}

/// The results of a model on `inputs`, with shapes that follow from the data as `example` has them.
inline Result<std::vector<Tensor>> results_of(const ModelBuilder& model,
                                              const std::vector<Tensor>& inputs,
                                              const std::vector<Tensor>& example,
                                              const LoadOptions& options = {}) {
  KEEL_TRY(Model loaded, load_built(model, options));
  passes::Context context;
  context.example = [&] { return Result<std::vector<Tensor>>(example); };
  KEEL_TRY_STATUS(passes::run(passes::prepare_pipeline(), loaded.graph, context));
  return program::run_on_host(loaded.graph, inputs);
}

/// The first result of a model on its inputs, as numbers; a test failure where there is none.
inline Numbers computed(const ModelBuilder& model, std::span<const Tensor> inputs) {
  const std::vector<Tensor> given(inputs.begin(), inputs.end());
  const Result<std::vector<Tensor>> outputs = results_of(model, given, given);
  if (outputs.ok()) return numbers_of(outputs->front());
  ADD_FAILURE() << to_text(outputs.error());
  return {};
}

}  // namespace keel::onnx_io
