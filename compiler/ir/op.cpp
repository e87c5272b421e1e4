#include "compiler/ir/op.h"

#include <algorithm>
#include <span>
#include <type_traits>

namespace keel::ir {
namespace {

// The names of the kinds of a family, in the order of its enumerators.
template <class Family>
constexpr std::span<const std::string_view> kind_names() {
  if constexpr (std::is_same_v<Family, Unary>) return kUnaryNames;
  if constexpr (std::is_same_v<Family, Binary>) return kBinaryNames;
  if constexpr (std::is_same_v<Family, Pool>) return kPoolNames;
  if constexpr (std::is_same_v<Family, Reduce>) return kReduceNames;
  if constexpr (std::is_same_v<Family, ArgReduce>) return kArgReduceNames;
  if constexpr (std::is_same_v<Family, Loss>) return kLossNames;
  if constexpr (std::is_same_v<Family, Reshape>) return kReshapeNames;
  if constexpr (std::is_same_v<Family, DepthSpace>) return kDepthSpaceNames;
  if constexpr (std::is_same_v<Family, SignalWindow>) return kWindowNames;
  return {};
}

// Tries the family at `Index` of Op and those after it.
template <std::size_t Index = 0>
bool find_named(std::string_view name, Op& op) {
  if constexpr (Index < std::variant_size_v<Op>) {
    using Family = std::variant_alternative_t<Index, Op>;
    if constexpr (requires { Family::kName; }) {
      if (Family::kName == name) {
        op = Family{};
        return true;
      }
    } else {
      constexpr std::span<const std::string_view> kNames = kind_names<Family>();
      if (const auto found = std::ranges::find(kNames, name); found != kNames.end()) {
        Family family;
        family.kind = static_cast<decltype(family.kind)>(found - kNames.begin());
        op = family;
        return true;
      }
    }
    return find_named<Index + 1>(name, op);
  } else {
    return false;
  }
}

template <class... Families>
bool holds_any(const Op& op) {
  return (std::holds_alternative<Families>(op) || ...);
}

}  // namespace

std::string_view name(const Op& op) {
  return std::visit(
      []<class Family>(const Family& family) -> std::string_view {
        if constexpr (requires { Family::kName; })
          return Family::kName;
        else
          return kind_names<Family>()[static_cast<std::size_t>(family.kind)];
      },
      op);
}

bool op_named(std::string_view name, Op& op) { return find_named(name, op); }

bool is_cube(const Op& op) { return holds_any<Conv, ConvTranspose, MatMul, Gemm>(op); }

bool is_recurrent(const Op& op) { return holds_any<Lstm, Gru, Rnn>(op); }

std::size_t cube_operands(const Op& op) {
  if (is_recurrent(op)) return 3;
  return is_cube(op) ? 2 : 0;
}

bool is_layout(const Op& op) {
  return std::visit([]<class Family>(const Family&) { return requires { Family::kIsLayout; }; },
                    op);
}

bool has_data_dependent_shape(const Op& op) {
  return std::visit(
      []<class Family>(const Family&) { return requires { Family::kHasDataDependentShape; }; }, op);
}

}  // namespace keel::ir
