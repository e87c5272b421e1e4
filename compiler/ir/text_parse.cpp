#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "compiler/base/nearest.h"
#include "compiler/ir/fields.h"
#include "compiler/ir/shape_inference.h"
#include "compiler/ir/text.h"
#include "compiler/ir/text_constant.h"
#include "compiler/ir/text_lexer.h"
#include "compiler/ir/text_names.h"

namespace keel::ir {
namespace {

Error broken(std::string what, std::string fix = "") {
  return {ErrorCode::InvalidModel, std::move(what), "", std::move(fix)};
}

// What stands left of '=': a name, and a type unless it is to be inferred.
struct Declaration {
  std::string name;
  std::optional<TensorType> type;
  bool varies = false;
};

class Parser {
 public:
  Status parse_line(LineLexer& line) {
    if (returned_) return broken("a line after 'return'");
    if (line.skip("return ") || (line.skip("return") && line.at_end())) return parse_return(line);
    KEEL_TRY(const std::vector<Declaration> declared, parse_declarations(line));
    if (line.skip("input")) return add_input(declared);
    if (line.skip("constant")) return add_constant(line, declared);
    return add_node(line, declared);
  }

  Result<Graph> finish() && {
    if (!returned_) return broken("the text does not end in a 'return' line");
    return std::move(graph_);
  }

 private:
  Status parse_return(LineLexer& line) {
    returned_ = true;
    if (line.at_end()) return Done{};
    do {
      KEEL_TRY(const std::string name, line.name());
      KEEL_TRY(const ValueId id, value_named(name));
      graph_.add_output(id);
    } while (line.skip(","));
    return end_of(line);
  }

  static Status end_of(LineLexer& line) {
    if (line.at_end()) return Done{};
    return line.expected("the end of the line");
  }

