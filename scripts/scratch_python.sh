#!/bin/sh
# Prints the path of a Python that has the given modules: scripts/scratch_python.sh MODULE... What is
# missing is installed into a scratch folder, not into the system.
set -eu
scratch=${KEEL_BENCH_SCRATCH:-${TMPDIR:-/tmp}/keel-bench-engine}
[ -x "$scratch/bin/python3" ] || python3 -m venv "$scratch"
for module in "$@"; do
  "$scratch/bin/python3" -c "import $module" 2> /dev/null ||
    "$scratch/bin/pip" install --quiet "$module" >&2
done
echo "$scratch/bin/python3"
