#!/usr/bin/env python3
"""Trials per second of `keel tune`, one thread against two, in interleaved runs.

    scripts/benchmark_trials.py FOLDER...   each with model.onnx and samples, as demo/

All sides run in turn, so that a busy machine slows each; the ratios are what to quote. Two processes
of one thread each, which share nothing, run as a third side: what the machine itself gives. The
search phase alone is timed (run.json), the reference and the reading of files are not in it.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"


def trials_per_second(folder, processes, jobs, trials):
    """Sum over processes at once: trials of a run over the seconds of its search phase."""
    with tempfile.TemporaryDirectory() as scratch:
        outputs = [Path(scratch) / str(number) for number in range(processes)]
        runs = [subprocess.Popen(
            [KEEL, "tune", "--model", folder / "model.onnx", "--data", folder, "--output", output,
             "--require", "relative_l2<=0.01", "--max_trials", str(trials), "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for output in outputs]
        for run in runs:
            run.wait()
        facts = [json.loads((output / "run.json").read_text()) for output in outputs]
    return sum(one["trials_run"] / one["phase_seconds"]["search"] for one in facts)


SIDES = {"1 thread": (1, 1), "2 threads": (1, 2), "2 processes": (2, 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=7, help="of each side (default %(default)s)")
    parser.add_argument("--trials", type=int, default=60, help="at most, a run (default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20}" + "".join(f"{side:>13}" for side in SIDES) +
          f"{'2 threads/1':>13}{'2 processes/1':>15}   (median trials/s of {arguments.runs})")
    for folder in arguments.folders:
        rates = {side: [] for side in SIDES}
        for _ in range(arguments.runs):
            for side, (processes, jobs) in SIDES.items():
                rates[side].append(trials_per_second(folder, processes, jobs, arguments.trials))

        def ratio(side):
            return statistics.median(b / a for a, b in zip(rates["1 thread"], rates[side]))
        print(f"{folder.name:20}" + "".join(f"{statistics.median(rates[side]):13.2f}" for side in SIDES) +
              f"{ratio('2 threads'):13.2f}{ratio('2 processes'):15.2f}", flush=True)


if __name__ == "__main__":
    main()
