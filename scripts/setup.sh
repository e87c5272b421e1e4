#!/bin/sh
# Installs every Debian 12 package keel needs, by name. Needs root and apt; running it twice does
# nothing the second time.
#
#   scripts/setup.sh            to build, test and run
#   scripts/setup.sh --train    also what makes the demonstration model anew (Python, PyTorch)
set -eu

build="g++ cmake ninja-build pkg-config ccache git python3 ca-certificates
  libonnx-dev libprotobuf-dev protobuf-compiler libdnnl-dev ocl-icd-opencl-dev opencl-headers
  libtbb-dev libeigen3-dev libsqlite3-dev libboost-graph-dev libabsl-dev
  nlohmann-json3-dev libcli11-dev libfmt-dev libxxhash-dev libgtest-dev libbenchmark-dev"
use="sqlite3 python3-onnx python3-numpy python3-jsonschema libonnx-testdata"
lint="clang-format-16 clang-tidy-16"
train="python3-torch"

packages="$build $use $lint"
case "${1:-}" in
  "") ;;
  --train) packages="$packages $train" ;;
  *)
    echo "usage: scripts/setup.sh [--train]" >&2
    exit 2
    ;;
esac

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "setup: every package is installed"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "error: packages are missing:$missing" >&2
  echo "  fix: run scripts/setup.sh as root" >&2
  exit 2
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of words
apt-get install -y -qq --no-install-recommends $missing
