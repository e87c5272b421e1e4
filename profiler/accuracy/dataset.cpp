#include "profiler/accuracy/dataset.h"

#include <algorithm>
#include <cmath>

#include "compiler/base/file.h"
#include "compiler/onnx/load.h"
#include "profiler/accuracy/labels.h"
#include "profiler/accuracy/raw_elements.h"
#include "profiler/accuracy/sample_files.h"

namespace keel::accuracy {
namespace {

namespace fs = std::filesystem;

Error bad_input(std::string what, const fs::path& path, std::string fix) {
  return {ErrorCode::InvalidConfig, std::move(what), path.string(), std::move(fix)};
}

Result<Tensor> read_bin(const fs::path& path, const Port& input) {
  KEEL_TRY(const std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  if (file->bytes().size() != raw_bytes(input.type))
    return bad_input("the file has " + std::to_string(file->bytes().size()) + " bytes, input '" +
                         input.name + "' of " + to_text(input.type) + " takes " +
                         std::to_string(raw_bytes(input.type)),
                     path, "write the elements in C order and nothing else, or save a .npy file");
  return from_raw(input.type, file->bytes());
}

Result<Tensor> read_any(const fs::path& path, const Port& input) {
  if (path.extension() == ".bin") return read_bin(path, input);
  if (path.extension() == ".pb") return onnx_io::read_tensor_file(path);
  return read_npy(path);
}

Error wrong_shape(const Shape& shape, const Port& input, const fs::path& path) {
  std::string extents = to_text(shape);
  extents = extents.substr(1, extents.size() - 2);
  const bool settable = shape.size() == input.type.shape.size() && element_count(shape) > 0;
  return bad_input(
      "shape is " + to_text(shape) + ", input '" + input.name + "' takes " +
          to_text(input.type.shape),
      path,
      "give every sample the shape " + to_text(input.type.shape) +
          (settable ? ", or set the model's with --input_shape '" + input.name + ":" + extents + "'"
                    : "; --input_shape sets the extents of the model's"));
}

std::string number_kind(const Tensor& tensor, std::size_t index) {
  const double value = tensor.dtype() == DType::F64
                           ? tensor.as<double>()[index]
                           : static_cast<double>(tensor.as<float>()[index]);
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

Result<Tensor> read_input(const fs::path& path, const Port& input) {
  KEEL_TRY(const Tensor raw, read_any(path, input));
  if (raw.shape() != input.type.shape) return wrong_shape(raw.shape(), input, path);
  Result<Tensor> tensor = converted(raw, input.type.dtype);
  if (!tensor.ok())
    return std::move(tensor).error().in(path.string() + ": input '" + input.name + "'");
  if (const std::optional<std::size_t> index = first_non_finite(*tensor))
    return bad_input("input '" + input.name + "' holds " + number_kind(*tensor, *index) +
                         " at element " + std::to_string(*index) + " of " + to_text(tensor->type()),
                     path, "repair the sample or remove it");
  return tensor;
}

Result<std::vector<Tensor>> read_sample(const SampleFiles& files, std::span<const Port> inputs) {
  std::vector<Tensor> tensors;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    KEEL_TRY(Tensor tensor, read_input(files.inputs[i], inputs[i]));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

Digest digest_of(const Dataset& data) {
  Hasher hasher;
  hasher.add(std::uint64_t{data.samples.size()});
  for (const Sample& sample : data.samples) {
    hasher.add(std::string_view(sample.name));
    for (const Tensor& input : sample.inputs) hasher.add(digest(input));
  }
  hasher.add(std::uint64_t{data.labels.size()});
  for (const std::int64_t label : data.labels) hasher.add(static_cast<std::uint64_t>(label));
  return hasher.digest();
}

}  // namespace

Result<std::vector<Tensor>> first_sample(const fs::path& folder, std::span<const Port> inputs) {
  KEEL_TRY(const std::vector<SampleFiles> samples, find_sample_files(folder, inputs));
  return read_sample(samples[0], inputs);
}

Result<std::optional<Tensor>> constant_sample(const fs::path& folder, std::span<const Port> inputs,
                                              const Port& input) {
  const auto at =
      static_cast<std::size_t>(std::ranges::find(inputs, input.name, &Port::name) - inputs.begin());
  KEEL_CHECK(at < inputs.size());
  KEEL_TRY(const std::vector<SampleFiles> samples, find_sample_files(folder, inputs));
  std::optional<Tensor> first;
  for (const SampleFiles& sample : samples) {
    KEEL_TRY(Tensor tensor, read_input(sample.inputs[at], input));
    if (!first)
      first = std::move(tensor);
    else if (digest(tensor) != digest(*first))
      return std::optional<Tensor>();
  }
  return first;
}

Result<Dataset> load_dataset(const fs::path& folder, std::span<const Port> inputs,
                             const std::optional<fs::path>& labels) {
  KEEL_TRY(const std::vector<SampleFiles> found, find_sample_files(folder, inputs));
  Dataset data;
  for (const SampleFiles& files : found) {
    KEEL_TRY(std::vector<Tensor> tensors, read_sample(files, inputs));
    data.samples.push_back({files.name, std::move(tensors)});
  }

  const fs::path beside = folder / "labels.json";
  if (labels || fs::exists(beside)) {
    KEEL_TRY(data.labels, read_labels(labels.value_or(beside), data.samples.size()));
  }
  data.digest = digest_of(data);
  return data;
}

std::string file_name_of(std::string_view name) {
  std::string result(name);
  for (char& c : result)
    if (std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos ||
        static_cast<unsigned char>(c) < ' ')
      c = '_';
  return result;
}

std::string output_file_name(const std::string& sample, std::string_view output,
                             std::size_t output_count) {
  return sample + (output_count == 1 ? "" : "." + file_name_of(output)) + ".npy";
}

}  // namespace keel::accuracy
