#pragma once

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <memory>
#include <span>

#include "compiler/base/check.h"
#include "compiler/base/dtype.h"
#include "compiler/base/hash.h"
#include "compiler/base/shape.h"

namespace keel {

/// What a tensor is, without its content.
struct TensorType {
  DType dtype = DType::F32;
  Shape shape;
  bool operator==(const TensorType&) const = default;
};

/// "f32[1,3,224,224]".
std::string to_text(const TensorType& type);

/// [n, c, spatial...] in blocks of channels: [n, ceil(c / block), spatial..., block].
Shape block_shape(const Shape& shape, std::int64_t block);

/// A dense tensor, row-major unless made by in_blocks(). Copies share the bytes. (How the NPU holds
/// tensors is another matter.)
///
/// F16 and BF16 elements are held as floats that lie on the narrower grid (host_size_of).
/// Writing is for the one that made the tensor, before anyone else holds a copy; after that the
/// content does not change, so concurrent reads are safe.
class Tensor {
 public:
  Tensor() : Tensor(DType::F32, Shape{0}) {}

  /// Uninitialised content.
  Tensor(DType dtype, Shape shape);

  /// Bytes that live elsewhere, such as in a mapped file, kept alive by `owner`.
  /// \pre bytes holds element_count(shape) elements of host_size_of(dtype), aligned for them
  Tensor(DType dtype, Shape shape, std::shared_ptr<const void> owner, const std::byte* bytes);

  DType dtype() const { return type_.dtype; }
  const Shape& shape() const { return type_.shape; }
  const TensorType& type() const { return type_; }
  /// Channels of a block; 0 if row-major.
  std::int64_t block() const { return block_; }
  /// Elements of the shape.
  std::int64_t size() const { return size_; }

  /// All that is held: of blocks, with what fills up the last of them.
  std::span<const std::byte> bytes() const { return {bytes_, held() * host_size_of(type_.dtype)}; }

  /// The elements. \pre row-major; T is the host type of dtype(): float for F32, F16 and BF16,
  /// std::uint8_t for Bool and U8, std::int64_t for I64, ...
  template <class T>
  std::span<const T> as() const {
    KEEL_CHECK(sizeof(T) == host_size_of(type_.dtype) && block_ == 0);
    return {reinterpret_cast<const T*>(bytes_), static_cast<std::size_t>(size_)};
  }

  /// All that is held, to be filled in. \pre made by Tensor(dtype, shape)
  template <class T>
  std::span<T> fill() {
    KEEL_CHECK(sizeof(T) == host_size_of(type_.dtype) && writable_ != nullptr);
    return {reinterpret_cast<T*>(writable_), held()};
  }

  /// The same bytes under another shape. \pre row-major, equal element counts
  Tensor reshaped(Shape shape) const;

  /// The row-major tensor [n, ceil(c / block), spatial..., block] as what it holds: a tensor of
  /// `shape`. Beyond the last channel it holds zeros. \pre the shapes fit
  static Tensor in_blocks(Tensor blocks, Shape shape);

  /// The opposite: the row-major tensor of block_shape(shape(), block()). \pre in blocks
  Tensor blocks() const;

  /// The same floats said to be of another float dtype. \pre both are tunable floats and every
  /// element lies on the grid of `dtype`
  Tensor relabelled(DType dtype) const;

  /// Digest of the bytes alone, computed once for all copies. \pre filling is over
  const Digest& content_digest() const;

  /// Says of the content, to all copies, that many executions will read it.
  const Tensor& lasting() const;
  bool is_lasting() const;

  /// What `make` makes of the content: of lasting content kept with it, made once for each `key`.
  /// Thread-safe. \pre filling is over
  Tensor derived(const Digest& key, absl::FunctionRef<Tensor()> make) const;

 private:
  struct Storage;
  // Elements the bytes have room for.
  std::size_t held() const {
    return static_cast<std::size_t>(block_ == 0 ? size_
                                                : element_count(block_shape(type_.shape, block_)));
  }

  TensorType type_;
  std::int64_t size_ = 0;
  std::int64_t block_ = 0;
  std::shared_ptr<const Storage> storage_;  // shared by copies of a graph, the memo and executions
  const std::byte* bytes_ = nullptr;
  std::byte* writable_ = nullptr;
};

/// Results of one operator: one as a rule, which is held in place.
using Tensors = absl::InlinedVector<Tensor, 1>;

/// A tensor of one element of a shape, or of many.
Tensor make_f32(Shape shape, std::span<const float> values);
Tensor make_i64(Shape shape, std::span<const std::int64_t> values);

/// Digest of dtype, shape and content.
Digest digest(const Tensor& tensor);

}  // namespace keel
