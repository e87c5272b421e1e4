#include "profiler/accuracy/npy_header.h"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

namespace keel::accuracy {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;  // numpy.lib.format.ARRAY_ALIGN
constexpr std::size_t kMaxRank = 64;    // NPY_MAXDIMS of NumPy 2
constexpr std::size_t kQuotedBytes = 60;
constexpr const char* kFixRewrite = "write the file again with numpy.save";

// BF16 has no .npy dtype and is written as the floats it is held in.
constexpr std::array<std::pair<std::string_view, DType>, 13> kDescriptors = {{
    {"<f4", DType::F32},
    {"<f2", DType::F16},
    {"<f8", DType::F64},
    {"|b1", DType::Bool},
    {"|i1", DType::I8},
    {"|u1", DType::U8},
    {"<i2", DType::I16},
    {"<u2", DType::U16},
    {"<i4", DType::I32},
    {"<u4", DType::U32},
    {"<i8", DType::I64},
    {"<u8", DType::U64},
    {"<f4", DType::BF16},
}};

Error broken(std::string what, std::string fix = kFixRewrite) {
  return {ErrorCode::InvalidConfig, std::move(what), "", std::move(fix)};
}

// Text of a file for a one-line message: short, and nothing a terminal would obey.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text.substr(0, kQuotedBytes)) result += c >= ' ' && c <= '~' ? c : '?';
  return result + (text.size() > kQuotedBytes ? "...'" : "'");
}

// Reads the one Python dictionary that a header holds. Every take_ consumes only what it accepts.
class DictionaryReader {
 public:
  explicit DictionaryReader(std::string_view text) : rest_(text) {}

  bool take(std::string_view token) {
    skip_spaces();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  std::optional<std::string_view> take_string() {
    skip_spaces();
    if (rest_.empty() || (rest_[0] != '\'' && rest_[0] != '"')) return std::nullopt;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }

  std::optional<bool> take_bool() {
    if (take("True")) return true;
    if (take("False")) return false;
    return std::nullopt;
  }

  std::optional<Shape> take_shape() {
    if (!take("(")) return std::nullopt;
    Shape shape;
    bool comma = false;
    while (!take(")")) {
      std::int64_t extent = 0;
      skip_spaces();
      const auto [end, code] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), extent);
      if (code != std::errc() || extent < 0 || shape.size() == kMaxRank) return std::nullopt;
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      take("L");  // Python 2 wrote long integers so
      shape.push_back(extent);
      comma = take(",");
      if (!comma && !rest_.starts_with(')')) return std::nullopt;
    }
    if (shape.size() == 1 && !comma) return std::nullopt;
    return shape;
  }

  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }

 private:
  void skip_spaces() {
    const std::size_t first = rest_.find_first_not_of(" \n\t");
    rest_.remove_prefix(first == std::string_view::npos ? rest_.size() : first);
  }

  std::string_view rest_;
};

struct Dictionary {
  std::optional<std::string_view> descr;
  std::optional<bool> fortran_order;
  std::optional<Shape> shape;
};

std::optional<Dictionary> parse_dictionary(std::string_view text) {
  DictionaryReader reader(text);
  Dictionary found;
  if (!reader.take("{")) return std::nullopt;
  while (!reader.take("}")) {
    const std::optional<std::string_view> key = reader.take_string();
    if (!key || !reader.take(":")) return std::nullopt;
    if (*key == "descr" && !found.descr) {
      found.descr = reader.take_string();
      if (!found.descr) return std::nullopt;
    } else if (*key == "fortran_order" && !found.fortran_order) {
      found.fortran_order = reader.take_bool();
      if (!found.fortran_order) return std::nullopt;
    } else if (*key == "shape" && !found.shape) {
      found.shape = reader.take_shape();
      if (!found.shape) return std::nullopt;
    } else {
      return std::nullopt;
    }
    if (!reader.take(",")) {
      if (!reader.take("}")) return std::nullopt;
      break;
    }
  }
  const bool complete = found.descr && found.fortran_order && found.shape;
  if (!complete || !reader.at_end()) return std::nullopt;
  return found;
}

Result<DType> dtype_of(std::string_view descriptor) {
  for (const auto& [known, dtype] : kDescriptors)
    if (known == descriptor) return dtype;
  if (descriptor.starts_with('>'))
    return broken("dtype " + quoted(descriptor) + " is big-endian, keel reads little-endian",
                  "save array.astype(array.dtype.newbyteorder('<'))");
  return broken("dtype " + quoted(descriptor) +
                    " is not one keel holds (bool, integers of 8 to 64 bits, float16, 32 or 64)",
                "save the array as the dtype of the model's input, such as np.float32");
}

bool bytes_countable(const TensorType& type) {
  std::int64_t bytes = static_cast<std::int64_t>(sizeof(double));
  for (const std::int64_t extent : type.shape)
    if (extent != 0 && __builtin_mul_overflow(bytes, extent, &bytes)) return false;
  return true;
}

}  // namespace

Result<NpyHeader> parse_npy_header(std::span<const std::byte> file) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::size_t known = std::min(text.size(), kMagic.size());
  if (text.substr(0, known) != kMagic.substr(0, known))
    return broken("not a .npy file: it starts with " + quoted(text.substr(0, known)),
                  "name a file written by numpy.save, or call raw data *.bin");
  if (text.size() < kMagic.size() + 2)
    return broken("the header needs 10 bytes, the file has " + std::to_string(text.size()));

  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(file[i]); };
  const std::size_t major = byte(6);
  if (major < 1 || major > 3)
    return broken("version " + std::to_string(major) + " of .npy, keel reads 1 to 3");
  const std::size_t start = major == 1 ? 10 : 12;
  if (text.size() < start)
    return broken("the header needs " + std::to_string(start) + " bytes, the file has " +
                  std::to_string(text.size()));
  std::size_t length = byte(8) | byte(9) << 8;
  if (major > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > text.size() - start)
    return broken("the header says it ends at byte " + std::to_string(start + length) +
                  ", the file has " + std::to_string(text.size()));

  const std::string_view dictionary_text = text.substr(start, length);
  const std::optional<Dictionary> dictionary = parse_dictionary(dictionary_text);
  if (!dictionary)
    return broken("the header is not a dictionary of descr, fortran_order and shape of one plain " +
                  ("array: " + quoted(dictionary_text)));
  NpyHeader header;
  KEEL_TRY(header.type.dtype, dtype_of(*dictionary->descr));
  header.type.shape = *dictionary->shape;
  header.fortran_order = *dictionary->fortran_order;
  header.data_offset = start + length;
  if (!bytes_countable(header.type))
    return broken("shape " + to_text(header.type.shape) + " takes more bytes than 64 bits count");
  return header;
}

std::string npy_header_text(const TensorType& type) {
  std::string shape;
  for (const std::int64_t extent : type.shape) {
    if (!shape.empty()) shape += ", ";
    shape += std::to_string(extent);
  }
  if (type.shape.size() == 1) shape += ',';

  std::string_view descriptor;
  for (const auto& [known, dtype] : kDescriptors)
    if (dtype == type.dtype) descriptor = known;
  std::string text = "{'descr': '" + std::string(descriptor) +
                     "', 'fortran_order': False, 'shape': (" + shape + "), }";
  const std::size_t prefix = kMagic.size() + 4;
  const std::size_t used = prefix + text.size() + 1;
  text.append((kAlignment - used % kAlignment) % kAlignment, ' ');
  text += '\n';
  KEEL_CHECK(text.size() <= 0xffff);

  std::string header(kMagic);
  header +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  return header + text;
}

}  // namespace keel::accuracy
