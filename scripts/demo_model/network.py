"""The network of the demonstration model, defined once as an ONNX graph.

A log spectrum, two strided convolutions that turn it into a grid of patches, one transformer block
over all patches, and a linear head.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from demo_model.sounds import CLASSES, SAMPLES

WINDOW, HOP = 128, 16  # samples: 16 ms and 2 ms
BINS = 64  # 62.5 Hz apart; the constant component is left out
FRAMES = (SAMPLES - WINDOW) // HOP + 1  # 243
WINDOW_GAIN = 3.0  # the power of a full-scale tone stays below 65504, the largest fp16 number
POWER_FLOOR = 1e-10  # below half the least fp16 subnormal, 2^-25: rounds to 0

STEM, DIM, HIDDEN = 32, 128, 256  # channels
NORM_EPSILON = 1e-5

# Two residual channels are far larger than the others, as in trained transformers: one follows the
# loudness around a patch, one is constant. A square overflows fp16 from 256 up.
LEVEL_CHANNEL, LEVEL_SLOPE, LEVEL_OFFSET = 0, 250.0, 2.0
CONSTANT_CHANNEL, CONSTANT_VALUE = 1, 200.0
LARGE_CHANNELS = [LEVEL_CHANNEL, CONSTANT_CHANNEL]
NORM_SCALE = 30.0  # brings the ordinary channels back to about 1 after LayerNorm
LARGE_NORM_SCALE = 0.03  # and takes the large ones back to less than 1


class GraphWriter:
    """Appends nodes to a list; a node's one output has the node's name."""

    def __init__(self):
        self.nodes, self.weights = [], {}
        self.fixed = []  # (weight, index of its elements that training must leave alone)

    def weight(self, name, array, dtype=np.float32):
        """Adds an initializer and returns its name."""
        self.weights[name] = np.asarray(array, dtype)
        return name

    def add(self, op_type, name, *inputs, **attributes):
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(op_type, inputs, [name], name=name, **attributes))
        return name

    def fix(self, name, index, value):
        """Sets elements of a weight for good."""
        self.weights[name][index] = value
        self.fixed.append((name, index))

    def linear(self, name, x, shape, rng, gain=1.0, bias=True):
        """x [..., rows] times a random matrix of `shape` (rows, columns), plus a bias of zeros."""
        matrix = rng.standard_normal(shape) * gain / np.sqrt(shape[0])
        y = self.add("MatMul", f"{name}/matmul", x, self.weight(f"{name}/weight", matrix))
        if not bias:
            return y
        return self.add("Add", f"{name}/add", y, self.weight(f"{name}/bias", np.zeros(shape[1])))

    def update(self, name, x, rows, rng):
        """What a branch x [..., rows] adds to the residual stream: nothing in the two large channels."""
        y = self.linear(name, x, (rows, DIM), rng, gain=0.5)
        self.fix(f"{name}/weight", np.s_[:, LARGE_CHANNELS], 0)
        self.fix(f"{name}/bias", LARGE_CHANNELS, 0)
        return y

    def layer_norm(self, name, x):
        """LayerNorm over the last axis of x [1, patches, DIM], decomposed as exporters write it."""
        mean = self.add("ReduceMean", f"{name}/mean", x, axes=[-1], keepdims=1)
        centred = self.add("Sub", f"{name}/centred", x, mean)
        square = self.add("Mul", f"{name}/square", centred, centred)
        variance = self.add("ReduceMean", f"{name}/variance", square, axes=[-1], keepdims=1)
        shifted = self.add("Add", f"{name}/epsilon", variance, self.weight(f"{name}/epsilon_value", NORM_EPSILON))
        deviation = self.add("Sqrt", f"{name}/deviation", shifted)
        unit = self.add("Div", f"{name}/unit", centred, deviation)
        scaled = self.add("Mul", f"{name}/scaled", unit, self.weight(f"{name}/scale", np.full(DIM, NORM_SCALE)))
        self.fix(f"{name}/scale", LARGE_CHANNELS, LARGE_NORM_SCALE)
        return self.add("Add", f"{name}/shifted", scaled, self.weight(f"{name}/shift", np.zeros(DIM)))

    def halve(self, name, x, shape, rng):
        """3 x 3 convolution of x with stride 2 by a random kernel of `shape` (filters, channels),
        padded in frequency only: a shorter clip gives the same columns, only fewer."""
        kernel = rng.standard_normal((*shape, 3, 3)) * np.sqrt(2 / (9 * shape[1]))
        return self.add("Conv", name, x, self.weight(f"{name}/kernel", kernel),
                        self.weight(f"{name}/bias", np.zeros(shape[0])),
                        kernel_shape=[3, 3], strides=[2, 2], pads=[1, 0, 1, 0])


def add_frontend(graph):
    """waveform [1, SAMPLES] -> log power [1, BINS, FRAMES]: windowed DFT, floor, Log."""
    # A window is WINDOW / HOP neighbouring steps of HOP samples, so the steps are the channels.
    steps = graph.add("Reshape", "frontend/steps", "waveform",
                      graph.weight("frontend/steps_shape", [1, SAMPLES // HOP, HOP], np.int64))
    channels = graph.add("Transpose", "frontend/channels", steps, perm=[0, 2, 1])
    phase = 2 * np.pi * np.outer(np.arange(1, BINS + 1), np.arange(WINDOW)) / WINDOW
    parts = []
    for part, wave in (("real", np.cos(phase)), ("imag", -np.sin(phase))):
        taps = (WINDOW_GAIN * np.hanning(WINDOW) * wave).reshape(BINS, WINDOW // HOP, HOP)
        kernel = graph.weight(f"frontend/stft_{part}/kernel", taps.transpose(0, 2, 1))
        stft = graph.add("Conv", f"frontend/stft_{part}", channels, kernel,
                         kernel_shape=[WINDOW // HOP], strides=[1])
        parts.append(graph.add("Mul", f"frontend/square_{part}", stft, stft))
    power = graph.add("Add", "frontend/power", *parts)
    floored = graph.add("Max", "frontend/floor", power, graph.weight("frontend/floor_value", POWER_FLOOR))
    return graph.add("Log", "frontend/log", floored)


def add_patches(graph, x, rng):
    """log power [1, BINS, FRAMES] -> patches [1, patches, DIM]: normalised, then two convolutions."""
    x = graph.add("Sub", "normalise/centre", x, graph.weight("normalise/mean", np.zeros((1, BINS, 1))))
    x = graph.add("Mul", "normalise/scale", x, graph.weight("normalise/inverse", np.ones((1, BINS, 1))))
    x = graph.add("Unsqueeze", "patches/image", x, graph.weight("patches/image_axis", [1], np.int64))
    x = graph.halve("patches/stem", x, (STEM, 1), rng)
    stem = graph.weights["patches/stem/kernel"]
    stem -= stem.mean((2, 3), keepdims=True)  # deaf to loudness
    graph.fix("patches/stem/kernel", LEVEL_CHANNEL, 1 / 9)
    graph.fix("patches/stem/bias", LEVEL_CHANNEL, LEVEL_OFFSET)
    x = graph.add("Relu", "patches/relu", x)
    x = graph.halve("patches/embed", x, (DIM, STEM), rng)
    graph.weights["patches/embed/kernel"][:, LEVEL_CHANNEL] = 0
    graph.fix("patches/embed/kernel", LARGE_CHANNELS, 0)
    graph.fix("patches/embed/kernel", (LEVEL_CHANNEL, LEVEL_CHANNEL), LEVEL_SLOPE / 9)
    graph.fix("patches/embed/bias", LEVEL_CHANNEL, 0)
    graph.fix("patches/embed/bias", CONSTANT_CHANNEL, CONSTANT_VALUE)
    pitch = rng.standard_normal((1, DIM, BINS // 4, 1)) * 0.5
    graph.weight("patches/pitch_embedding", pitch)
    graph.fix("patches/pitch_embedding", np.s_[:, LARGE_CHANNELS], 0)
    x = graph.add("Add", "patches/pitch", x, "patches/pitch_embedding")
    x = graph.add("Reshape", "patches/list", x, graph.weight("patches/list_shape", [1, DIM, -1], np.int64))
    return graph.add("Transpose", "patches/channels_last", x, perm=[0, 2, 1])


def add_attention(graph, name, x, rng):
    """What a single attention head over x [1, patches, DIM] adds to the residual stream."""
    query = graph.linear(f"{name}/query", x, (DIM, DIM), rng)
    key = graph.linear(f"{name}/key", x, (DIM, DIM), rng, bias=False)
    value = graph.linear(f"{name}/value", x, (DIM, DIM), rng)
    turned = graph.add("Transpose", f"{name}/key_transposed", key, perm=[0, 2, 1])
    scores = graph.add("MatMul", f"{name}/scores", query, turned)
    scaled = graph.add("Mul", f"{name}/scale", scores, graph.weight(f"{name}/scale_value", 1 / np.sqrt(DIM)))
    shares = graph.add("Softmax", f"{name}/softmax", scaled, axis=-1)
    context = graph.add("MatMul", f"{name}/context", shares, value)
    return graph.update(f"{name}/output", context, DIM, rng)


def add_encoder_block(graph, name, x, rng):
    """One pre-norm transformer block, [1, patches, DIM] to the same, with its two branches in parallel
    behind one LayerNorm, as in GPT-J and PaLM."""
    normed = graph.layer_norm(f"{name}/norm", x)
    attended = add_attention(graph, f"{name}/attention", normed, rng)
    hidden = graph.linear(f"{name}/mlp/up", normed, (DIM, HIDDEN), rng)
    active = graph.add("Relu", f"{name}/mlp/relu", hidden)
    mixed = graph.update(f"{name}/mlp/down", active, HIDDEN, rng)
    x = graph.add("Add", f"{name}/attention/residual", x, attended)
    return graph.add("Add", f"{name}/mlp/residual", x, mixed)


def build_graph(rng):
    """Returns the whole untrained network as a GraphWriter: waveform [1, SAMPLES] to logits [1, 8]."""
    graph = GraphWriter()
    x = add_patches(graph, add_frontend(graph), rng)
    x = add_encoder_block(graph, "encoder", x, rng)
    x = graph.layer_norm("head/norm", x)
    x = graph.add("ReduceMean", "head/pool", x, axes=[1], keepdims=0)
    x = graph.add("MatMul", "head/matmul", x, graph.weight("head/weight", np.zeros((DIM, len(CLASSES)))))
    graph.nodes.append(helper.make_node("Add", [x, graph.weight("head/bias", np.zeros(len(CLASSES)))],
                                        ["logits"], name="head/add"))
    return graph


def to_model(graph):
    """Returns the GraphWriter's network as an ONNX model with a static batch of 1."""
    inputs = [helper.make_tensor_value_info("waveform", TensorProto.FLOAT, [1, SAMPLES])]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(CLASSES)])]
    weights = [numpy_helper.from_array(array, name) for name, array in graph.weights.items()]
    proto = helper.make_graph(graph.nodes, "keel_demo", inputs, outputs, weights)
    model = helper.make_model(proto, producer_name="keel/scripts/make_demo_model.py",
                              opset_imports=[helper.make_opsetid("", 13)])
    model.ir_version = 7  # the first that has opset 13
    onnx.checker.check_model(model)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True)
    return model
