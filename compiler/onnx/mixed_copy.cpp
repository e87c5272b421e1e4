#include "compiler/onnx/mixed_copy.h"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "compiler/base/file.h"
#include "compiler/onnx/mixed_tensors.h"
#include "compiler/onnx/nested_nodes.h"
#include "compiler/onnx/proto_file.h"

namespace keel::onnx_io {
namespace {

namespace fs = std::filesystem;
using ::onnx::AttributeProto;
using ::onnx::GraphProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using ::onnx::ValueInfoProto;
using Source = MixedValue::Source;

// Before IR 4 every initializer is an input too.
constexpr std::int64_t kInitializersNeedNoInput = 4;

void set_type(ValueInfoProto& info, int element_type) {
  info.mutable_type()->mutable_tensor_type()->set_elem_type(element_type);
}

// What a Constant that holds floats holds.
TensorProto constant_tensor(const NodeProto& node) {
  TensorProto tensor;
  for (const AttributeProto& attribute : node.attribute()) {
    if (attribute.name() == "value") tensor = attribute.t();
    if (attribute.name() == "value_float") tensor.add_float_data(attribute.f());
    if (attribute.name() != "value_floats") continue;
    *tensor.mutable_float_data() = attribute.floats();
    tensor.add_dims(attribute.floats_size());
  }
  tensor.set_data_type(TensorProto::FLOAT);
  return tensor;
}

void hold(NodeProto& constant, TensorProto tensor) {
  constant.clear_attribute();
  AttributeProto& value = *constant.add_attribute();
  value.set_name("value");
  value.set_type(AttributeProto::TENSOR);
  *value.mutable_t() = std::move(tensor);
}

class Rewrite {
 public:
  Rewrite(const MixedPlan& plan, MixedTensors& tensors, TakenNames names,
          const ::onnx::ModelProto& model)
      : plan_(plan),
        tensors_(tensors),
        names_(std::move(names)),
        ir_version_(model.ir_version()),
        weights_in_file_(std::ranges::any_of(model.graph().initializer(), is_external)) {}

  Status run(GraphProto& graph) {
    const MixedGraph& planned = plan_.graphs.at(&graph);
    google::protobuf::RepeatedPtrField<NodeProto> nodes;
    nodes.Swap(graph.mutable_node());
    for (const ValueInfoProto& input : graph.input())
      add_cast(graph, planned.values.at(input.name()));
    for (const std::size_t i : planned.order) {
      NodeProto& node = nodes[static_cast<int>(i)];
      const MixedNode& plan = plan_.nodes.at(&node);
      KEEL_TRY_STATUS(rewrite(node, plan));
      const bool is_constant = node.op_type() == "Constant";
      if (is_constant && value(plan.outputs[0]).is_left_over()) continue;
      if (plan.folded != nullptr) {
        KEEL_TRY_STATUS(fold(graph, node, *plan.folded));
      }
      graph.add_node()->Swap(&node);
      for (const std::size_t output : plan.outputs) {
        if (is_constant) {
          KEEL_TRY_STATUS(add_half_constant(graph, graph.node_size() - 1, output));
        } else {
          add_cast(graph, output);
        }
      }
    }
    KEEL_TRY_STATUS(rewrite_initializers(graph, planned));
    rewrite_types(graph, planned);
    return Done{};
  }

  std::size_t casts() const { return casts_; }

 private:
  const MixedValue& value(std::size_t id) const { return plan_.values[id]; }

  // Where a value is needed in the dtype it is not made in. Once for all readers, those in
  // subgraphs included, right where it is made.
  void add_cast(GraphProto& graph, std::size_t id) {
    const MixedValue& cast = value(id);
    if (!cast.is_float || cast.source == Source::Stored) return;
    const bool to_half = !cast.computed_half;
    if (to_half ? !cast.wants_half : !cast.wants_single) return;
    NodeProto& node = *graph.add_node();
    node.set_name(names_.make(cast.name + (to_half ? "/to_float16" : "/to_float32")));
    node.set_op_type("Cast");
    node.add_input(cast.read_as(!to_half));
    node.add_output(cast.read_as(to_half));
    AttributeProto& to = *node.add_attribute();
    to.set_name("to");
    to.set_type(AttributeProto::INT);
    to.set_i(to_half ? TensorProto::FLOAT16 : TensorProto::FLOAT);
    ++casts_;
  }

