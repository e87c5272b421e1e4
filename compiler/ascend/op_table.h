#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/dtype.h"
#include "compiler/base/hash.h"
#include "compiler/base/result.h"

namespace keel::ascend {

/// The vendor's mixed-precision lists.
enum class MixList : std::uint8_t { White, Black, Gray };

/// "white", "black", "gray".
std::string_view name(MixList list);

/// Whether a kernel of a dtype exists.
enum class Support : std::uint8_t {
  No,
  Assumed,  ///< the table does not list it and is too old to
  Listed,   ///< or decided at compile time
};

/// Kernels an operator has on a chip.
struct KernelSet {
  Support fp32 = Support::Listed;
  Support fp16 = Support::Listed;
  Support bf16 = Support::No;

  /// \pre is_tunable_float(dtype)
  Support of(DType dtype) const;
  /// Those that both have.
  friend KernelSet both(const KernelSet& a, const KernelSet& b);
};

/// What the vendor's compiler knows of operators: configs/ascend/onnx_to_ascend.json and
/// op_info.json.
class OpTable {
 public:
  static Result<OpTable> load(const std::filesystem::path& configs);

  /// Ascend IR types an ONNX operator becomes, the one that does its work first ("Conv" ->
  /// "Conv2D", ...). The ONNX name itself where the table has none.
  std::vector<std::string> ascend_types(std::string_view onnx_op) const;

  /// The first of ascend_types(): what reports show.
  std::string primary_type(std::string_view onnx_op) const;

  /// Whether the vendor's ONNX parser knows the operator.
  bool has_parser(std::string_view onnx_op) const;

  /// True if some ONNX operator becomes this Ascend IR type, or the operator table lists it.
  bool is_ascend_type(std::string_view type) const;

  /// Whether some ONNX operator becomes this Ascend IR type. One that is an Ascend type without
  /// this comes from fusion only.
  bool is_parsed_type(std::string_view type) const;

  /// Every known Ascend IR type, sorted; for "did you mean".
  std::vector<std::string> all_types() const;

  /// Whether a kernel of `type` computes in `dtype` (first input) on a SoC family. True where the
  /// table does not say.
  bool supports(std::string_view type, std::string_view family, DType dtype) const;

  /// SoC families whose dtypes the operator table gives, sorted.
  std::vector<std::string> families() const;

  /// \error InvalidConfig  the table has no such family; `fix` names the nearest
  Status check_family(std::string_view family) const;

  /// Kernels of `type` on a chip of `family`. A bf16 kernel of an operator with an fp32 one is
  /// assumed on chips with bf16 where the table lists none: on the vector unit it is the fp32
  /// kernel between two casts.
  KernelSet kernels(std::string_view type, std::string_view family, bool soc_has_bf16) const;

  /// The list `type` is on; gray where the table does not say.
  MixList mix_list(std::string_view type, std::string_view family) const;

  /// Moves a type to another list, as --modify_mixlist does; digest() stays that of the files.
  void set_mix_list(const std::string& type, const std::string& family, MixList list);

  Digest digest() const { return digest_; }

 private:
  struct Entry;
  std::map<std::string, std::vector<std::string>, std::less<>> from_onnx_;
  std::map<std::string, std::map<std::string, std::vector<DType>, std::less<>>, std::less<>>
      dtypes_;  // type -> family -> dtypes of the first input
  std::map<std::string, std::map<std::string, MixList, std::less<>>, std::less<>> lists_;
  std::vector<std::string> types_;
  std::set<std::string, std::less<>> parsed_types_;
  Digest digest_;
};

}  // namespace keel::ascend
