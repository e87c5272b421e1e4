#!/bin/sh
# Configures and builds one preset: scripts/build.sh [release|debug|asan|tsan] [TARGET...]
set -eu
cd "$(dirname "$0")/.."
preset=${1:-release}
[ $# -gt 0 ] && shift
[ "$preset" != tsan ] || scripts/tsan_tbb.sh
cmake --preset "$preset" > "/tmp/keel-configure-$$.log" 2>&1 || {
  cat "/tmp/keel-configure-$$.log" >&2
  rm -f "/tmp/keel-configure-$$.log"
  exit 1
}
rm -f "/tmp/keel-configure-$$.log"
if [ $# -gt 0 ]; then
  cmake --build --preset "$preset" --target "$@"
else
  cmake --build --preset "$preset"
fi