  Status rewrite(NodeProto& node, const MixedNode& planned) {
    for (AttributeProto& attribute : *node.mutable_attribute()) {
      if (attribute.has_g()) {
        KEEL_TRY_STATUS(run(*attribute.mutable_g()));
      }
    }
    for (int i = 0; i < node.input_size(); ++i) {
      const std::size_t id = planned.inputs[static_cast<std::size_t>(i)];
      if (id != kNoMixedValue && value(id).is_float)
        node.set_input(i, value(id).read_as(planned.reads_half[static_cast<std::size_t>(i)]));
    }
    for (int i = 0; i < node.output_size(); ++i) {
      const MixedValue& made = value(planned.outputs[static_cast<std::size_t>(i)]);
      if (made.computed_half) node.set_output(i, made.half_name);
    }
    if (node.op_type() == "Constant" && !planned.outputs.empty() &&
        is_stored_as_half(value(planned.outputs[0]))) {
      KEEL_TRY(TensorProto half, tensors_.half(constant_tensor(node)));
      hold(node, std::move(half));
      return Done{};
    }
    const bool casts_to_half = node.op_type() == "Cast" && value(planned.outputs[0]).computed_half;
    for (AttributeProto& attribute : *node.mutable_attribute()) {
      if (casts_to_half && attribute.name() == "to") attribute.set_i(TensorProto::FLOAT16);
      if (attribute.has_t() && !needs_original(node, planned)) {
        KEEL_TRY_STATUS(tensors_.keep(*attribute.mutable_t()));
      }
      for (TensorProto& tensor : *attribute.mutable_tensors()) {
        KEEL_TRY_STATUS(tensors_.keep(tensor));
      }
    }
    return Done{};
  }

  Status fold(GraphProto& graph, NodeProto& node, const FoldedNorm& folded) {
    if (node.op_type() != "Conv") {
      node.set_op_type("Identity");
      node.mutable_input()->DeleteSubrange(1, node.input_size() - 1);
      node.clear_attribute();
      return Done{};
    }
    const std::string stem = node.output(0);
    node.mutable_input()->DeleteSubrange(1, node.input_size() - 1);
    for (const auto& [suffix, content] :
         {std::pair("/folded_weight", &folded.weight), std::pair("/folded_bias", &folded.bias)}) {
      KEEL_TRY(TensorProto half,
               tensors_.half(names_.make(stem + suffix), *content, weights_in_file_));
      node.add_input(half.name());
      folded_[&graph].push_back(std::move(half));
    }
    return Done{};
  }

  static bool is_stored_as_half(const MixedValue& stored) {
    return stored.source == Source::Stored && stored.half_name == stored.name;
  }
  static bool has_half_copy(const MixedValue& stored) {
    return stored.source == Source::Stored && stored.wants_half && stored.wants_single;
  }

  // A Constant whose copy is still to be made of the tensor in its place.
  bool needs_original(const NodeProto& node, const MixedNode& planned) const {
    return node.op_type() == "Constant" && has_half_copy(value(planned.outputs[0]));
  }

  // A Constant that both kinds of nodes read has a second one beside it.
  Status add_half_constant(GraphProto& graph, int position, std::size_t id) {
    if (!has_half_copy(value(id))) return Done{};
    NodeProto& original = *graph.mutable_node(position);
    KEEL_TRY(TensorProto half, tensors_.half(constant_tensor(original)));
    for (AttributeProto& attribute : *original.mutable_attribute())
      if (attribute.has_t()) {
        KEEL_TRY_STATUS(tensors_.keep(*attribute.mutable_t()));
      }
    NodeProto& copy = *graph.add_node();
    copy.set_name(names_.make(value(id).name + "/constant_float16"));
    copy.set_op_type("Constant");
    copy.add_output(value(id).half_name);
    half.set_name(value(id).half_name);
    hold(copy, std::move(half));
    return Done{};
  }

  Status rewrite_initializers(GraphProto& graph, const MixedGraph& planned) {
    google::protobuf::RepeatedPtrField<TensorProto> tensors;
    tensors.Swap(graph.mutable_initializer());
    std::vector<TensorProto> added;
    for (TensorProto& tensor : tensors) {
      const MixedValue& stored = value(planned.values.at(tensor.name()));
      if (stored.is_left_over()) continue;
      if (stored.is_float && stored.wants_half) {
        KEEL_TRY(TensorProto half, tensors_.half(tensor));
        if (!stored.wants_single) {
          graph.add_initializer()->Swap(&half);
          continue;
        }
        half.set_name(stored.half_name);
        added.push_back(std::move(half));
      }
      KEEL_TRY_STATUS(tensors_.keep(tensor));
      graph.add_initializer()->Swap(&tensor);
    }
    for (TensorProto& tensor : folded_[&graph]) added.push_back(std::move(tensor));
    for (TensorProto& tensor : added) {
      if (ir_version_ < kInitializersNeedNoInput) list_as_input(graph, tensor);
      graph.add_initializer()->Swap(&tensor);
    }
    remove_left_over_inputs(graph, planned);
    return Done{};
  }

  // What is no initializer any more would be an input of the model.
  void remove_left_over_inputs(GraphProto& graph, const MixedGraph& planned) const {
    google::protobuf::RepeatedPtrField<ValueInfoProto> inputs;
    inputs.Swap(graph.mutable_input());
    for (ValueInfoProto& input : inputs) {
      const auto known = planned.values.find(input.name());
      if (known == planned.values.end() || !value(known->second).is_left_over())
        graph.add_input()->Swap(&input);
    }
  }

