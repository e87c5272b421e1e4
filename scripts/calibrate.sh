#!/bin/bash
# Fits the timing model of Ascend910B2 on measured kernel times and writes how far it is known.
#
#     scripts/calibrate.sh [MEASUREMENTS]
#
# MEASUREMENTS is the folder of op_latency_910b2.json, kernelbench_level1_910b2_fp32.json and precision_pairs.json;
# by default ../shared/calibration of the checkout. Replaces configs/timing/ascend910b.json and
# profiler/simulator/{ACCURACY.md,accuracy.svg}. Same measurements, same bytes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
measurements=${1:-$root/../shared/calibration}
if [[ ! -d $measurements ]]; then
  echo "error: there is no folder of measurements" >&2
  echo "   at: $measurements" >&2
  echo "  fix: give the folder: scripts/calibrate.sh FOLDER" >&2
  exit 2
fi
calibrate=$root/build/release/bin/keel_calibrate
"$root/scripts/build.sh" release keel_calibrate >&2
"$calibrate" "$measurements" "$root/configs" "$root/profiler/simulator"
