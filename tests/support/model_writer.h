#pragma once

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace keel::test {

/// Puts together an ONNX model of opset 13 with fp32 tensors. For the sources of this folder: the
/// header needs the ONNX headers.
class ModelWriter {
 public:
  explicit ModelWriter(const std::string& graph_name);

  void input(const std::string& name, const std::vector<std::int64_t>& shape);
  void output(const std::string& name, const std::vector<std::int64_t>& shape);
  /// Of shape [extent, columns], the first of which the file leaves open.
  void open_output(const std::string& name, const std::string& extent, std::int64_t columns);

  /// \param element  called once an element, in C order
  void constant(const std::string& name, const std::vector<std::int64_t>& shape, auto element) {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) count *= extent;
    std::vector<float> elements(static_cast<std::size_t>(count));
    std::ranges::generate(elements, element);
    initializer(name, shape, onnx::TensorProto::FLOAT, elements.data(), count * 4);
  }
  void scalar(const std::string& name, float value) {
    constant(name, {}, [&] { return value; });
  }
  void integers(const std::string& name, const std::vector<std::int64_t>& values);

  /// Its result has its name, or `output`. \returns the name of the result
  std::string node(const std::string& name, const std::string& op,
                   const std::vector<std::string>& inputs, const std::string& output = "");
  /// An attribute of the node added last.
  void set(const std::string& attribute, const std::vector<std::int64_t>& values);

  void write(const std::filesystem::path& path) const;

 private:
  static void set_type(onnx::ValueInfoProto& info, const std::string& name,
                       const std::vector<std::int64_t>& shape);
  void initializer(const std::string& name, const std::vector<std::int64_t>& shape, int type,
                   const void* elements, std::int64_t bytes);

  onnx::ModelProto model_;
};

/// "007": the name of a sample.
std::string sample_name(int number);

}  // namespace keel::test
