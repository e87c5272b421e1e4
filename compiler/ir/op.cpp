#include "compiler/ir/op.h"

#include <utility>

namespace keel::ir {
namespace {

template <class Family, std::size_t N>
bool find_kind(std::string_view name, const std::array<std::string_view, N>& names, Op& op) {
  for (std::size_t i = 0; i < N; ++i) {
    if (names[i] != name) continue;
    Family family;
    family.kind = static_cast<decltype(family.kind)>(i);
    op = family;
    return true;
  }
  return false;
}

struct NameOf {
  std::string_view operator()(const Unary& op) const { return at(kUnaryNames, op.kind); }
  std::string_view operator()(const Binary& op) const { return at(kBinaryNames, op.kind); }
  std::string_view operator()(const Pool& op) const { return at(kPoolNames, op.kind); }
  std::string_view operator()(const Reduce& op) const { return at(kReduceNames, op.kind); }
  std::string_view operator()(const Reshape& op) const { return at(kReshapeNames, op.kind); }
  template <class Single>
  std::string_view operator()(const Single&) const {
    return Single::kName;
  }

 private:
  template <class Names, class Kind>
  static std::string_view at(const Names& names, Kind kind) {
    return names[static_cast<std::size_t>(kind)];
  }
};

// Tries the one-name family at `Index` of Op and those after it.
template <std::size_t Index = 0>
bool find_single(std::string_view name, Op& op) {
  if constexpr (Index < std::variant_size_v<Op>) {
    using Family = std::variant_alternative_t<Index, Op>;
    if constexpr (requires { Family::kName; }) {
      if (Family::kName == name) {
        op = Family{};
        return true;
      }
    }
    return find_single<Index + 1>(name, op);
  } else {
    return false;
  }
}

template <class... Families>
bool holds_any(const Op& op) {
  return (std::holds_alternative<Families>(op) || ...);
}

}  // namespace

std::string_view name(const Op& op) { return std::visit(NameOf{}, op); }

bool op_named(std::string_view name, Op& op) {
  return find_kind<Unary>(name, kUnaryNames, op) || find_kind<Binary>(name, kBinaryNames, op) ||
         find_kind<Pool>(name, kPoolNames, op) || find_kind<Reduce>(name, kReduceNames, op) ||
         find_kind<Reshape>(name, kReshapeNames, op) || find_single(name, op);
}

bool is_cube(const Op& op) { return holds_any<Conv, MatMul, Gemm>(op); }

std::size_t cube_operands(const Op& op) {
  if (std::holds_alternative<Lstm>(op)) return 3;
  return is_cube(op) ? 2 : 0;
}

bool is_layout(const Op& op) {
  return holds_any<Reshape, Transpose, Concat, Slice, Split, Gather, Expand, Tile, Pad, Identity>(
      op);
}

}  // namespace keel::ir
