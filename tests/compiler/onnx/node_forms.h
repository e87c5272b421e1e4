#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/compiler/onnx/model_builder.h"

namespace keel::onnx_io {

/// What one node on input x: f32[2,3] is imported as: the lines between the input and the return.
inline std::string form(
    std::int64_t opset, const std::string& op,
    const std::function<void(ModelBuilder&)>& edit = [](ModelBuilder&) {}) {
  ModelBuilder model(opset);
  model.input("x", {2, 3}).node(op, {"x"}, {"y"});
  edit(model);
  model.output("y");
  const std::string text = imported(model);
  const std::string begin = "x: f32[2,3] = input\n", end = "return y\n";
  if (!text.starts_with(begin) || !text.ends_with(end)) return text;
  return text.substr(begin.size(), text.size() - begin.size() - end.size());
}

inline std::string node(const std::string& text) { return "y = " + text + " origins=[\"n_y\"]\n"; }

}  // namespace keel::onnx_io
