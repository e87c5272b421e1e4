#!/bin/sh
# Setup, build, and the main job on the repository's own model: scripts/demo.sh [OUTPUT]
set -eu
cd "$(dirname "$0")/.."
output=${1:-build/demo}
step() { printf '\n== %s (%s s so far)\n' "$1" "$(($(date +%s) - begin))"; }
begin=$(date +%s)

step "packages"
scripts/setup.sh
step "build"
scripts/build.sh release keel
keel=build/release/bin/keel

step "plain force_fp16: what it does to the model"
"$keel" run --model demo/model.onnx --data demo --precision_mode force_fp16 \
  --output "$output/plain_fp16"

step "tune: force_fp16, top-1 accuracy and agreement demanded"
"$keel" tune --model demo/model.onnx --data demo --soc_version Ascend910B3 \
  --precision_mode force_fp16 --require 'top1_agreement>=0.99' --output "$output/tuned"

step "force_fp16 with the recommended keep list"
"$keel" run --model demo/model.onnx --data demo --precision_mode force_fp16 \
  --keep_dtype "$output/tuned/execeptionlist.cfg" --output "$output/kept"

step "done"
echo "keep list: $output/tuned/execeptionlist.cfg"
echo "reasons:   $output/tuned/execeptionlist.reasons.json"
echo "report:    $output/tuned/result.json, $output/tuned/front.csv"
echo "command:   $output/tuned/atc.sh"
