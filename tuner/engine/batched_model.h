#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "compiler/program/compile.h"
#include "compiler/program/host_execution.h"
#include "profiler/accuracy/dataset.h"
#include "tuner/engine/options.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// A variant that the host executes on several samples at once.
class BatchedProgram {
 public:
  BatchedProgram(program::Program program, std::size_t size)
      : program_(std::move(program)), host_(program_.graph), size_(size) {}
  BatchedProgram(const BatchedProgram&) = delete;
  BatchedProgram& operator=(const BatchedProgram&) = delete;

  /// Outputs of each sample in turn, of the types that one sample alone gives.
  /// \param inputs  as BatchedModel::stack() gives them
  /// \error what program::HostProgram::run() gives
  Result<std::vector<std::vector<Tensor>>> run(std::span<const Tensor> inputs,
                                               const program::HostOptions& options) const;

 private:
  program::Program program_;
  program::HostProgram host_;
  std::size_t size_;
};

/// A model that takes several samples in one execution, one behind the other along the first
/// extent of every input: its units are those of the model that takes one.
class BatchedModel {
 public:
  /// \param data    as for open_target()
  /// \param target  the same model, for one sample
  /// \param size    samples of an execution, at least 2
  /// \error Unsupported  the model does not allow it: the file fixes the first extent of an input,
  ///     a shape follows from the data, an output does not grow with the samples, or it becomes
  ///     other operators (`what` says which)
  /// \error what loading the model gives
  static Result<BatchedModel> open(const ModelOptions& options,
                                   const std::optional<std::filesystem::path>& data,
                                   const Target& target, std::size_t size);

  std::size_t size() const { return size_; }
  const ir::Graph& graph() const { return prepared_.graph(); }

  /// Inputs of one execution. \param samples  up to size(); the last one fills what is left
  std::vector<Tensor> stack(const accuracy::Dataset& data,
                            std::span<const std::size_t> samples) const;

  /// \error what PreparedModel::compile() gives
  Result<std::unique_ptr<BatchedProgram>> compile(
      std::span<const ascend::Precision> precisions) const;

 private:
  BatchedModel(program::PreparedModel prepared, std::size_t size)
      : prepared_(std::move(prepared)), size_(size) {}

  program::PreparedModel prepared_;
  std::size_t size_;
};

}  // namespace keel::engine
