#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lint/subject.h"

namespace keel::lint {

/// A tensor of the model and what makes it.
struct NamedTensor {
  std::string node;    ///< the node that computes it; empty where none does
  std::string origin;  ///< where none does: "an input of the model" or "a constant"
};

/// The names of a model, for finding what an entry that matches nothing may mean. Lookups cost the
/// logarithm of the number of names, but for near().
class NameIndex {
 public:
  explicit NameIndex(const NamedModel& model);

  /// Node names that differ from `name` only in the case of letters.
  std::vector<std::string> in_other_case(std::string_view name) const;
  /// ... only in characters that are neither letters nor digits, and in case.
  std::vector<std::string> with_other_separators(std::string_view name) const;
  /// Node names that go on after `name` with a separator.
  std::vector<std::string> longer_than(std::string_view name) const;
  std::optional<NamedTensor> tensor(std::string_view name) const;
  /// The Ascend type of the model's operators that are called `word` in ONNX or on the NPU; empty
  /// without one.
  std::string type_called(std::string_view word) const;
  const std::string& onnx_op(std::string_view node) const;

  /// Nearest first, at most two. Compares with every name, so only the first few calls, which are
  /// of the first lines of a list, get an answer: a list for another model must not cost lines
  /// times names.
  std::vector<std::string> near(std::string_view name);
  /// The same of types: of the model's, or of all where `all` is set.
  std::vector<std::string> near_type(std::string_view type, bool all);

 private:
  const ascend::OpTable& table_;
  std::map<std::string, std::string, std::less<>> op_of_name_;
  std::map<std::string, std::vector<std::string>, std::less<>> by_case_, by_letters_;
  std::map<std::string, NamedTensor, std::less<>> tensors_;
  std::set<std::string, std::less<>> types_;
  std::vector<std::string> names_;
  int suggestions_ = 0;
};

}  // namespace keel::lint
