#!/bin/sh
# Mixed-precision models that keel exports, run by ONNX Runtime, against keel's own evaluation:
# scripts/check_mixed_onnx.sh [FOLDER...], each with model.onnx and samples; without any, demo/.
set -eu
cd "$(dirname "$0")/.."
python=$(scripts/scratch_python.sh numpy onnx onnxruntime)
scripts/build.sh release keel > /dev/null
[ $# -gt 0 ] || set -- demo
exec "$python" scripts/check_mixed_onnx.py "$@"
