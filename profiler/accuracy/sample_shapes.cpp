#include "profiler/accuracy/sample_shapes.h"

#include <algorithm>

#include "compiler/base/file.h"
#include "compiler/onnx/load.h"
#include "profiler/accuracy/npy_header.h"
#include "profiler/accuracy/sample_files.h"

namespace keel::accuracy {
namespace {

namespace fs = std::filesystem;

Result<Shape> npy_shape(const fs::path& path) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<NpyHeader> header = parse_npy_header(file->bytes());
  if (!header.ok()) return std::move(header).error().in(path.string());
  return header->type.shape;
}

Result<Shape> shape_in(const fs::path& path, const std::string& name) {
  if (path.extension() == ".bin")
    return Error{
        ErrorCode::InvalidConfig,
        "the model leaves the shape of input '" + name + "' open, and a .bin file has none",
        path.string(), "fix it with --input_shape, or save .npy files"};
  if (path.extension() != ".pb") return npy_shape(path);
  KEEL_TRY(const Tensor tensor, onnx_io::read_tensor_file(path));
  return tensor.shape();
}

}  // namespace

Result<Shape> sample_shape(const fs::path& folder, std::span<const Port> inputs,
                           const std::string& name) {
  const auto at =
      static_cast<std::size_t>(std::ranges::find(inputs, name, &Port::name) - inputs.begin());
  KEEL_CHECK(at < inputs.size());
  KEEL_TRY(const std::vector<SampleFiles> samples, find_sample_files(folder, inputs));
  KEEL_TRY(const Shape first, shape_in(samples[0].inputs[at], name));
  for (const SampleFiles& sample : samples) {
    KEEL_TRY(const Shape shape, shape_in(sample.inputs[at], name));
    if (shape == first) continue;
    return Error{ErrorCode::InvalidConfig,
                 "input '" + name + "' is " + to_text(shape) + " in sample '" + sample.name +
                     "' and " + to_text(first) + " in sample '" + samples[0].name + "'",
                 sample.inputs[at].string(),
                 "pad or resize the samples to one shape, or give each shape a folder of its own"};
  }
  return first;
}

}  // namespace keel::accuracy
