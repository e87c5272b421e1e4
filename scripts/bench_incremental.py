#!/usr/bin/env python3
"""What a trial costs beside a full evaluation, since trials share results of equal nodes.

    scripts/bench_incremental.py FOLDER...   each with model.onnx and samples, as demo/

Tunes each model twice, in turn with --cache_mb and with no results kept, and divides the mean
seconds of processor time that a trial of each phase took: the trials are the same. Also the peak
memory of the process, of which --cache_mb holds the results, beside that of the run without.
"""
import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
PHASES = ["probe", "front", "fill", "refine"]


def tune(folder, cache_mb, arguments):
    """Runs to the end; returns run.json and the peak memory in MiB."""
    with tempfile.TemporaryDirectory() as output:
        words = [KEEL, "tune", "--model", folder / "model.onnx", "--data", folder,
                 "--output", output, "--require", arguments.require,
                 "--max_trials", str(arguments.trials), "--cache_mb", str(cache_mb),
                 "--jobs", str(arguments.jobs)]
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(process.pid, 0)
        return json.loads((Path(output) / "run.json").read_text()), usage.ru_maxrss / 1024


def cell(sharing, alone, phase):
    """'0.22 (65)': the part of a full evaluation, and how many trials there were."""
    of_phase = sharing["evaluations"].get(phase)
    if not of_phase:
        return "-"
    part = of_phase["seconds"] / alone["evaluations"][phase]["seconds"]
    return f"{part:.2f} ({of_phase['trials']})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--require", default="relative_l2<=0.01", metavar="REQUIREMENT")
    parser.add_argument("--trials", type=int, default=200, help="at most (default %(default)s)")
    parser.add_argument("--cache_mb", type=int, default=4096, help="(default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="(default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20} {'full s':>8}" + "".join(f"{p:>12}" for p in PHASES) +
          f"{'peak MiB':>10} {'without':>8} {'evicted':>8}")
    for folder in arguments.folders:
        alone, least = tune(folder, 0, arguments)
        sharing, peak = tune(folder, arguments.cache_mb, arguments)
        trials = sum(phase["trials"] for phase in alone["evaluations"].values())
        full = sum(phase["seconds"] for phase in alone["evaluations"].values()) / trials
        print(f"{folder.name:20} {full:8.3f}" +
              "".join(f"{cell(sharing, alone, p):>12}" for p in PHASES) +
              f"{peak:10.0f} {least:8.0f} {sharing['cache']['evictions']:8}", flush=True)


if __name__ == "__main__":
    main()
