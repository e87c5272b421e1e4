#pragma once

#include <string>
#include <utility>
#include <variant>

#include "compiler/base/check.h"

namespace keel {

/// What the caller can do about a failure, not which module raised it.
enum class ErrorCode {
  InvalidModel,   ///< the user edits the model
  InvalidConfig,  ///< the user edits a config, a flag or the data
  NotReadable,    ///< the user names another file or folder
  Unsupported,    ///< the user picks another device, SoC or dtype
  DeviceFailed,   ///< the caller may retry the trial
  StudyCorrupt,   ///< the user restores or repairs the study
  IoFailed,       ///< the user looks at the disk
};

/// A failure someone can act on. Lower case, no final full stop, no question.
struct Error {
  ErrorCode code;
  std::string what;   ///< the broken rule with both values: "conv group 3 does not divide 32"
  std::string where;  ///< something the user can open: "resnet.onnx: node 17 'conv2_1'"
  std::string fix;    ///< one imperative the user can carry out now; empty if there is none

  /// The same error seen from one layer further out: `outer: where`.
  Error in(const std::string& outer) && {
    where = where.empty() ? outer : outer + ": " + where;
    return std::move(*this);
  }
};

/// A value or the Error that prevented it.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool ok() const { return state_.index() == 0; }

  /// \pre ok()
  const T& operator*() const& {
    KEEL_CHECK(ok());
    return std::get<0>(state_);
  }
  T& operator*() & {
    KEEL_CHECK(ok());
    return std::get<0>(state_);
  }
  T&& operator*() && {
    KEEL_CHECK(ok());
    return std::get<0>(std::move(state_));
  }
  const T* operator->() const { return &**this; }
  T* operator->() { return &**this; }

  /// \pre !ok()
  const Error& error() const& {
    KEEL_CHECK(!ok());
    return std::get<1>(state_);
  }
  Error&& error() && {
    KEEL_CHECK(!ok());
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace keel

// NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names and declarations
#define KEEL_CONCAT_(a, b) a##b
#define KEEL_CONCAT(a, b) KEEL_CONCAT_(a, b)
#define KEEL_TRY_(tmp, decl, expr)              \
  auto tmp = (expr);                            \
  if (!tmp.ok()) return std::move(tmp).error(); \
  decl = *std::move(tmp)

/// `KEEL_TRY(Graph graph, load(path));` binds the value or returns the error.
#define KEEL_TRY(decl, expr) KEEL_TRY_(KEEL_CONCAT(keel_try_, __COUNTER__), decl, expr)

#define KEEL_TRY_STATUS_(tmp, expr) \
  auto tmp = (expr);                \
  if (!tmp.ok()) return std::move(tmp).error()

/// `KEEL_TRY_STATUS(graph.verify());` returns the error of an expression without a value.
#define KEEL_TRY_STATUS(expr) KEEL_TRY_STATUS_(KEEL_CONCAT(keel_try_, __COUNTER__), expr)
// NOLINTEND(bugprone-macro-parentheses)
