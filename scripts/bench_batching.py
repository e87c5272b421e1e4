#!/usr/bin/env python3
"""Why keel runs samples one by one: the same samples as one batch, beside them.

    scripts/bench_batching.py FOLDER...   models whose first extent is dynamic, samples in inputs/

Runs the first samples of equal shape one by one and as one batch, in turn, on one core, in plain
fp32 and in force_fp16: whether every bit of the outputs is equal, and seconds of the whole process
one by one over those of the batch (the least of the runs): below 1 the batch is slower.
"""
import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"


def write(folder, arrays):
    folder.mkdir(parents=True)
    for i, array in enumerate(arrays):
        numpy.save(folder / f"{i:03}.npy", array)
    return folder


def outputs(model, data, output, mode):
    """Seconds, and what was computed, one row a sample."""
    start = time.monotonic()
    subprocess.run(["taskset", "-c", "0", KEEL, "run", "--model", model, "--data", data,
                    "--output", output, *mode], check=True, capture_output=True)
    seconds = time.monotonic() - start
    return seconds, numpy.concatenate([numpy.load(f) for f in sorted(output.glob("*.npy"))])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--samples", type=int, default=8, help="(default %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="of each side (default %(default)s)")
    arguments = parser.parse_args()
    print(f"{'model':20} {'mode':12} {'equal':>6} {'one by one / batch':>20}")
    for folder in arguments.folders:
        arrays = [numpy.load(f) for f in sorted((folder / "inputs").glob("*.npy"))]
        arrays = [a for a in arrays if a.shape == arrays[0].shape][:arguments.samples]
        for name, mode in (("fp32", []), ("force_fp16", ["--precision_mode", "force_fp16"])):
            with tempfile.TemporaryDirectory() as scratch:
                single = write(Path(scratch) / "single", arrays)
                batch = write(Path(scratch) / "batch", [numpy.concatenate(arrays)])
                seconds = {single: [], batch: []}
                rows = {}
                for run in range(arguments.runs):
                    for data in (single, batch):
                        output = Path(scratch) / f"{data.name}_{run}"
                        taken, rows[data] = outputs(folder / "model.onnx", data, output, mode)
                        seconds[data].append(taken)
                equal = rows[single].tobytes() == rows[batch].tobytes()
                print(f"{folder.name:20} {name:12} {'yes' if equal else 'no':>6} "
                      f"{min(seconds[single]) / min(seconds[batch]):20.2f}", flush=True)


if __name__ == "__main__":
    main()
