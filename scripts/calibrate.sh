#!/bin/bash
# Fits the timing models on measured times and writes how far predictions are known: that of Ascend910B2 on times of
# kernels, that of Ascend310P3 on times of whole public networks.
#
#     scripts/calibrate.sh [MEASUREMENTS]
#
# MEASUREMENTS is the folder of op_latency_910b2.json, kernelbench_level1_910b2_fp32.json, precision_pairs.json and
# model_throughput_310p.json; by default ../shared/calibration of the checkout. Replaces configs/timing/*.json and
# profiler/simulator/{ACCURACY.md,accuracy.svg}. Same measurements, same bytes. Needs python3-onnx for the networks.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
measurements=${1:-$root/../shared/calibration}
if [[ ! -d $measurements ]]; then
  echo "error: there is no folder of measurements" >&2
  echo "   at: $measurements" >&2
  echo "  fix: give the folder: scripts/calibrate.sh FOLDER" >&2
  exit 2
fi
networks=$(mktemp -d)
trap 'rm -rf "$networks"' EXIT
"$root/scripts/build.sh" release keel_calibrate >&2
"$root/scripts/save_networks.py" --data "$measurements/model_throughput_310p.json" "$networks" >&2
"$root/build/release/bin/keel_calibrate" "$measurements" "$networks" "$root/configs" "$root/profiler/simulator"
