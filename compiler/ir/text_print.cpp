#include <algorithm>
#include <unordered_map>

#include "compiler/ir/fields.h"
#include "compiler/ir/text.h"
#include "compiler/ir/text_constant.h"
#include "compiler/ir/text_lexer.h"
#include "compiler/ir/text_names.h"

namespace keel::ir {
namespace {

class Printer {
 public:
  Printer(const Graph& graph, const PrintOptions& options)
      : graph_(graph), options_(options), printed_(graph.value_bound(), false) {}

  std::string text() {
    for (const ValueId id : graph_.inputs()) {
      append_value(id);
      text_ += " = input\n";
    }
    for (const NodeId id : topological_order(graph_)) append_node(id);
    for (const ValueId id : graph_.values())
      if (graph_[id].constant) append_constant(id);
    text_ += "return";
    append_list(
        graph_.outputs(), [&](ValueId id) { text_ += quoted_name(graph_[id].name); }, " ");
    return text_ + "\n";
  }

 private:
  template <class List, class Append>
  void append_list(const List& list, Append append, const char* before = "") {
    const char* separator = before;
    for (const auto& element : list) {
      text_ += separator;
      append(element);
      separator = ", ";
    }
  }

  void append_value(ValueId id) {
    printed_[index(id)] = true;
    text_ += quoted_name(graph_[id].name);
    if (!graph_[id].type_known) return;
    text_ += graph_[id].varies ? ": ~" : ": ";
    text_ += to_text(graph_[id].type);
  }

  void append_constant(ValueId id) {
    if (printed_[index(id)]) return;
    append_value(id);
    const Tensor& content = *graph_[id].constant;
    if (content.size() > options_.largest_constant) {
      text_ += " = constant digest(" + to_text(digest(content)) + ")\n";
      return;
    }
    text_ += " = constant " + elements_text(content) + "\n";
  }

  void append_node(NodeId id) {
    const Node& node = graph_[id];
    for (const ValueId input : node.inputs)
      if (input != kNoValue && graph_[input].constant) append_constant(input);
    append_list(node.outputs, [&](ValueId output) { append_value(output); });
    text_ += " = " + std::string(name(node.op)) + "(";
    append_list(node.inputs, [&](ValueId input) {
      text_ += input == kNoValue ? "_" : quoted_name(graph_[input].name);
    });
    text_ += ")";
    append_attributes(node.op);
    if (node.compute != FloatFormat::F32)
      text_ += " compute=" + std::string(compute_name(node.compute));
    if (node.unit) text_ += " unit=" + std::to_string(index(*node.unit));
    if (node.group) text_ += " kernel_group=" + std::to_string(index(*node.group));
    append_origins(node);
    text_ += "\n";
  }

  void append_attributes(const Op& op) {
    Op defaults;
    KEEL_CHECK(op_named(name(op), defaults));
    std::vector<std::string> default_texts;
    for_each_field(defaults, [&](std::string_view, const auto& value) {
      default_texts.push_back(field_text(value));
    });
    std::size_t i = 0;
    for_each_field(op, [&](std::string_view field, const auto& value) {
      const std::string text = field_text(value);
      if (text != default_texts[i++]) text_ += " " + std::string(field) + "=" + text;
    });
  }

  // Listed in the order in which the text first names them, which is the order parse() gives them
  // ids in: so the printed form of a parsed text is that text.
  void append_origins(const Node& node) {
    const auto is_new = [&](OriginId id) { return !seen_.contains(index(id)); };
    const bool implied =
        node.origins.size() == 1 && graph_[node.origins[0]].name == graph_[node.outputs[0]].name &&
        (!is_new(node.origins[0]) || graph_[node.origins[0]].onnx_op == name(node.op));
    std::vector<OriginId> origins = node.origins;
    std::vector<OriginId> first_named;
    std::ranges::copy_if(origins, std::back_inserter(first_named), is_new);
    for (const OriginId id : first_named) seen_.emplace(index(id), seen_.size());
    if (implied) return;
    std::ranges::sort(origins, {}, [&](OriginId id) { return seen_.at(index(id)); });
    text_ += " origins=[";
    append_list(origins, [&](OriginId id) {
      text_ += quoted(graph_[id].name);
      const bool annotated = std::ranges::count(first_named, id) > 0;
      if (annotated && graph_[id].onnx_op != name(node.op))
        text_ += " " + quoted_name(graph_[id].onnx_op);
    });
    text_ += "]";
  }

  const Graph& graph_;
  const PrintOptions& options_;
  std::vector<bool> printed_;
  std::unordered_map<std::size_t, std::size_t> seen_;  // origin -> rank of its first mention
  std::string text_;
};

}  // namespace

std::string print(const Graph& graph, const PrintOptions& options) {
  return Printer(graph, options).text();
}

}  // namespace keel::ir
