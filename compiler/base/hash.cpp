#include "compiler/base/hash.h"

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>  // from here on the widest vectors of the processor
#endif

#include <bit>
#include <cstdio>
#include <cstring>
#include <new>
#include <type_traits>

#include "compiler/base/check.h"

namespace keel {
namespace {

// XXH3_128bits_update() of a piece that only has to wait in the state's buffer, without what that
// prepares for longer ones: most digests are of a few hundred bytes in pieces of eight.
void add_piece(XXH3_state_t& state, const void* piece, std::size_t size) {
  if (size > sizeof state.buffer - state.bufferedSize) {
    XXH3_128bits_update(&state, piece, size);
    return;
  }
  std::memcpy(state.buffer + state.bufferedSize, piece, size);
  state.bufferedSize += static_cast<XXH32_hash_t>(size);
  state.totalLen += size;
}

}  // namespace

struct Hasher::State {
  XXH3_state_t xxh;
};

// The state is left as it is where nothing was added: setting all of it to zero would cost more
// than a short digest.
Hasher::Hasher() {  // NOLINT(*-member-init)
  static_assert(sizeof(State) <= kStateBytes && alignof(State) <= alignof(Hasher));
  static_assert(std::is_trivially_destructible_v<State>);
  XXH3_128bits_reset(&(new (state_.data()) State)->xxh);
}

Hasher::State& Hasher::state() { return *std::launder(reinterpret_cast<State*>(state_.data())); }
const Hasher::State& Hasher::state() const {
  return *std::launder(reinterpret_cast<const State*>(state_.data()));
}

void Hasher::add(std::uint64_t value) { add_piece(state().xxh, &value, sizeof value); }

void Hasher::add(double value) { add(std::bit_cast<std::uint64_t>(value)); }

void Hasher::add(std::string_view text) { add_bytes(std::as_bytes(std::span(text))); }

void Hasher::add(const Digest& digest) {
  add(digest.high);
  add(digest.low);
}

void Hasher::add_bytes(std::span<const std::byte> bytes) {
  add(static_cast<std::uint64_t>(bytes.size()));
  if (!bytes.empty()) add_piece(state().xxh, bytes.data(), bytes.size());
}

Digest Hasher::digest() const {
  const XXH128_hash_t hash = XXH3_128bits_digest(&state().xxh);
  return {hash.high64, hash.low64};
}

Digest combined(std::span<const Digest> digests) {
  const XXH128_hash_t hash = XXH3_128bits(digests.data(), digests.size_bytes());
  return {hash.high64, hash.low64};
}

std::string to_text(const Digest& digest) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                static_cast<unsigned long long>(digest.low));
  return text;
}

}  // namespace keel
