#include "tuner/engine/batched_model.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "tuner/engine/load_options.h"

namespace keel::engine {
namespace {

Error cannot(std::string what, std::string where = "") {
  return {ErrorCode::Unsupported, std::move(what), std::move(where), ""};
}

Shape times_first(Shape shape, std::size_t size) {
  shape.front() *= static_cast<std::int64_t>(size);
  return shape;
}

// The extents of every input, the first of which is to grow.
Result<std::string> grown_shapes(const ModelOptions& options, const ir::Graph& graph,
                                 std::size_t size) {
  KEEL_TRY(const std::vector<onnx_io::DeclaredInput> declared,
           onnx_io::declared_inputs(options.model));
  std::string text;
  for (const ir::ValueId input : graph.inputs()) {
    const ir::Value& value = graph[input];
    const auto it = std::ranges::find(declared, value.name, &onnx_io::DeclaredInput::name);
    const bool grows = it != declared.end() && !value.type.shape.empty() &&
                       (!it->has_rank || !it->extents.front().has_value());
    if (!grows) return cannot("the file fixes the first extent", "input '" + value.name + "'");
    const std::string extents = to_text(times_first(value.type.shape, size));
    text += (text.empty() ? "" : ";") + value.name + ":" + extents.substr(1, extents.size() - 2);
  }
  return text;
}

// Weights are in memory once, and what is made of them.
void share_constants(const ir::Graph& from, ir::Graph& graph) {
  std::map<std::string_view, ir::ValueId> by_name;
  for (const ir::ValueId value : from.values())
    if (from[value].constant) by_name.emplace(from[value].name, value);
  for (const ir::ValueId value : graph.values()) {
    if (!graph[value].constant || graph.is_output(value) || graph.is_input(value)) continue;
    const auto same = by_name.find(graph[value].name);
    if (same == by_name.end()) continue;
    const Tensor& theirs = *from[same->second].constant;
    const Tensor& ours = *graph[value].constant;
    if (theirs.type() != ours.type() || !std::ranges::equal(theirs.bytes(), ours.bytes())) continue;
    graph.replace_uses(value, graph.add_constant(graph[value].name + "/shared", theirs));
    graph.erase_unused(value);
  }
}

Status check_varies(const ir::Graph& graph) {
  for (const ir::NodeId id : graph.nodes())
    if (graph.varies(id)) return cannot("shapes follow from the data", graph.describe(id));
  return Done{};
}

// What goes in and comes out is that of `one`, `size` times along the first extent.
Status check_ports(const ir::Graph& one, const ir::Graph& many, std::size_t size) {
  if (one.inputs().size() != many.inputs().size())
    return cannot("it takes other inputs than for one sample");
  for (std::size_t i = 0; i < one.outputs().size(); ++i) {
    TensorType type = one[one.outputs()[i]].type;
    const ir::Value& output = many[many.outputs()[i]];
    const std::string where = "output '" + output.name + "'";
    if (type.shape.empty()) return cannot("it has no extent that could grow", where);
    type.shape = times_first(type.shape, size);
    if (output.type != type)
      return cannot("it is " + to_text(output.type) + ", not " + to_text(type), where);
  }
  return Done{};
}

Status check_units(std::span<const passes::Unit> one, std::span<const passes::Unit> many) {
  const auto alike = [](const passes::Unit& a, const passes::Unit& b) {
    return a.origins == b.origins && a.op.type == b.op.type;
  };
  if (!std::ranges::equal(one, many, alike))
    return cannot("it becomes other operators than for one sample");
  return Done{};
}

}  // namespace

Result<std::vector<std::vector<Tensor>>> BatchedProgram::run(
    std::span<const Tensor> inputs, const program::HostOptions& options) const {
  KEEL_TRY(const std::vector<Tensor> outputs, host_.run(inputs, options));
  std::vector<std::vector<Tensor>> of_samples(size_);
  for (const Tensor& output : outputs) {
    Shape shape = output.shape();
    shape.front() /= static_cast<std::int64_t>(size_);
    const std::size_t bytes = output.bytes().size() / size_;
    const auto whole = std::make_shared<const Tensor>(output);
    for (std::size_t s = 0; s < size_; ++s)
      of_samples[s].emplace_back(output.dtype(), shape, whole, output.bytes().data() + s * bytes);
  }
  return of_samples;
}

Result<BatchedModel> BatchedModel::open(const ModelOptions& options,
                                        const std::optional<std::filesystem::path>& data,
                                        const Target& target, std::size_t size) {
  const ir::Graph& one = target.prepared.graph();
  KEEL_TRY_STATUS(check_varies(one));
  ModelOptions grown = options;
  KEEL_TRY(grown.input_shape, grown_shapes(options, one, size));
  KEEL_TRY(const ChosenOptions chosen, choose_load_options(grown, data));
  KEEL_TRY(onnx_io::Model source, onnx_io::load(options.model, chosen.load));
  share_constants(target.source.graph, source.graph);
  KEEL_TRY(program::PreparedModel prepared,
           program::PreparedModel::prepare(std::move(source.graph), target.op_table, target.soc));
  KEEL_TRY_STATUS(check_varies(prepared.graph()));
  KEEL_TRY_STATUS(check_ports(one, prepared.graph(), size));
  KEEL_TRY_STATUS(check_units(target.prepared.units(), prepared.units()));
  return BatchedModel(std::move(prepared), size);
}

std::vector<Tensor> BatchedModel::stack(const accuracy::Dataset& data,
                                        std::span<const std::size_t> samples) const {
  std::vector<Tensor> stacked;
  for (std::size_t i = 0; i < prepared_.graph().inputs().size(); ++i) {
    const TensorType& type = prepared_.graph()[prepared_.graph().inputs()[i]].type;
    const std::size_t bytes = data.samples[samples.front()].inputs[i].bytes().size();
    const auto whole =
        std::make_shared<Tensor>(DType::U8, Shape{static_cast<std::int64_t>(bytes * size_)});
    std::span<std::uint8_t> to = whole->fill<std::uint8_t>();
    for (std::size_t s = 0; s < size_; ++s) {
      const std::size_t sample = samples[std::min(s, samples.size() - 1)];
      std::memcpy(to.subspan(s * bytes, bytes).data(),
                  data.samples[sample].inputs[i].bytes().data(), bytes);
    }
    stacked.emplace_back(type.dtype, type.shape, whole, whole->bytes().data());
  }
  return stacked;
}

Result<std::unique_ptr<BatchedProgram>> BatchedModel::compile(
    std::span<const ascend::Precision> precisions) const {
  KEEL_TRY(program::Program program, prepared_.compile(precisions));
  return std::make_unique<BatchedProgram>(std::move(program), size_);
}

}  // namespace keel::engine
