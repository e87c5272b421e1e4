"""Runs ONNX nodes in numpy, in any float dtype and under simulated fp16."""

import numpy as np
from onnx import helper


def convolve(a, x, kernel, bias=None):
    """Conv of x [1, channels, ...] with kernel [filters, channels, ...]."""
    axes = tuple(range(1, x.ndim - 1))
    rank = len(axes)
    pads = a.get("pads", [0] * 2 * rank)
    x = np.pad(x[0], [(0, 0)] + list(zip(pads[:rank], pads[rank:])))
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape[2:], axes)
    windows = windows[(slice(None), *(slice(None, None, stride) for stride in a["strides"]))]
    inside = (0, *range(rank + 1, 2 * rank + 1))
    y = np.tensordot(kernel, windows, (range(1, rank + 2), inside))[None]
    return y if bias is None else y + bias.reshape(-1, *[1] * rank)


def softmax(x):
    """Softmax over the last axis."""
    shares = np.exp(x - x.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "Conv": convolve,
    "Div": lambda a, x, y: x / y,
    "Log": lambda a, x: np.log(x),
    "MatMul": lambda a, x, y: x @ y,
    "Max": lambda a, x, y: np.maximum(x, y),
    "Mul": lambda a, x, y: x * y,
    "ReduceMean": lambda a, x: x.mean(tuple(a["axes"]), keepdims=bool(a["keepdims"])),
    "Relu": lambda a, x: np.maximum(x, 0),
    "Reshape": lambda a, x, shape: x.reshape(shape),
    "Softmax": lambda a, x: softmax(x),
    "Sqrt": lambda a, x: np.sqrt(x),
    "Sub": lambda a, x, y: x - y,
    "Transpose": lambda a, x: x.transpose(a["perm"]),
    "Unsqueeze": lambda a, x, axes: np.expand_dims(x, tuple(axes)),
}


def attributes_of(node):
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}


def round_to_fp16(x):
    """Rounds a float32 array to fp16 values (overflow gives infinity); leaves integers alone."""
    return x.astype(np.float16).astype(np.float32) if x.dtype == np.float32 else x


def run(nodes, weights, waveform, dtype=np.float32, lowered=()):
    """Runs nodes in order on a waveform [1, SAMPLES] and returns the last output.

    dtype is what every operator computes in. A node named in `lowered` (dtype float32 only) reads
    and writes fp16 values and computes in fp32 between; the others read and write fp32.
    """
    def typed(x):
        return x.astype(dtype) if x.dtype == np.float32 else x

    values = {name: typed(array) for name, array in weights.items()}
    values["waveform"] = typed(waveform)
    with np.errstate(all="ignore"):
        for node in nodes:
            rounded = round_to_fp16 if node.name in lowered else lambda x: x
            inputs = [rounded(values[name]) for name in node.input]
            values[node.output[0]] = rounded(OPERATORS[node.op_type](attributes_of(node), *inputs))
    return values[nodes[-1].output[0]]
