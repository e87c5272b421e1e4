#include "compiler/base/tensor.h"

#include <tbb/scalable_allocator.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <new>
#include <string>

namespace keel {
namespace {

// A cache line, and what the widest vector loads like best.
constexpr std::size_t kAlignment = 64;

// A sanitizer sees overruns of its own allocator's blocks only.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
void* allocate_aligned(std::size_t bytes) {
  return ::operator new(bytes, std::align_val_t{kAlignment});
}
void free_aligned(void* block) { ::operator delete(block, std::align_val_t{kAlignment}); }
#else
// TBB's allocator keeps large blocks, if told so those over 64 MiB too: from the system they would
// come as fresh pages each time, and faulting those in costs as much as the arithmetic of many
// operators.
constexpr intptr_t kLargestKept = intptr_t{1} << 32;

void* allocate_aligned(std::size_t bytes) {
  [[maybe_unused]] static const int is_set =
      scalable_allocation_mode(TBBMALLOC_SET_HUGE_SIZE_THRESHOLD, kLargestKept);
  void* block = scalable_aligned_malloc(bytes, kAlignment);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void free_aligned(void* block) { scalable_aligned_free(block); }
#endif

// Allocates one object with room behind it, in a single block.
template <class T>
struct WithRoom {
  using value_type = T;

  WithRoom(std::size_t bytes_of_room, std::byte** where) : bytes(bytes_of_room), room(where) {}
  template <class U>
  WithRoom(const WithRoom<U>& other) : bytes(other.bytes), room(other.room) {}
  bool operator==(const WithRoom&) const = default;

  T* allocate(std::size_t count) {
    const std::size_t before = (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
    auto* block = static_cast<std::byte*>(allocate_aligned(before + bytes));
    *room = block + before;
    return reinterpret_cast<T*>(block);
  }
  void deallocate(T* block, std::size_t) { free_aligned(block); }

  std::size_t bytes;
  std::byte** room;  // is told where the room is
};

template <class T>
Tensor make(DType dtype, Shape shape, std::span<const T> values) {
  Tensor tensor(dtype, std::move(shape));
  KEEL_CHECK(static_cast<std::size_t>(tensor.size()) == values.size());
  std::ranges::copy(values, tensor.fill<T>().begin());
  return tensor;
}

}  // namespace

std::string to_text(const TensorType& type) {
  return std::string(name(type.dtype)) + to_text(type.shape);
}

Shape block_shape(const Shape& shape, std::int64_t block) {
  Shape blocks = shape;
  blocks[1] = (shape[1] + block - 1) / block;
  blocks.push_back(block);
  return blocks;
}

struct Tensor::Storage {
  Storage(std::shared_ptr<const void> keeper, std::span<const std::byte> content)
      : owner(std::move(keeper)), bytes(content) {}

  std::shared_ptr<const void> owner;  // of bytes that live elsewhere
  std::span<const std::byte> bytes;
  mutable std::once_flag hashed;
  mutable Digest digest;
  mutable std::atomic<bool> is_lasting = false;
  mutable std::mutex mutex;
  mutable std::map<Digest, Tensor> derived;  // under mutex
};

Tensor::Tensor(DType dtype, Shape shape)
    : type_{dtype, std::move(shape)}, size_(element_count(type_.shape)) {
  const std::size_t size = bytes().size();
  const WithRoom<Storage> allocator(size, &writable_);
  const auto storage = std::allocate_shared<Storage>(allocator, nullptr, std::span<std::byte>());
  storage->bytes = {writable_, size};
  bytes_ = writable_;
  storage_ = storage;
}

Tensor::Tensor(DType dtype, Shape shape, std::shared_ptr<const void> owner, const std::byte* bytes)
    : type_{dtype, std::move(shape)}, size_(element_count(type_.shape)), bytes_(bytes) {
  storage_ = std::make_shared<Storage>(std::move(owner), this->bytes());
}

Tensor Tensor::reshaped(Shape shape) const {
  KEEL_CHECK(element_count(shape) == size_ && block_ == 0);
  Tensor view = *this;
  view.type_.shape = std::move(shape);
  view.writable_ = nullptr;
  return view;
}

Tensor Tensor::in_blocks(Tensor blocks, Shape shape) {
  blocks.block_ = blocks.shape().back();
  KEEL_CHECK(blocks.shape() == block_shape(shape, blocks.block_));
  blocks.size_ = element_count(shape);
  blocks.type_.shape = std::move(shape);
  return blocks;
}

Tensor Tensor::blocks() const {
  KEEL_CHECK(block_ != 0);
  Tensor view = *this;
  view.block_ = 0;
  view.type_.shape = block_shape(type_.shape, block_);
  view.size_ = element_count(view.type_.shape);
  view.writable_ = nullptr;
  return view;
}

Tensor Tensor::relabelled(DType dtype) const {
  KEEL_CHECK(is_tunable_float(dtype) && is_tunable_float(type_.dtype));
  Tensor view = *this;
  view.type_.dtype = dtype;
  view.writable_ = nullptr;
  return view;
}

const Digest& Tensor::content_digest() const {
  std::call_once(storage_->hashed, [&] {
    Hasher hasher;
    hasher.add_bytes(storage_->bytes);
    storage_->digest = hasher.digest();
  });
  return storage_->digest;
}

const Tensor& Tensor::lasting() const {
  storage_->is_lasting = true;
  return *this;
}

bool Tensor::is_lasting() const { return storage_->is_lasting; }

Tensor Tensor::derived(const Digest& key, absl::FunctionRef<Tensor()> make) const {
  if (!storage_->is_lasting) return make();
  const std::lock_guard lock(storage_->mutex);
  auto found = storage_->derived.find(key);
  if (found == storage_->derived.end()) found = storage_->derived.emplace(key, make()).first;
  return found->second;
}

Tensor make_f32(Shape shape, std::span<const float> values) {
  return make<float>(DType::F32, std::move(shape), values);
}

Tensor make_i64(Shape shape, std::span<const std::int64_t> values) {
  return make<std::int64_t>(DType::I64, std::move(shape), values);
}

Digest digest(const Tensor& tensor) {
  Hasher hasher;
  hasher.add(static_cast<std::uint64_t>(tensor.dtype()));
  hasher.add(tensor.shape().size());
  for (const std::int64_t extent : tensor.shape()) hasher.add(static_cast<std::uint64_t>(extent));
  hasher.add(tensor.content_digest());
  return hasher.digest();
}

}  // namespace keel
