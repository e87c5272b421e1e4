#include "compiler/onnx/half_form.h"

#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace keel::onnx_io {
namespace {

using ::onnx::NodeProto;
using ::onnx::OpSchema;
using ::onnx::TensorProto;
using Parameters = std::vector<OpSchema::FormalParameter>;

// The ONNX operator specification as the ONNX library states it, which ends at opset 17. Operators
// that came later and take one type for all float tensors, float16 among others:
struct NewOperator {
  std::string_view name;
  std::int64_t since;
};
constexpr std::array kAfterTheLibrary = {NewOperator{"CenterCropPad", 18}, NewOperator{"Gelu", 20},
                                         NewOperator{"GroupNormalization", 18},
                                         NewOperator{"Mish", 18}};

// Inputs that may be float16 by type and are numbers of the operator by meaning.
struct NumberInput {
  std::string_view op;
  std::size_t position;
};
constexpr std::array kNumbers = {NumberInput{"BatchNormalization", 1},
                                 NumberInput{"BatchNormalization", 2},
                                 NumberInput{"BatchNormalization", 3},
                                 NumberInput{"BatchNormalization", 4},
                                 NumberInput{"Dropout", 1},
                                 NumberInput{"OneHot", 1},
                                 NumberInput{"Resize", 1}};

// Without an attribute that says it, the result has the type of the input.
constexpr std::array<std::string_view, 4> kLikeTheInput = {"Bernoulli", "EyeLike",
                                                           "RandomNormalLike", "RandomUniformLike"};

// Attributes that say the type of the result.
constexpr std::array<std::string_view, 4> kTypeAttributes = {"dtype", "output_datatype",
                                                             "output_dtype", "to"};

struct Parameter {
  std::string variable;  // parameters of one variable have one type
  bool takes_float = false;
  bool takes_half = false;
};

bool takes(const OpSchema::FormalParameter& parameter, std::string_view type) {
  return std::ranges::any_of(parameter.GetTypes(),
                             [&](const auto* known) { return *known == type; });
}

class Definition {
 public:
  Definition(const NodeProto& node, std::int64_t opset) {
    const bool standard = node.domain().empty() || node.domain() == "ai.onnx";
    if (!standard) return;
    schema_ = ::onnx::OpSchemaRegistry::Schema(node.op_type(), static_cast<int>(opset));
    one_type_ =
        schema_ == nullptr && std::ranges::any_of(kAfterTheLibrary, [&](const NewOperator& known) {
          return known.name == node.op_type() && known.since <= opset;
        });
  }

  std::optional<Parameter> input(std::size_t i) const {
    return schema_ ? at(schema_->inputs(), i) : any();
  }
  std::optional<Parameter> output(std::size_t i) const {
    return schema_ ? at(schema_->outputs(), i) : any();
  }

 private:
  static std::optional<Parameter> at(const Parameters& parameters, std::size_t i) {
    if (parameters.empty()) return std::nullopt;
    if (i >= parameters.size()) {
      if (parameters.back().GetOption() != OpSchema::Variadic) return std::nullopt;
      i = parameters.size() - 1;
    }
    const OpSchema::FormalParameter& parameter = parameters[i];
    return Parameter{parameter.GetTypeStr(), takes(parameter, "tensor(float)"),
                     takes(parameter, "tensor(float16)")};
  }
  std::optional<Parameter> any() const {
    if (!one_type_) return std::nullopt;
    return Parameter{"T", true, true};
  }

  const OpSchema* schema_ = nullptr;
  bool one_type_ = false;
};

bool is_number(const NodeProto& node, std::size_t position) {
  return std::ranges::any_of(kNumbers, [&](const NumberInput& known) {
    return known.op == node.op_type() && known.position == position;
  });
}

// The element type an attribute gives the result.
std::optional<std::int64_t> attribute_type(const NodeProto& node) {
  for (const auto& attribute : node.attribute()) {
    if (std::ranges::find(kTypeAttributes, attribute.name()) != kTypeAttributes.end())
      return attribute.i();
    if (node.op_type() == "ConstantOfShape" && attribute.name() == "value")
      return attribute.t().data_type();
  }
  return std::nullopt;
}

// The variables of the inputs at positions where `chosen` holds.
std::set<std::string> variables(const Definition& definition, const std::vector<bool>& chosen) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    if (const std::optional<Parameter> parameter = definition.input(i); chosen[i] && parameter)
      names.insert(parameter->variable);
  return names;
}

}  // namespace

bool HalfForm::exists() const {
  return std::ranges::find(inputs, true) != inputs.end() ||
         std::ranges::find(outputs, true) != outputs.end();
}

std::vector<bool> float_results(const NodeProto& node, std::int64_t opset,
                                const std::vector<bool>& floats) {
  const Definition definition(node, opset);
  const std::optional<std::int64_t> stated = attribute_type(node);
  std::vector<bool> given(floats.size());
  for (std::size_t i = 0; i < given.size(); ++i)
    given[i] =
        i < static_cast<std::size_t>(node.input_size()) && !node.input(static_cast<int>(i)).empty();
  const std::set<std::string> bound = variables(definition, given);
  const std::set<std::string> of_floats = variables(definition, floats);
  const bool like_input =
      std::ranges::find(kLikeTheInput, node.op_type()) != kLikeTheInput.end() && !floats.empty();
  std::vector<bool> results;
  for (int i = 0; i < node.output_size(); ++i) {
    const std::optional<Parameter> parameter = definition.output(static_cast<std::size_t>(i));
    if (!parameter) {
      results.push_back(false);
    } else if (bound.contains(parameter->variable)) {
      results.push_back(of_floats.contains(parameter->variable));
    } else if (stated && parameter->takes_float) {
      results.push_back(*stated == TensorProto::FLOAT);
    } else {
      results.push_back(like_input ? floats[0] : parameter->takes_float);
    }
  }
  return results;
}

HalfForm half_form(const NodeProto& node, std::int64_t opset, const std::vector<bool>& floats) {
  const Definition definition(node, opset);
  HalfForm form{std::vector<bool>(floats.size()), {}};
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const std::optional<Parameter> parameter = definition.input(i);
    form.inputs[i] = floats[i] && parameter && parameter->takes_half && !is_number(node, i);
  }
  const std::set<std::string> lowered = variables(definition, form.inputs);
  // Numbers may have the type of the data by definition.
  for (std::size_t i = 0; i < floats.size(); ++i)
    if (const std::optional<Parameter> parameter = definition.input(i); floats[i] && parameter)
      form.inputs[i] = lowered.contains(parameter->variable);
  const std::vector<bool> results = float_results(node, opset, floats);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const std::optional<Parameter> parameter = definition.output(i);
    const bool follows =
        results[i] && (node.op_type() == "Cast" || lowered.contains(parameter->variable));
    form.outputs.push_back(follows);
    // A type that could be float16 and does not come with an input would not change with it.
    if (results[i] && !follows && parameter->takes_half)
      return {std::vector<bool>(floats.size()), std::vector<bool>(results.size())};
  }
  return form;
}

}  // namespace keel::onnx_io
