#!/bin/sh
# Host execution against ONNX Runtime: scripts/bench_engine.sh [FOLDER...], each with model.onnx and
# samples; without any, demo/. ONNX Runtime is installed into a scratch folder, not into the system.
set -eu
cd "$(dirname "$0")/.."
scratch=${KEEL_BENCH_SCRATCH:-${TMPDIR:-/tmp}/keel-bench-engine}
if ! "$scratch/bin/python3" -c 'import onnxruntime, numpy' 2>/dev/null; then
  python3 -m venv "$scratch"
  "$scratch/bin/pip" install --quiet onnxruntime numpy
fi
scripts/build.sh release engine_time > /dev/null
[ $# -gt 0 ] || set -- demo
exec "$scratch/bin/python3" scripts/bench_engine.py "$@"
