#!/usr/bin/env python3
"""The files of `keel tune` must not depend on threads, on the run, or on an interruption.

    scripts/check_determinism.py FOLDER...   each with model.onnx and samples, as demo/

Tunes every model with --jobs 1, 2 and 4, with 2 a second time, and with 2 killed (SIGKILL) about
half-way and then repeated, and compares the bytes of what the user gets. Exits 1 where they differ.
"""
import argparse
import hashlib
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
FILES = ["execeptionlist.cfg", "execeptionlist.reasons.json", "front.csv", "result.json"]


def command(folder, output, jobs, arguments):
    return [KEEL, "tune", "--model", folder / "model.onnx", "--data", folder, "--output", output,
            "--require", arguments.require, "--max_trials", str(arguments.trials),
            "--jobs", str(jobs)]


def tune(words):
    """Runs to the end; 1 (requirement not met) still writes every file."""
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, words))}\nexited {done.returncode}: {done.stderr.decode()}")


def recorded_trials(output):
    try:
        with sqlite3.connect(f"file:{output}/study.db?mode=ro", uri=True) as database:
            return database.execute("SELECT COUNT(*) FROM trial").fetchone()[0]
    except sqlite3.Error:  # not made yet, or being written
        return 0


def kill_at(words, output, trials):
    """Kills the run once it recorded `trials`; returns how many it had then."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and recorded_trials(output) < trials:
            time.sleep(0.002)
        process.kill()
    return recorded_trials(output)


def digest(output):
    sums = {name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in FILES}
    return sums, recorded_trials(output)


def check(folder, arguments, scratch):
    """Whether all runs of one model gave the same bytes; prints one line."""
    results = []
    for name, jobs in [("1", 1), ("2", 2), ("4", 4), ("again", 2)]:
        output = scratch / f"{folder.name}-{name}"
        tune(command(folder, output, jobs, arguments))
        results.append(digest(output)[0])
    trials = recorded_trials(scratch / f"{folder.name}-1")
    output = scratch / f"{folder.name}-killed"
    words = command(folder, output, 2, arguments)
    killed = kill_at(words, output, max(1, trials // 2))
    tune(words)
    results.append(digest(output)[0])
    differing = sorted({n for r in results for n in FILES if r[n] != results[0][n]})
    print(f"{folder.name:20} {trials:6} {killed:9}   {', '.join(differing) or 'same bytes'}"
          f"   {results[0]['result.json'][:12]}", flush=True)
    return not differing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--require", default="relative_l2<=0.01", metavar="REQUIREMENT")
    parser.add_argument("--trials", type=int, default=400, help="at most, a run (default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20} {'trials':>6} {'killed at':>9}   {', '.join(FILES)}   result.json")
    with tempfile.TemporaryDirectory() as scratch:
        same = [check(folder, arguments, Path(scratch)) for folder in arguments.folders]
    sys.exit(0 if all(same) else 1)


if __name__ == "__main__":
    main()
