#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace keel {

/// A 128-bit content hash. Equal content, equal digest, on every platform and in every version.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  auto operator<=>(const Digest&) const = default;
};

/// 32 lower-case hexadecimal digits.
std::string to_text(const Digest& digest);

/// Digest of several in order: for short lists, faster than a Hasher.
Digest combined(std::span<const Digest> digests);

/// Digests as keys of an unordered_map.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return digest.low; }
};

/// Accumulates a Digest (XXH3-128). Strings and spans are length-prefixed, so that ("ab", "c")
/// and ("a", "bc") differ.
class Hasher {
 public:
  Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void add(std::uint64_t value);
  void add(double value);
  void add(std::string_view text);
  void add(const Digest& digest);
  void add_bytes(std::span<const std::byte> bytes);

  Digest digest() const;

 private:
  struct State;
  State& state();
  const State& state() const;

  static constexpr std::size_t kStateBytes = 576;
  alignas(64) std::array<std::byte, kStateBytes> state_;  // a State, made in place
};

}  // namespace keel
