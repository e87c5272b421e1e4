#!/usr/bin/env python3
"""Trials per second of `keel tune`, one thread or processor against two, in interleaved runs.

    scripts/benchmark_trials.py FOLDER...   each with model.onnx and samples, as demo/

All sides run in turn, so that a busy machine slows each; the ratios are what to quote. With one
thread that evaluates, the thread that writes the study still has the other processor to itself; on
one processor it has not, so that two processors over one is what a second one gives. Two processes
of one thread each, which share nothing, are what the machine itself gives. The search phase alone is
timed (run.json), the reference and the reading of files are not in it.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"


def trials_per_second(folder, processes, jobs, processors, trials):
    """Sum over processes at once: trials of a run over the seconds of its search phase."""
    allowed = set(sorted(os.sched_getaffinity(0))[:processors])
    with tempfile.TemporaryDirectory() as scratch:
        outputs = [Path(scratch) / str(number) for number in range(processes)]
        runs = [subprocess.Popen(
            [KEEL, "tune", "--model", folder / "model.onnx", "--data", folder, "--output", output,
             "--require", "relative_l2<=0.01", "--max_trials", str(trials), "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, allowed)) for output in outputs]
        for run in runs:
            run.wait()
        facts = [json.loads((output / "run.json").read_text()) for output in outputs]
    return sum(one["trials_run"] / one["phase_seconds"]["search"] for one in facts)


# Processes at once, threads and processors of each.
SIDES = {"1 processor": (1, 1, 1), "1 thread": (1, 1, 2), "2 threads": (1, 2, 2),
         "2 processes": (2, 1, 2)}
# Of the first over the second.
RATIOS = [("2 threads", "1 processor"), ("2 threads", "1 thread"), ("2 processes", "1 thread")]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=7, help="of each side (default %(default)s)")
    parser.add_argument("--trials", type=int, default=200, help="at most, a run (default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20}" + "".join(f"{side:>13}" for side in SIDES) +
          "".join(f"{f'{more}/{fewer}':>23}" for more, fewer in RATIOS) +
          f"   (median trials/s of {arguments.runs})")
    for folder in arguments.folders:
        rates = {side: [] for side in SIDES}
        for _ in range(arguments.runs):
            for side, sizes in SIDES.items():
                rates[side].append(trials_per_second(folder, *sizes, arguments.trials))
        ratios = [statistics.median(a / b for a, b in zip(rates[more], rates[fewer]))
                  for more, fewer in RATIOS]
        print(f"{folder.name:20}" +
              "".join(f"{statistics.median(rates[side]):13.2f}" for side in SIDES) +
              "".join(f"{ratio:23.2f}" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main()
