#pragma once

#include <memory>
#include <span>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/ascend/op_table.h"
#include "compiler/base/result.h"
#include "compiler/passes/constant_casts.h"
#include "compiler/passes/pipeline.h"
#include "compiler/passes/units.h"
#include "compiler/program/program.h"

namespace keel::program {

/// A model after everything that does not depend on precision: the start of every variant.
/// compile() may run in several threads at once.
class PreparedModel {
 public:
  /// Runs the prepare pipeline.
  /// \param after    called after each pass
  /// \param example  inputs of one execution, for shapes that follow from the data
  /// \error InvalidModel, Unsupported  from shape inference, with the node
  static Result<PreparedModel> prepare(ir::Graph graph, const ascend::OpTable& table,
                                       const ascend::Soc& soc, const passes::AfterPass& after = {},
                                       const kernels::ExampleInputs& example = {});

  const ir::Graph& graph() const { return graph_; }
  std::span<const passes::Unit> units() const { return units_; }

  /// Compiles one variant: dtypes by `of_unit`, casts, fusion, kernels.
  /// \param of_unit   one precision per unit
  /// \error Unsupported  a precision has no kernel: the vendor's compiler would fail
  /// \param pipeline  the variant pipeline, or a leading part of it
  /// \param after     called after each pass
  Result<Program> compile(std::span<const ascend::Precision> of_unit,
                          std::span<const passes::Pass> pipeline = passes::variant_pipeline(),
                          const passes::AfterPass& after = {}) const;

 private:
  PreparedModel() = default;

  ir::Graph graph_;
  std::vector<passes::Unit> units_;
  Overflow overflow_ = Overflow::InfNan;
  bool unified_cores_ = false;
  std::unique_ptr<passes::ConstantCasts> constant_casts_;
};

}  // namespace keel::program
