#!/bin/sh
# Setup, build and every test: scripts/test.sh [release|debug|asan|tsan]
#
# Tests that use trained models beside the repository (KEEL_SHARED, default ../shared) are skipped,
# visibly, where there are none.
set -eu
cd "$(dirname "$0")/.."
preset=${1:-release}
scripts/setup.sh
scripts/build.sh "$preset"
exec ctest --preset "$preset" -j "$(nproc)"
