#!/usr/bin/env python3
"""Trials per second of `keel tune`, one thread against two, in interleaved runs.

    scripts/benchmark_trials.py FOLDER...   each with model.onnx and samples, as demo/

Both sides run alternately, so that a busy machine slows both; the ratio is what to quote. The
search phase alone is timed (run.json), the reference and the reading of files are not in it.
"""
import argparse
import json
import statistics
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"


def trials_per_second(folder, jobs, trials):
    """Trials of one run over the seconds of its search phase."""
    with tempfile.TemporaryDirectory() as output:
        subprocess.run(
            [KEEL, "tune", "--model", folder / "model.onnx", "--data", folder, "--output", output,
             "--require", "relative_l2<=0.01", "--max_trials", str(trials), "--jobs", str(jobs)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        run = json.loads((Path(output) / "run.json").read_text())
    return run["trials_run"] / run["phase_seconds"]["search"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=7, help="of each side (default %(default)s)")
    parser.add_argument("--trials", type=int, default=60, help="at most, a run (default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20} {'1 thread':>10} {'2 threads':>10} {'ratio':>6}   (median trials/s of {arguments.runs})")
    for folder in arguments.folders:
        rates = {1: [], 2: []}
        for _ in range(arguments.runs):
            for jobs, measured in rates.items():
                measured.append(trials_per_second(folder, jobs, arguments.trials))
        one, two = (statistics.median(rates[jobs]) for jobs in (1, 2))
        ratio = statistics.median(b / a for a, b in zip(rates[1], rates[2]))
        print(f"{folder.name:20} {one:10.2f} {two:10.2f} {ratio:6.2f}", flush=True)


if __name__ == "__main__":
    main()
