#include "tuner/engine/load_options.h"

#include "profiler/accuracy/dataset.h"
#include "profiler/accuracy/sample_shapes.h"
#include "tuner/engine/ports.h"

namespace keel::engine {
namespace {

using onnx_io::DeclaredInput;

// The shape of `input`, where the file or the flags fix it.
std::optional<Shape> known_shape(const DeclaredInput& input, const onnx_io::InputShapes& shapes) {
  if (const auto chosen = shapes.find(input.name); chosen != shapes.end()) return chosen->second;
  if (input.is_dynamic()) return std::nullopt;
  Shape shape;
  for (const std::optional<std::int64_t>& extent : input.extents) shape.push_back(*extent);
  return shape;
}

bool decides(const TensorType& type) {
  return !is_tunable_float(type.dtype) && type.dtype != DType::F64 &&
         element_count(type.shape) == 1;
}

}  // namespace

Result<ChosenOptions> choose_load_options(const ModelOptions& options,
                                          const std::optional<std::filesystem::path>& data) {
  ChosenOptions chosen;
  onnx_io::LoadOptions& load = chosen.load;
  KEEL_TRY(load.shapes, onnx_io::parse_input_shapes(options.input_shape));
  KEEL_TRY(load.values, onnx_io::parse_input_values(options.input_value));
  load.loop_iterations = options.loop_iterations;
  if (!data) return chosen;
  if (std::error_code code; !std::filesystem::is_directory(*data, code))
    return Error{ErrorCode::NotReadable, "there is no such folder of samples", data->string(),
                 "give --data a folder with 000.npy, 001.npy, ..."};
  KEEL_TRY(const std::vector<DeclaredInput> inputs, onnx_io::declared_inputs(options.model));
  std::vector<accuracy::Port> ports;
  for (const DeclaredInput& input : inputs)
    if (!load.values.contains(input.name)) ports.push_back({input.name, {}});
  std::string taken;
  for (const DeclaredInput& input : inputs) {
    if (load.values.contains(input.name) || known_shape(input, load.shapes)) continue;
    KEEL_TRY(const Shape shape, accuracy::sample_shape(*data, ports, input.name));
    const std::string extents = to_text(shape);
    if (!input.takes(shape))
      return Error{ErrorCode::InvalidConfig,
                   "the samples of input '" + input.name + "' are " + extents +
                       ", the model takes " + input.text,
                   data->string(), "give samples of the model's rank and fixed extents"};
    taken += (taken.empty() ? "" : ";") + input.name + ":" + extents.substr(1, extents.size() - 2);
    load.shapes.emplace(input.name, shape);
  }
  if (!taken.empty())
    chosen.note =
        "note: the model leaves shapes open; the samples have --input_shape \"" + taken + "\"";

  for (const DeclaredInput& input : inputs) {
    if (load.values.contains(input.name)) continue;
    const TensorType type{input.dtype, *known_shape(input, load.shapes)};
    if (!decides(type)) continue;
    KEEL_TRY(std::optional<Tensor> content,
             accuracy::constant_sample(*data, ports, {input.name, type}));
    if (content) load.known_inputs.emplace(input.name, *std::move(content));
  }
  return chosen;
}

Result<std::vector<Tensor>> example_inputs(const ir::Graph& graph,
                                           const std::optional<std::filesystem::path>& data) {
  if (!data)
    return Error{ErrorCode::Unsupported, "the shape of a result follows from the data", "",
                 "give --data: the shapes that the first sample has stand for all"};
  return accuracy::first_sample(*data, input_ports(graph));
}

}  // namespace keel::engine