  static void list_as_input(GraphProto& graph, const TensorProto& tensor) {
    ValueInfoProto& input = *graph.add_input();
    input.set_name(tensor.name());
    set_type(input, tensor.data_type());
    for (const std::int64_t extent : tensor.dims())
      input.mutable_type()->mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(
          extent);
  }

  // Types that the graph declares: of what changed, and of what is new where that of its original
  // is declared.
  void rewrite_types(GraphProto& graph, const MixedGraph& planned) const {
    const auto find = [&](const std::string& name) -> const MixedValue* {
      const auto found = planned.values.find(name);
      return found == planned.values.end() || !value(found->second).is_float
                 ? nullptr
                 : &value(found->second);
    };
    std::vector<ValueInfoProto> added;
    std::unordered_set<std::string> declared;
    const auto declare_twin = [&](const ValueInfoProto& info, const MixedValue& known) {
      const bool twin_is_half = known.half_name != known.name;
      const std::string& twin = known.read_as(twin_is_half);
      if (twin.empty() || twin == known.name || known.source == Source::Stored ||
          !declared.insert(twin).second)
        return;
      added.push_back(info);
      added.back().set_name(twin);
      set_type(added.back(), twin_is_half ? TensorProto::FLOAT16 : TensorProto::FLOAT);
    };
    for (ValueInfoProto& info : *graph.mutable_value_info()) {
      const MixedValue* known = find(info.name());
      if (known == nullptr) continue;
      declare_twin(info, *known);
      if (known->half_name == known->name) set_type(info, TensorProto::FLOAT16);
    }
    for (ValueInfoProto& input : *graph.mutable_input()) {
      const MixedValue* known = find(input.name());
      if (known == nullptr) continue;
      declare_twin(input, *known);
      if (is_stored_as_half(*known)) set_type(input, TensorProto::FLOAT16);
    }
    for (std::size_t i = 0; i < planned.results.size(); ++i) {
      ValueInfoProto& output = *graph.mutable_output(static_cast<int>(i));
      if (const MixedValue* known = find(output.name())) declare_twin(output, *known);
      // A subgraph may hand out a value from around it.
      const std::size_t id = planned.results[i];
      if (id != kNoMixedValue && value(id).is_float) output.set_name(value(id).single_name);
    }
    for (ValueInfoProto& info : added) *graph.add_value_info() = std::move(info);
  }

  const MixedPlan& plan_;
  MixedTensors& tensors_;
  TakenNames names_;
  std::int64_t ir_version_;
  bool weights_in_file_;
  std::size_t casts_ = 0;
  std::unordered_map<const GraphProto*, std::vector<TensorProto>> folded_;  // weights, by graph
};

Status check_target(const fs::path& from, const fs::path& to) {
  std::error_code code;
  if (!fs::equivalent(from, to, code)) return Done{};
  return Error{ErrorCode::InvalidConfig, "the mixed-precision copy would replace the model",
               to.string(), "choose another output folder"};
}

}  // namespace

Result<MixedCopy> write_mixed_copy(const fs::path& from, const fs::path& to,
                                   const MixedRequest& request) {
  KEEL_TRY_STATUS(check_target(from, to));
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(from));
  ::onnx::ModelProto model;
  Status parsed = parse_message(file->bytes(), "an ONNX model", model);
  if (!parsed.ok()) return std::move(parsed).error().in(from.string());
  GraphProto& graph = *model.mutable_graph();
  const std::size_t count = all_nodes(std::as_const(graph)).size();
  if (count != request.dtypes.size())
    return Error{ErrorCode::InvalidModel,
                 "the model has " + std::to_string(count) + " nodes, dtypes of " +
                     std::to_string(request.dtypes.size()) + " are given",
                 from.string(), "load the model again; the file has changed"};
  Result<MixedPlan> plan = plan_mixed(model, request.opset, request.dtypes, request.folded);
  if (!plan.ok()) return std::move(plan).error().in(from.string());
  MixedTensors tensors(from, to, request.overflow);
  Rewrite rewrite(*plan, tensors, std::move(plan->names), model);
  Status rewritten = rewrite.run(graph);
  if (!rewritten.ok()) return std::move(rewritten).error().in(from.string());
  std::string bytes;
  if (!model.SerializeToString(&bytes))
    return Error{ErrorCode::InvalidModel, "the mixed-precision copy would exceed 2 GiB",
                 from.string(), "save the weights as external data"};
  KEEL_TRY_STATUS(tensors.finish());
  KEEL_TRY_STATUS(write_file(to, bytes));
  MixedCopy copy{.half_nodes = 0, .casts = rewrite.casts(), .stays_float = plan->stays_float};
  for (const auto& [node, planned] : plan->nodes) copy.half_nodes += planned.lowered ? 1 : 0;
  return copy;
}

}  // namespace keel::onnx_io
