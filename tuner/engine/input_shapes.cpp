#include "tuner/engine/input_shapes.h"

#include "profiler/accuracy/sample_shapes.h"

namespace keel::engine {

Result<ChosenShapes> choose_input_shapes(const ModelOptions& options,
                                         const std::optional<std::filesystem::path>& data) {
  ChosenShapes chosen;
  KEEL_TRY(chosen.shapes, onnx_io::parse_input_shapes(options.input_shape));
  if (!data) return chosen;
  KEEL_TRY(const std::vector<onnx_io::DeclaredInput> inputs,
           onnx_io::declared_inputs(options.model));
  std::vector<accuracy::Port> ports;
  for (const onnx_io::DeclaredInput& input : inputs) ports.push_back({input.name, {}});
  std::string taken;
  for (const onnx_io::DeclaredInput& input : inputs) {
    if (!input.is_dynamic() || chosen.shapes.contains(input.name)) continue;
    KEEL_TRY(const Shape shape, accuracy::sample_shape(*data, ports, input.name));
    const std::string extents = to_text(shape);
    if (!input.takes(shape))
      return Error{ErrorCode::InvalidConfig,
                   "the samples of input '" + input.name + "' are " + extents +
                       ", the model takes " + input.text,
                   data->string(), "give samples of the model's rank and fixed extents"};
    taken += (taken.empty() ? "" : ";") + input.name + ":" + extents.substr(1, extents.size() - 2);
    chosen.shapes.emplace(input.name, shape);
  }
  if (!taken.empty())
    chosen.note =
        "note: the model leaves shapes open; the samples have --input_shape \"" + taken + "\"";
  return chosen;
}

}  // namespace keel::engine
