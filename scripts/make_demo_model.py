#!/usr/bin/python3
"""Makes the demonstration model: a sound classifier that plain fp16 breaks in two ways.

    scripts/make_demo_model.py           train and write demo/ (same bytes every time on one machine)
    scripts/make_demo_model.py --check   measure the files of demo/ under simulated fp16

The network is defined once, as an ONNX graph. Training runs that graph's nodes in torch; the
expected outputs and the precision figures run the saved file in numpy.

Needs the Debian packages python3-numpy, python3-onnx and python3-torch (torch to train only).
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
from demo_model.network import build_graph, to_model
from demo_model.sounds import CLASSES, clips

DEMO = Path(__file__).resolve().parent.parent / "demo"
SEED = 20
TRAIN_CLIPS, DEMO_CLIPS = 2400, 32


def make():
    """Trains the model and writes every file of demo/ but its README."""
    from demo_model.training import train
    rng = np.random.default_rng(SEED)
    graph = build_graph(rng)
    waves, labels = clips(TRAIN_CLIPS, rng)
    frontend = [node for node in graph.nodes if node.name.startswith("frontend/")]
    features = np.concatenate([run(frontend, graph.weights, wave[None]) for wave in waves])
    graph.weights["normalise/mean"][0, :, 0] = features.mean((0, 2))
    graph.weights["normalise/inverse"][0, :, 0] = 1 / features.std((0, 2))
    train(graph, features, labels, SEED)

    for folder in (DEMO / "inputs", DEMO / "expected"):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in folder.glob("*.npy"):
            stale.unlink()
    model = to_model(graph)
    (DEMO / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    nodes, weights = load()
    waves, labels = clips(DEMO_CLIPS, rng)
    for index, wave in enumerate(waves):
        np.save(DEMO / f"inputs/{index:03}.npy", wave[None])
        logits = run(nodes, weights, wave[None], np.float64)
        np.save(DEMO / f"expected/{index:03}.npy", logits.astype(np.float32))
    (DEMO / "labels.json").write_text(json.dumps({"labels": labels.tolist(), "classes": CLASSES}) + "\n")


def load():
    """Returns the nodes and the initializers (name to array) of demo/model.onnx."""
    graph = onnx.load(DEMO / "model.onnx").graph
    return list(graph.node), {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def check():
    """Prints what fp16 does to demo/model.onnx: the share of samples whose largest logit is the
    label's, the share where it is that of expected/ (a logit that is not finite makes a sample wrong
    in both), the samples with such a logit, and the error of the others against expected/."""
    nodes, weights = load()
    labels = json.loads((DEMO / "labels.json").read_text())["labels"]
    inputs = [np.load(DEMO / f"inputs/{index:03}.npy") for index in range(len(labels))]
    expected = [np.load(DEMO / f"expected/{index:03}.npy") for index in range(len(labels))]
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
    print(f"{'case':44} accuracy  agreement  not finite  relative L2  worst sample")
    for case, lowered in cases.items():
        logits = [run(nodes, weights, wave, lowered=lowered) for wave in inputs]
        finite = [bool(np.isfinite(row).all()) for row in logits]
        right = [ok and row.argmax() == label for ok, row, label in zip(finite, logits, labels)]
        same = [ok and row.argmax() == want.argmax() for ok, row, want in zip(finite, logits, expected)]
        pairs = [(row, want) for ok, row, want in zip(finite, logits, expected) if ok]
        error = np.array([((row - want) ** 2).sum() for row, want in pairs])
        norm = np.array([(want ** 2).sum() for _, want in pairs])
        distance = np.sqrt(error.sum() / norm.sum()) if pairs else np.nan
        worst = np.sqrt((error / norm).max()) if pairs else np.nan
        print(f"{case:44} {np.mean(right):8.3f}  {np.mean(same):9.3f}  {len(finite) - sum(finite):10}"
              f"  {distance:11.1e}  {worst:12.1e}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="measure demo/ instead of making it")
    if not parser.parse_args().check:
        make()
    check()
