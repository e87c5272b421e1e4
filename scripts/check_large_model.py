#!/usr/bin/env python3
"""A generated model of 10,000 nodes with 6 GB of external weights, inspected and tuned.

    scripts/check_large_model.py [FOLDER]    needs 6 GB of disk there (default: a temporary one)

Prints the peak memory of `keel inspect` and of three trials of `keel tune --cache_mb 2000`; exits 1
where inspect takes 2 GB or more, or the trials do not finish.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy
from onnx import TensorProto, helper

KEEL = Path(__file__).resolve().parent.parent / "build/release/bin/keel"
LAYERS, WIDTH = 1500, 1024
GIB = 1 << 20  # in KiB, as the system counts memory


def external(name, position):
    """A weight matrix that is elsewhere: number `position` in w.bin."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=[WIDTH, WIDTH],
                         data_location=TensorProto.EXTERNAL)
    size = WIDTH * WIDTH * 4
    for key, value in [("location", "w.bin"), ("offset", position * size), ("length", size)]:
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
    return tensor


def layer_nodes(i, value):
    """Seven nodes after `value`: a product, and elementwise work that keeps values near 0."""
    steps = [("MatMul", f"w{i}"), ("Tanh", None), ("Mul", "half"), ("Add", value),
             ("Sigmoid", None), ("Sub", "half"), ("Abs", None)]
    nodes = []
    for k, (op, operand) in enumerate(steps):
        output = f"v{i}_{k}"
        inputs = [value] + ([operand] if operand else [])
        nodes.append(helper.make_node(op, inputs, [output], name=f"n{i}_{k}"))
        value = output
    return nodes, value


def write_model(folder):
    random = numpy.random.default_rng(1)
    base = (random.standard_normal((WIDTH, WIDTH)) / 32).astype(numpy.float32)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "w.bin", "wb") as file:
        for i in range(LAYERS):
            file.write(numpy.roll(base, i, axis=1).tobytes())
    nodes, value = [], "x"
    for i in range(LAYERS):
        added, value = layer_nodes(i, value)
        nodes += added
    weights = [external(f"w{i}", i) for i in range(LAYERS)]
    weights.append(helper.make_tensor("half", TensorProto.FLOAT, [], [0.5]))
    vector = [1, WIDTH]
    graph = helper.make_graph(nodes, "large", [helper.make_tensor_value_info("x", 1, vector)],
                              [helper.make_tensor_value_info(value, 1, vector)], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 8
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    (folder / "inputs").mkdir(exist_ok=True)
    for s in range(8):
        numpy.save(folder / f"inputs/{s:03}.npy", random.standard_normal(vector).astype(numpy.float32))
    return len(nodes)


def peak(words):
    """The exit code and the peak memory in GiB."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / GIB


def check(folder):
    print(f"{write_model(folder)} nodes, {(folder / 'w.bin').stat().st_size / 2**30:.2f} GiB of weights")
    model = ["--model", folder / "model.onnx"]
    code, inspected = peak([KEEL, "inspect", *model])
    print(f"inspect: exit {code}, peak {inspected:.2f} GiB")
    tuned, memory = peak([KEEL, "tune", *model, "--data", folder, "--max_trials", "3",
                          "--cache_mb", "2000", "--output", folder / "out"])
    print(f"tune, 3 trials: exit {tuned}, peak {memory:.2f} GiB (the mapped weights count)")
    return code == 0 and inspected < 2 and tuned in (0, 1)


def main():
    if len(sys.argv) > 1:
        ok = check(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as folder:
            ok = check(Path(folder))
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
