"""Asks the keel binary about a model."""

import json
import subprocess

SOC = "Ascend310P3"  # the chip of the measured rows


class KeelFailed(RuntimeError):
    """keel refused; the text is what it wrote."""


def run(keel, command, model, *options):
    """The standard output of a keel command on a model, for the chip of the measured rows."""
    arguments = [keel, command, "--model", model, "--soc_version", SOC, *options]
    done = subprocess.run([str(a) for a in arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise KeelFailed(done.stderr.strip())
    return done.stdout


def profile(keel, model):
    """The predicted program: {"latency_us": ..., "kernels": [...]}"""
    return json.loads(run(keel, "profile", model, "--precision_mode", "force_fp16", "--format",
                          "json"))


# Ascend types by what they do; the first row with a type of the kernel decides.
_VECTOR_CLASSES = (
    ("softmax", ("SoftmaxV2", "LogSoftmaxV2")),
    ("normalisation", ("InstanceNorm", "BatchNorm", "LayerNorm", "ReduceMean")),
    ("pool", ("MaxPoolV3", "MaxPool", "AvgPoolV2", "AvgPool", "GlobalAveragePool",
              "AdaptiveAvgPool2d")),
    ("reduction", ("ReduceSum", "ReduceMax", "LpNormV2", "ReduceL2")),
    ("resize", ("ResizeNearestNeighborV2", "ResizeBilinearV2", "Resize")),
)


def class_of(kernel):
    """What a kernel does: convolution, depthwise, matmul, recurrent, softmax, normalisation, pool,
    reduction, resize, elementwise, movement or cast."""
    types = kernel["ascend_types"]
    if kernel["class"] == "cube":
        return "convolution" if any(t.startswith("Conv") for t in types) else "matmul"
    if kernel["class"] == "layout":
        return "movement"
    if kernel["class"] != "vector":
        return kernel["class"]
    for name, members in _VECTOR_CLASSES:
        if any(t in members for t in types):
            return "reduction" if name == "normalisation" and len(types) == 1 and \
                types[0] == "ReduceMean" else name
    return "elementwise"
