#!/usr/bin/env python3
"""Host execution of models against ONNX Runtime, one thread each, in turn, in one run.

    scripts/bench_engine.sh FOLDER...   each with model.onnx and samples, as demo/

Times keel in plain fp32, keel with every unit lowered to fp16, and ONNX Runtime's CPU provider in
fp32, in alternating turns of equal work, and prints milliseconds an execution (median of the turns)
and the ratios (medians of the ratios of one turn).
"""
import argparse
import math
import statistics
import subprocess
import time
from pathlib import Path

import numpy
import onnxruntime

ENGINE_TIME = Path(__file__).resolve().parent.parent / "build/release/bin/engine_time"


class Keel:
    def __init__(self, folder):
        self.process = subprocess.Popen([ENGINE_TIME, folder / "model.onnx", folder], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def seconds(self, mode, count):
        self.process.stdin.write(f"{mode} {count}\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


class OnnxRuntime:
    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options,
                                                    providers=["CPUExecutionProvider"])
        self.samples = self.read_samples(folder / "inputs")

    def read_samples(self, folder):
        inputs = self.session.get_inputs()
        if len(inputs) == 1:
            return [{inputs[0].name: numpy.load(path)} for path in sorted(folder.glob("*.npy"))]
        names = sorted({path.name.split(".")[0] for path in folder.glob("*.npy")})
        return [{i.name: numpy.load(folder / f"{name}.{i.name}.npy") for i in inputs}
                for name in names]

    def seconds(self, count):
        start = time.perf_counter()
        for i in range(count):
            self.session.run(None, self.samples[i % len(self.samples)])
        return time.perf_counter() - start


def measure(folder, turns, seconds_a_turn):
    """(ms of keel fp32, of ONNX Runtime, ratio, ratio of keel's fp16 to its fp32)"""
    keel, other = Keel(folder), OnnxRuntime(folder)
    keel.seconds("fp32", 2), keel.seconds("fp16", 2), other.seconds(2)  # warm
    count = max(1, math.ceil(seconds_a_turn / (keel.seconds("fp32", 2) / 2)))
    rows = []
    for _ in range(turns):
        rows.append((keel.seconds("fp32", count), other.seconds(count), keel.seconds("fp16", count)))
    keel.process.stdin.close()
    keel.process.wait()
    ms = [statistics.median(column) / count * 1e3 for column in zip(*rows)]
    return (ms[0], ms[1], statistics.median(a / b for a, b, _ in rows),
            statistics.median(c / a for a, _, c in rows))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.3, help="a turn (default %(default)s)")
    arguments = parser.parse_args()
    print(f"onnxruntime {onnxruntime.__version__}")
    print(f"{'model':20} {'keel ms':>9} {'ort ms':>9} {'keel/ort':>9} {'fp16/fp32':>10}")
    ratios = []
    for folder in arguments.folders:
        ours, theirs, ratio, lowered = measure(folder, arguments.turns, arguments.seconds)
        ratios.append(ratio)
        print(f"{folder.name:20} {ours:9.3f} {theirs:9.3f} {ratio:9.2f} {lowered:10.2f}", flush=True)
    print(f"{'geometric mean':40} {math.exp(statistics.mean(map(math.log, ratios))):9.2f}")


if __name__ == "__main__":
    main()
