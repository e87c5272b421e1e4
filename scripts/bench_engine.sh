#!/bin/sh
# Host execution against ONNX Runtime: scripts/bench_engine.sh [FOLDER...], each with model.onnx and
# samples; without any, demo/.
set -eu
cd "$(dirname "$0")/.."
python=$(scripts/scratch_python.sh onnxruntime numpy)
scripts/build.sh release engine_time > /dev/null
[ $# -gt 0 ] || set -- demo
exec "$python" scripts/bench_engine.py "$@"
