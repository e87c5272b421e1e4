#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/base/result.h"
#include "compiler/base/tensor.h"
#include "compiler/ir/op.h"
#include "compiler/onnx/external_data.h"

namespace onnx {
class AttributeProto;
class GraphProto;
class NodeProto;
}  // namespace onnx

namespace keel::onnx_io {

/// The attributes of one node, read by name with the type the reader expects. Remembers which were
/// read: one that no reader asked for means something the importer does not know.
///
/// Every reader: \error InvalidModel  the attribute is of another type or out of range
class Attributes {
 public:
  Attributes(const ::onnx::NodeProto& node, ExternalData& external)
      : node_(node), external_(external) {}

  bool has(std::string_view name) const { return find(name) != nullptr; }

  Result<std::int64_t> integer(std::string_view name, std::int64_t otherwise);
  /// \error InvalidModel  also if the attribute is missing
  Result<std::int64_t> required_integer(std::string_view name);
  /// 0 or 1.
  Result<bool> flag(std::string_view name, bool otherwise);
  /// A finite number.
  Result<float> number(std::string_view name, float otherwise);
  Result<std::string> text(std::string_view name, std::string_view otherwise);
  /// Empty where there is none.
  Result<std::vector<std::string>> texts(std::string_view name);
  /// Empty where there is none; each at least `least`.
  Result<ir::Ints> integers(std::string_view name, std::int64_t least = INT64_MIN);
  Result<std::vector<float>> numbers(std::string_view name);
  /// The tensor of `name`. \pre has(name)
  Result<Tensor> tensor(std::string_view name);

  /// The subgraph of `name`. \error InvalidModel  also if the attribute is missing
  Result<const ::onnx::GraphProto*> graph(std::string_view name);

  /// Marks one as read that does not matter to inference.
  void ignore(std::string_view name) { read_.emplace(name); }

  /// \error Unsupported  an attribute was not read: "Conv with attribute 'x'"
  Status check_all_read() const;

 private:
  const ::onnx::AttributeProto* find(std::string_view name) const;
  // Null where there is no such attribute.
  Result<const ::onnx::AttributeProto*> read(std::string_view name, int type);

  const ::onnx::NodeProto& node_;
  ExternalData& external_;
  std::set<std::string, std::less<>> read_;
};

}  // namespace keel::onnx_io
