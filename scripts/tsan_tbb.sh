#!/bin/sh
# Builds oneTBB with thread sanitizer into build/tbb-tsan, from the source of the installed Debian
# package; the tsan preset links it. Without it the sanitizer sees no hand-over between threads and
# reports every one as a race. Does nothing when it is there. Needs apt's sources, not root.
set -eu
cd "$(dirname "$0")/.."
out=$PWD/build/tbb-tsan
[ ! -e "$out/lib/libtbbmalloc.so" ] || exit 0
work=$PWD/build/tbb-tsan-source
rm -rf "$work"
mkdir -p "$work/apt" "$work/lists"

# The machine's own package sources, asked for sources.
for list in /etc/apt/sources.list.d/*.sources; do
  [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" > "$work/apt/$(basename "$list")"
done
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
  [ ! -e "$list" ] || sed -n 's/^deb /deb-src /p' "$list" > "$work/apt/$(basename "$list")"
done
apt() {
  apt-get -qq -o Dir::Etc::sourceparts="$work/apt" -o Dir::Etc::sourcelist=/dev/null \
    -o Dir::State::lists="$work/lists" -o APT::Sandbox::User=root "$@"
}
apt update
version=$(dpkg-query -W -f '${Version}' libtbb-dev)
(cd "$work" && apt --download-only source "onetbb=$version" && tar xf onetbb_*.orig.tar.xz)

cmake -S "$work"/oneTBB-* -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib -DTBB_SANITIZE=thread -DTBB_TEST=OFF \
  -DTBB_STRICT=OFF -DTBB_DISABLE_HWLOC_AUTOMATIC_SEARCH=ON > "$work/configure.log"
cmake --build "$work/build" > "$work/build.log" || { tail -20 "$work/build.log" >&2; exit 1; }
cmake --install "$work/build" > "$work/install.log"
rm -rf "$work"
