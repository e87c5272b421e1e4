#!/bin/sh
# Format check, layer check, and clang-tidy on the given files, or on all: scripts/lint.sh [FILE...]
# Needs a configured build: scripts/build.sh makes one.
set -eu
cd "$(dirname "$0")/.."
scripts/format.sh --check
python3 scripts/check_layers.py .
[ $# -gt 0 ] || set -- $(git ls-files 'compiler/*.cpp' 'profiler/*.cpp' 'tuner/*.cpp')
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 clang-tidy-16 -p build/release --quiet \
  --extra-arg="-idirafter$(g++ -print-file-name=include)" --warnings-as-errors='*'
