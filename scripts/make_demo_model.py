#!/usr/bin/python3
"""Makes the demonstration model: a sound classifier that plain fp16 breaks in two ways.

    scripts/make_demo_model.py           train and write demo/ (same bytes every time on one machine)
    scripts/make_demo_model.py --check   measure the files of demo/ under simulated fp16

The network is defined once, as an ONNX graph (demo_model/network.py). Training runs the last part
of that graph's nodes in torch; the expected outputs and the precision figures run the saved file.

Needs the Debian packages python3-numpy, python3-onnx and python3-torch.
"""

import argparse
import json
import os
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"  # the order of a sum must not depend on the thread count

import numpy as np
import onnx
from onnx import numpy_helper

from demo_model.execution import run
from demo_model.network import build_graph, fit_normalisation, fit_projection, to_model
from demo_model.sounds import CLASSES, clips
from demo_model.training import train

DEMO = Path(__file__).resolve().parent.parent / "demo"
SEED = 20
TRAIN_CLIPS, DEMO_CLIPS = 1600, 48


def make(demo):
    """Trains the model and writes every file of the folder `demo` but its README."""
    rng = np.random.default_rng(SEED)
    graph = build_graph(rng)
    waves, labels = clips(TRAIN_CLIPS, rng)
    part = {name: [node for node in graph.nodes if node.name.startswith(f"{name}/")]
            for name in ("frontend", "normalise", "trunk")}
    powers = [run(part["frontend"], graph.weights, wave[None]) for wave in waves]
    fit_normalisation(graph, np.concatenate(powers))
    spectra = [run(part["normalise"], graph.weights, power) for power in powers]
    features = np.concatenate([run(part["trunk"], graph.weights, spectrum) for spectrum in spectra])
    fit_projection(graph, np.concatenate(spectra), features)
    train(graph, features, labels, SEED)

    for folder in (demo / "inputs", demo / "expected"):
        folder.mkdir(parents=True, exist_ok=True)
    model = to_model(graph)
    (demo / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    nodes, weights = load(demo)
    waves, labels = clips(DEMO_CLIPS, rng)
    for index, wave in enumerate(waves):
        np.save(demo / f"inputs/{index:03}.npy", wave[None])
        logits = run(nodes, weights, wave[None], np.float64)
        np.save(demo / f"expected/{index:03}.npy", logits.astype(np.float32))
    (demo / "labels.json").write_text(json.dumps({"labels": labels.tolist(), "classes": CLASSES}) + "\n")


def load(demo):
    """Returns the nodes and the initializers (name to array) of the model in a folder."""
    graph = onnx.load(demo / "model.onnx").graph
    return list(graph.node), {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def check(demo):
    """Prints what fp16 does to the model in a folder: the share of samples whose largest logit is the
    label's, the share where it is that of expected/ (a logit that is not finite makes a sample wrong
    in both), the samples with such a logit, and the error of the others against expected/."""
    nodes, weights = load(demo)
    labels = json.loads((demo / "labels.json").read_text())["labels"]
    inputs = [np.load(demo / f"inputs/{index:03}.npy") for index in range(len(labels))]
    expected = [np.load(demo / f"expected/{index:03}.npy") for index in range(len(labels))]
    names = {node.name for node in nodes}
    underflow = {f"frontend/{part}" for part in ("square_real", "square_imag", "power", "floor", "log")}
    overflow = {name for name in names if name.endswith(("norm/square", "norm/variance"))}
    cases = {
        "fp32": set(),
        "fp16": names,
        f"fp16, keep {len(underflow)} nodes of the front end": names - underflow,
        f"fp16, keep {len(overflow)} nodes of LayerNorm": names - overflow,
        f"fp16, keep both, {len(underflow | overflow)} of {len(names)} nodes": names - underflow - overflow,
    }
    print(f"{'case':44} accuracy  agreement  not finite  relative L2")
    for case, lowered in cases.items():
        logits = [run(nodes, weights, wave, lowered=lowered) for wave in inputs]
        finite = [bool(np.isfinite(row).all()) for row in logits]
        right = [ok and row.argmax() == label for ok, row, label in zip(finite, logits, labels)]
        same = [ok and row.argmax() == want.argmax() for ok, row, want in zip(finite, logits, expected)]
        pairs = [(row, want) for ok, row, want in zip(finite, logits, expected) if ok]
        error = sum(((row - want) ** 2).sum() for row, want in pairs)
        norm = sum((want ** 2).sum() for _, want in pairs)
        distance = f"{np.sqrt(error / norm):.1e}" if pairs else "-"
        print(f"{case:44} {np.mean(right):8.3f}  {np.mean(same):9.3f}  {len(finite) - sum(finite):10}  {distance:>11}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="measure the folder instead of making it")
    parser.add_argument("--output", type=Path, default=DEMO, metavar="DIR", help="the folder (default demo/)")
    options = parser.parse_args()
    if not options.check:
        make(options.output)
    check(options.output)
