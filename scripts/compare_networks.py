#!/usr/bin/python3
"""Predicts the latency of every measured row a public network stands for, and says how well
prediction and measurement agree.

    scripts/compare_networks.py --output F    writes F/comparison.csv and F/kernels.csv
    scripts/compare_networks.py --network N   only this network; may be repeated

The measurements are samples a second on one Ascend310P3 under force_fp16, published beside the
models; their file is calibration/model_throughput_310p.json below KEEL_SHARED, else ../shared.
kernels.csv has one line for each network, batch and class of kernel: launches and the sums of
what the timing model says of them, in microseconds.

Needs the Debian package python3-onnx, and a built keel.
"""

import argparse
import collections
import csv
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from networks import keel_command, measured, statistics

ROOT = Path(__file__).resolve().parent.parent
SUMS = ("launch_us", "cube_us", "vector_us", "memory_us", "us")


def predict(keel, network, batch):
    """The predicted program of a network at a batch size."""
    with tempfile.TemporaryDirectory() as folder:
        path = network.build(f"{network.name}_b{batch}", batch).save(folder)
        return keel_command.profile(keel, path)


def class_sums(program):
    """Class of kernel: (launches, sums of SUMS)"""
    sums = collections.defaultdict(lambda: [0] + [0.0] * len(SUMS))
    for kernel in program["kernels"]:
        if kernel["class"] == "none":
            continue
        line = sums[keel_command.class_of(kernel)]
        line[0] += 1
        for i, name in enumerate(SUMS, 1):
            line[i] += kernel[name]
    return dict(sorted(sums.items()))


def write_csv(path, header, lines):
    """A CSV file with a header."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(lines)


def print_summary(title, pairs):
    """One line of the agreement."""
    s = statistics.summary(pairs)
    print(f"{title:20} {s['count']:5} {s['mape']:8.1%} {s['median']:8.1%} {s['ratio']:8.2f} "
          f"{s['spearman']:8.3f}")


def main():
    """Compares, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keel", type=Path, default=ROOT / "build/release/bin/keel")
    parser.add_argument("--data", type=Path, default=measured.data_file(ROOT))
    parser.add_argument("--output", type=Path)
    parser.add_argument("--network", action="append", default=[])
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    if not arguments.data.exists():
        sys.exit(f"error: no measurements at {arguments.data}\n"
                 "  fix: set KEEL_SHARED, or give --data")
    data = measured.load(arguments.data)
    found = [match for match in measured.matches(data)
             if not arguments.network or match[0].name in arguments.network]
    wanted = list(dict.fromkeys((network, row["batch"] or 1) for network, row, _ in found))
    with ThreadPoolExecutor(arguments.threads) as pool:
        programs = dict(zip(wanted, pool.map(lambda w: predict(arguments.keel, *w), wanted)))

    print(f"{'network':24} {'batch':>5} {'published ms':>12} {'predicted ms':>12} {'ratio':>6}")
    pairs, lines = collections.defaultdict(list), []
    for network, row, reason in found:
        batch, took = row["batch"] or 1, measured.milliseconds(row)
        expected = programs[network, batch]["latency_us"] / 1e3
        print(f"{network.name:24} {batch:5} {took:12.3f} {expected:12.3f} {expected / took:6.2f}"
              f"{'  excluded: ' + reason if reason else ''}")
        lines.append((network.name, network.family, batch, took, expected, reason or ""))
        if not reason:
            pairs[network.family].append((took, expected))
    print(f"\n{'family':20} {'rows':>5} {'MAPE':>8} {'median':>8} {'ratio':>8} {'Spearman':>8}")
    for family, members in pairs.items():
        print_summary(family, members)
    print_summary("all", [pair for members in pairs.values() for pair in members])
    models = {row["model"] for _, row, _ in found}
    rows = {id(row) for _, row, _ in found}
    print(f"\n{len(rows)} of {len(data)} rows and {len(models)} of "
          f"{len({row['model'] for row in data})} models of the data have a network")

    if arguments.output:
        arguments.output.mkdir(parents=True, exist_ok=True)
        write_csv(arguments.output / "comparison.csv",
                  ("network", "family", "batch", "published_ms", "predicted_ms", "excluded"), lines)
        write_csv(arguments.output / "kernels.csv",
                  ("network", "batch", "class", "launches", *SUMS),
                  ((network.name, batch, name, *values)
                   for (network, batch), program in programs.items()
                   for name, values in class_sums(program).items()))


if __name__ == "__main__":
    main()
