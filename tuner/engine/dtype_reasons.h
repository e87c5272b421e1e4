#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ascend/decision.h"
#include "compiler/ir/graph.h"
#include "tuner/engine/target.h"

namespace keel::engine {

/// Says by which rule each unit of the owner's variant of a target has its dtypes, in a few words;
/// explain() has the whole chain.
class DtypeReasons {
 public:
  /// \param target     outlives this
  /// \param keep_file  what the owner's list is called: "keep.cfg"
  DtypeReasons(const Target& target, std::string keep_file);

  /// "keep.cfg:3", "force_fp16", "allow_mix_precision: Log is black-listed".
  std::string rule(ir::UnitId unit) const;

  /// "f16"; "f16 -> f32" where operands and result differ; "f32, multiplied in f16".
  std::string dtype(ir::UnitId unit) const;

  enum class Side : std::uint8_t { Gives, Takes };
  /// Why the unit gives or takes a tensor of `dtype` at a cast: "is kept (keep.cfg:3)".
  std::string state(ir::UnitId unit, Side side, DType dtype) const;

 private:
  std::string owner_line(ir::UnitId unit) const;
  std::optional<std::string> detail(ir::UnitId unit, ascend::Rule rule) const;

  const Target& target_;
  std::string keep_file_;
  std::vector<const ascend::KeepEntry*> entries_;  ///< of the owner's list; by UnitId
  std::vector<ascend::Decision> decisions_;
};

}  // namespace keel::engine
