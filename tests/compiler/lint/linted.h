#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ascend/soc.h"
#include "compiler/lint/check.h"
#include "compiler/lint/kept_units.h"
#include "compiler/program/compile.h"
#include "tests/compiler/onnx/model_builder.h"
#include "tests/places/places.h"

namespace keel::lint {

using onnx_io::ModelBuilder;

/// How a list is checked.
struct LintSetup {
  std::function<void(ModelBuilder&)> edit = {};  ///< of the model
  ascend::PrecisionMode mode = ascend::PrecisionMode::ForceFp16;
  std::string soc = "Ascend910B3";
  std::string file = "keep.cfg";
  std::string model_file = "model.onnx";
  std::optional<OtherFile> customize_dtypes = {};
};

/// `--customize_dtypes` beside the list, as it was read.
inline OtherFile other_file(const std::string& file, std::string_view text) {
  Result<ascend::CustomLines> read = ascend::parse_custom_dtypes(text, file);
  KEEL_CHECK(read.ok());
  return {file, std::move(read->lines)};
}

inline void named(ModelBuilder& model, const std::string& name, const std::string& op,
                  const std::vector<std::string>& inputs, const std::string& output) {
  model.node(op, inputs, {output}).last().set_name(name);
}

/// x -> Square -> Log -> MatMul -> Transpose -> MatMul -> Softmax -> Exp -> y, every node named and
/// every constant moderate.
inline ModelBuilder clean_model() {
  ModelBuilder model;
  model.input("x", {4, 4});
  auto& weights = model.initializer("w", {4, 4}, ::onnx::TensorProto::FLOAT);
  for (int i = 0; i < 16; ++i) weights.add_float_data(0.25f);
  named(model, "net/Square", "Mul", {"x", "x"}, "sq");
  named(model, "net/Log", "Log", {"sq"}, "lg");
  named(model, "net/dense_1", "MatMul", {"lg", "w"}, "d1");
  named(model, "net/transpose", "Transpose", {"d1"}, "tr");
  named(model, "net/dense_2", "MatMul", {"tr", "w"}, "d2");
  named(model, "net/Softmax", "Softmax", {"d2"}, "sm");
  named(model, "net/Exp", "Exp", {"sm"}, "y");
  return model.output("y");
}

/// A model under one setup, ready to check lists against.
class Linted {
 public:
  explicit Linted(const LintSetup& setup = {}) : setup_(setup) {
    ModelBuilder built = clean_model();
    if (setup.edit) setup.edit(built);
    const std::filesystem::path configs = test::source_folder() / "configs";
    table_.emplace(take(ascend::OpTable::load(configs)));
    soc_.emplace(take(ascend::load_soc(configs, setup.soc)));
    model_.emplace(take(onnx_io::load_built(built)));
    prepared_.emplace(take(program::PreparedModel::prepare(
        model_->graph, *table_, *soc_, [&](std::string_view pass, const ir::Graph& graph) {
          removals_.after_pass(pass, graph);
        })));
    rules_ = ascend::rules_of(setup.mode, {}, *soc_);
  }

  std::vector<Finding> findings(std::string_view text) const {
    ListSubject list = read(text, setup_.file, {model_->graph, model_->file_nodes, *table_});
    const std::vector<bool> kept = units_named(prepared_->graph(), prepared_->units(), list.list);
    std::vector<ascend::Precision> precisions;
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const passes::Unit& unit = prepared_->units()[i];
      ascend::Request request;
      request.kept = kept[i];
      if (unit.predecessor) request.predecessor = precisions[index(*unit.predecessor)].output;
      precisions.push_back(ascend::decide(rules_, unit.op, request).precision);
    }
    ir::Graph cast;
    const auto program = prepared_->compile(precisions, passes::variant_pipeline(),
                                            [&](std::string_view pass, const ir::Graph& graph) {
                                              if (pass == "insert-casts") cast = graph;
                                            });
    KEEL_CHECK(program.ok());
    return check({std::move(list), setup_.model_file, model_->opset, removals_, prepared_->graph(),
                  prepared_->units(), cast, rules_, setup_.customize_dtypes});
  }

  /// "unknown-name:3 no-parser": codes and lines.
  std::string codes(std::string_view text) const {
    std::string result;
    for (const Finding& finding : findings(text)) {
      result += (result.empty() ? "" : " ") + std::string(info(finding.kind).code);
      if (finding.line > 0) result += ":" + std::to_string(finding.line);
    }
    return result;
  }

 private:
  template <class T>
  static T take(Result<T> result) {
    if (!result.ok()) ADD_FAILURE() << result.error().what << " @ " << result.error().where;
    return *std::move(result);
  }

  LintSetup setup_;
  std::optional<ascend::OpTable> table_;
  std::optional<ascend::Soc> soc_;
  std::optional<onnx_io::Model> model_;
  std::optional<program::PreparedModel> prepared_;
  Removals removals_;
  ascend::PrecisionRules rules_;
};

}  // namespace keel::lint
