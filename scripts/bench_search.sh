#!/bin/sh
# Every search strategy at equal evaluations: scripts/bench_search.sh --output DIR [OPTION...];
# --help has the options. Repeat the command to go on, or to add models.
set -eu
cd "$(dirname "$0")/.."
scripts/build.sh release keel write_stress_model > /dev/null
exec python3 scripts/bench_search.py "$@"
