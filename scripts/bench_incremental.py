#!/usr/bin/env python3
"""What a trial costs beside a full evaluation.

    scripts/bench_incremental.py [--transformer] FOLDER...   each with model.onnx and samples, as demo/

Trials share results of equal nodes, probes run on few samples where many are given, and refinements
too slow to be recommended do not run. Tunes each model twice, with --cache_mb and with no results
kept. A cell is the mean seconds of processor time that a trial of that phase took, over those of an
anchor, which runs on all samples, without results kept; behind the slash over those of the same
trials without results kept, which is what sharing alone gives. In brackets the number of trials.
Each is the median of --runs pairs of studies. Also the largest peak memory of the process, of which
--cache_mb holds the results, beside that of the runs without. --transformer adds a generated one of
4 blocks of width 256, with 32 samples.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
TRANSFORMER_SIZES = ["4", "256", "64", "32"]  # blocks, width, sequence, samples
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


def mean(phases):
    return sum(p["seconds"] for p in phases) / max(sum(p["trials"] for p in phases), 1)


def cell(runs, phase):
    """'0.12/0.40 (65)'. runs: pairs of a study that shares results and one that does not."""
    ratios, by_sharing, trials = [], [], 0
    for sharing, alone in runs:
        of_phase = sharing["evaluations"].get(phase)
        if not of_phase:
            return "-"
        trials = of_phase["trials"]
        shared, unshared = mean([of_phase]), mean([alone["evaluations"][phase]])
        ratios.append(shared / mean([alone["evaluations"]["anchor"]]))
        if unshared > 0:
            by_sharing.append(shared / unshared)
    part = f"{statistics.median(by_sharing):.2f}" if by_sharing else "-"
    return f"{statistics.median(ratios):.2f}/{part} ({trials})"


def make_transformer(folder):
    subprocess.run([KEEL.parent / "write_stress_model", folder, *TRANSFORMER_SIZES], check=True,
                   stdout=subprocess.DEVNULL)
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--transformer", action="store_true", help="a generated one too")
    parser.add_argument("--require", default="relative_l2<=0.01", metavar="REQUIREMENT")
    parser.add_argument("--trials", type=int, default=200, help="at most (default %(default)s)")
    parser.add_argument("--cache_mb", type=int, default=4096, help="(default %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="of each pair (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="(default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20} {'full s':>8}" + "".join(f"{p:>17}" for p in PHASES) +
          f"{'peak MiB':>10} {'without':>8} {'evicted':>8}")
    with tempfile.TemporaryDirectory() as scratch:
        folders = list(arguments.folders)
        if arguments.transformer:
            folders.append(make_transformer(Path(scratch) / "transformer"))
        for folder in folders:
            runs, peaks = [], []
            for _ in range(arguments.runs):
                alone, least = tune(folder, 0, arguments)
                sharing, peak = tune(folder, arguments.cache_mb, arguments)
                runs.append((sharing, alone))
                peaks.append((peak, least))
            full = statistics.median(mean([alone["evaluations"]["anchor"]]) for _, alone in runs)
            print(f"{folder.name:20} {full:8.3f}" + "".join(f"{cell(runs, p):>17}" for p in PHASES) +
                  f"{max(p for p, _ in peaks):10.0f} {max(p for _, p in peaks):8.0f} "
                  f"{runs[-1][0]['cache']['evictions']:8}", flush=True)


if __name__ == "__main__":
    main()