  Result<std::vector<Declaration>> parse_declarations(LineLexer& line) {
    std::vector<Declaration> declared;
    do {
      Declaration& value = declared.emplace_back();
      KEEL_TRY(value.name, line.name());
      if (line.skip(":")) {
        value.varies = line.skip("~");
        KEEL_TRY(value.type, parse_type(line));
      }
    } while (line.skip(","));
    KEEL_TRY_STATUS(line.expect("="));
    for (std::size_t i = 0; i < declared.size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (declared[i].name == declared[j].name) return defined_twice(declared[i].name);
    for (const Declaration& value : declared)
      if (values_.contains(value.name)) return defined_twice(value.name);
    return declared;
  }

  static Error defined_twice(const std::string& name) {
    return broken("value '" + name + "' is defined twice");
  }

  static Result<TensorType> parse_type(LineLexer& line) {
    TensorType type;
    const std::string dtype(line.word());
    const std::optional<DType> known = dtype_named(dtype);
    if (!known) return broken("unknown dtype '" + dtype + "'");
    type.dtype = *known;
    KEEL_TRY_STATUS(line.expect("["));
    const std::optional<std::string_view> extents = line.until(']');
    if (!extents || !parse_field("[" + std::string(*extents) + "]", type.shape))
      return broken("a shape is not of the form [1,2,3]");
    KEEL_TRY_STATUS(check_extents(type.shape));
    return type;
  }

  static Result<Declaration> only_typed(const std::vector<Declaration>& declared) {
    if (declared.size() == 1 && declared[0].type && !declared[0].varies) return declared[0];
    return broken("an input or constant is one value with a type, such as 'x: f32[1,4]'");
  }

  Status add_input(const std::vector<Declaration>& declared) {
    KEEL_TRY(Declaration value, only_typed(declared));
    values_[value.name] = graph_.add_input({value.name, *value.type, true, std::nullopt});
    return Done{};
  }

  Status add_constant(LineLexer& line, const std::vector<Declaration>& declared) {
    KEEL_TRY(Declaration value, only_typed(declared));
    KEEL_TRY(Tensor content, parse_constant(line, *value.type));
    values_[value.name] = graph_.add_constant(value.name, std::move(content));
    return end_of(line);
  }

  Status add_node(LineLexer& line, const std::vector<Declaration>& declared) {
    Node node;
    KEEL_TRY(const std::string op, line.name());
    if (!op_named(op, node.op)) return broken("unknown operator '" + op + "'");
    KEEL_TRY_STATUS(line.expect("("));
    KEEL_TRY(node.inputs, parse_inputs(line));
    bool has_origins = false;
    while (!line.at_end()) {
      KEEL_TRY(const std::string attribute, line.name());
      KEEL_TRY_STATUS(line.expect("="));
      if (attribute == "origins") {
        has_origins = true;
        KEEL_TRY(node.origins, parse_origins(line, name(node.op)));
      } else {
        KEEL_TRY_STATUS(set_attribute(node, attribute, line.attribute_value()));
      }
    }
    if (!has_origins) {
      KEEL_TRY(const OriginId own, origin_named(declared[0].name, "", name(node.op)));
      node.origins = {own};
    }
    KEEL_TRY(std::vector<Value> outputs, typed_outputs(node, declared));
    const NodeId id = graph_.add_node(std::move(node), std::move(outputs));
    for (const ValueId output : graph_[id].outputs) values_[graph_[output].name] = output;
    return Done{};
  }

  Result<std::vector<ValueId>> parse_inputs(LineLexer& line) {
    std::vector<ValueId> inputs;
    if (line.skip(")")) return inputs;
    do {
      const bool is_quoted = line.at_quote();
      KEEL_TRY(const std::string name, line.name());
      if (name == "_" && !is_quoted) {
        inputs.push_back(kNoValue);
      } else {
        KEEL_TRY(const ValueId id, value_named(name));
        inputs.push_back(id);
      }
    } while (line.skip(","));
    KEEL_TRY_STATUS(line.expect(")"));
    return inputs;
  }

  template <class Id>
  static bool parse_id(const std::string& text, std::optional<Id>& id) {
    std::int64_t number = -1;
    if (!parse_field(text, number) || number < 0 || number > UINT32_MAX) return false;
    id = static_cast<Id>(number);
    return true;
  }

  Status set_attribute(Node& node, const std::string& attribute, const std::string& text) {
    bool known = false, valid = false;
    if (attribute == "compute") {
      known = true;
      const std::optional<FloatFormat> format = compute_named(text);
      valid = format.has_value();
      node.compute = format.value_or(node.compute);
    } else if (attribute == "unit") {
      known = true;
      valid = parse_id(text, node.unit);
    } else if (attribute == "kernel_group") {
      known = true;
      valid = parse_id(text, node.group);
    }
    for_each_field(node.op, [&](std::string_view field, auto& value) {
      if (field != attribute) return;
      known = true;
      valid = parse_field(text, value);
    });
    if (!known) return broken(std::string(name(node.op)) + " has no attribute '" + attribute + "'");
    if (!valid) return broken("'" + text + "' is not a value of attribute '" + attribute + "'");
    return Done{};
  }

  // ["conv1", "bn1" BatchNormalization]: the operator follows where it is not the node's own.
  Result<std::vector<OriginId>> parse_origins(LineLexer& line, std::string_view op) {
    KEEL_TRY_STATUS(line.expect("["));
    std::vector<OriginId> origins;
    while (!line.skip("]")) {
      if (!origins.empty()) {
        KEEL_TRY_STATUS(line.expect(","));
      }
      KEEL_TRY(const std::string name, line.name());
      std::string onnx_op(line.word());
      if (onnx_op.empty() && line.at_quote()) {
        KEEL_TRY(onnx_op, line.name());
      }
      KEEL_TRY(const OriginId id, origin_named(name, onnx_op, op));
      origins.push_back(id);
    }
    std::ranges::sort(origins);
    return origins;
  }

  Result<OriginId> origin_named(const std::string& name, const std::string& onnx_op,
                                std::string_view otherwise) {
    const auto found = origins_.find(name);
    if (found == origins_.end()) {
      Origin origin{name, onnx_op.empty() ? std::string(otherwise) : onnx_op};
      return origins_[name] = graph_.add_origin(std::move(origin));
    }
    const std::string& known = graph_[found->second].onnx_op;
    if (!onnx_op.empty() && onnx_op != known)
      return broken("origin '" + name + "' is " + known + " and " + onnx_op);
    return found->second;
  }

  Result<std::vector<Value>> typed_outputs(const Node& node,
                                           const std::vector<Declaration>& declared) {
    std::vector<Value> outputs;
    for (const Declaration& value : declared)
      outputs.push_back({value.name, value.type.value_or(TensorType{}), value.type.has_value(),
                         std::nullopt, value.varies});
    if (std::ranges::all_of(outputs, &Value::type_known)) return outputs;
    KEEL_TRY(const std::vector<TensorType> types, infer_outputs(node, outputs.size()));
    const bool varies = std::ranges::any_of(
        node.inputs, [&](ValueId input) { return input != kNoValue && graph_[input].varies; });
    for (std::size_t i = 0; i < outputs.size(); ++i)
      if (!outputs[i].type_known) {
        outputs[i].type = types[i];
        outputs[i].type_known = true;
        outputs[i].varies = varies;
      }
    return outputs;
  }

  Result<std::vector<TensorType>> infer_outputs(const Node& node, std::size_t count) {
    std::vector<InputFact> facts;
    for (const ValueId id : node.inputs) {
      InputFact& fact = facts.emplace_back();
      if (id == kNoValue) continue;
      const Value& value = graph_[id];
      fact = {true, value.type, value.constant ? &*value.constant : nullptr};
    }
    return infer_types(node.op, facts, count);
  }

  Result<ValueId> value_named(const std::string& name) {
    const auto found = values_.find(name);
    if (found != values_.end()) return found->second;
    std::vector<std::string> names;
    for (const ValueId id : graph_.values()) names.push_back(graph_[id].name);
    const std::vector<std::string> close = nearest(name, names, 1);
    return broken("value '" + name + "' is not defined above",
                  close.empty() ? "" : "use '" + close[0] + "' (nearest name)");
  }

  Graph graph_;
  bool returned_ = false;
  std::unordered_map<std::string, ValueId> values_;
  std::unordered_map<std::string, OriginId> origins_;
};

}  // namespace

Result<Graph> parse(std::string_view text) {
  Parser parser;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    LineLexer line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    if (line.at_end() || line.skip("#")) continue;
    Status status = parser.parse_line(line);
    if (!status.ok()) return std::move(status).error().in("line " + std::to_string(number));
  }
  return std::move(parser).finish();
}

}  // namespace keel::ir
