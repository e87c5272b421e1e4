"""The network, as an ONNX graph with untrained weights."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from demo_model.sounds import CLASSES, SAMPLES

WINDOW, HOP = 160, 32  # samples: 20 ms and 4 ms
BINS = 80  # 50 Hz apart; the constant component is left out
FRAMES = (SAMPLES - 1 - WINDOW) // HOP + 1  # 120; pre-emphasis takes one sample
WINDOW_GAIN = 3.0  # the power of a full-scale tone stays below 65504, the largest fp16 number
POWER_FLOOR = 1e-10  # below half the least fp16 subnormal, 2^-25: rounds to 0

# The trunk is the matrix work. It is not trained: random convolutions are features enough here.
FILTERS, TRUNK_KERNELS = 16, (5, 11, 11, 11, 11, 11)
POOL = (4, 2)  # bins, frames
STEPS = FRAMES // POOL[1]
FEATURES = FILTERS * (BINS // POOL[0])  # of one step

DIM, HIDDEN, BLOCKS = 48, 96, 1
NORM_EPSILON = 1e-5

# Two residual channels are far larger than the others, as in trained transformers: one follows the
# loudness of a step, one is constant. A square overflows fp16 from 256 up.
LEVEL_CHANNEL, LEVEL_SLOPE, LEVEL_CENTRE = 0, 420.0, 0.35
LEVEL_STRIDE, LEVEL_PENALTY = 7, 1e-3  # of the regression: every 7th step
CONSTANT_CHANNEL, CONSTANT_VALUE = 1, 200.0
LARGE_CHANNELS = [LEVEL_CHANNEL, CONSTANT_CHANNEL]
NORM_SCALE = 30.0  # brings the ordinary channels back to about 1 after LayerNorm


class GraphWriter:
    """Appends nodes to a list; a node's one output has the node's name."""

    def __init__(self):
        self.nodes, self.weights = [], {}

    def weight(self, name, array, dtype=np.float32):
        """Adds an initializer and returns its name."""
        self.weights[name] = np.asarray(array, dtype)
        return name

    def add(self, op_type, name, *inputs, **attributes):
        """Appends a node and returns the name of its output."""
        self.nodes.append(helper.make_node(op_type, inputs, [name], name=name, **attributes))
        return name

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
        self.weights[f"{name}/weight"][:, LARGE_CHANNELS] = 0
        return y

    def layer_norm(self, name, x):
        """LayerNorm over the last axis of x [1, STEPS, DIM], decomposed as exporters write it."""
        scale = np.full(DIM, NORM_SCALE)
        scale[LARGE_CHANNELS] = 0.3
        mean = self.add("ReduceMean", f"{name}/mean", x, axes=[-1], keepdims=1)
        centred = self.add("Sub", f"{name}/centred", x, mean)
        square = self.add("Mul", f"{name}/square", centred, centred)
        variance = self.add("ReduceMean", f"{name}/variance", square, axes=[-1], keepdims=1)
        shifted = self.add("Add", f"{name}/epsilon", variance, self.weight(f"{name}/epsilon_value", NORM_EPSILON))
        deviation = self.add("Sqrt", f"{name}/deviation", shifted)
        unit = self.add("Div", f"{name}/unit", centred, deviation)
        scaled = self.add("Mul", f"{name}/scaled", unit, self.weight(f"{name}/scale", scale))
        return self.add("Add", f"{name}/shifted", scaled, self.weight(f"{name}/shift", np.zeros(DIM)))


def add_frontend(graph):
    """waveform [1, SAMPLES] -> log power [1, BINS, FRAMES]: pre-emphasis, windowed DFT, floor, Log."""
    axis = graph.weight("frontend/axis", [1], np.int64)
    channel = graph.add("Unsqueeze", "frontend/channel", "waveform", axis)
    taps = graph.weight("frontend/emphasised/kernel", [[[-0.97, 1]]])
    channel = graph.add("Conv", "frontend/emphasised", channel, taps, kernel_shape=[2], strides=[1])
    phase = 2 * np.pi * np.outer(np.arange(1, BINS + 1), np.arange(WINDOW)) / WINDOW
    parts = []
    for part, wave in (("real", np.cos(phase)), ("imag", -np.sin(phase))):
        kernel = graph.weight(f"frontend/stft_{part}/kernel", (WINDOW_GAIN * np.hanning(WINDOW) * wave)[:, None])
        stft = graph.add("Conv", f"frontend/stft_{part}", channel, kernel, kernel_shape=[WINDOW], strides=[HOP])
        parts.append(graph.add("Mul", f"frontend/square_{part}", stft, stft))
    power = graph.add("Add", "frontend/power", *parts)
    floored = graph.add("Max", "frontend/floor", power, graph.weight("frontend/floor_value", POWER_FLOOR))
    return graph.add("Log", "frontend/log", floored)


def add_trunk(graph, x, rng):
    """Normalised log power [1, BINS, FRAMES] -> features [1, STEPS, FEATURES]: convolutions at full
    resolution, then the largest value of each patch."""
    x = graph.add("Unsqueeze", "trunk/channel", x, "frontend/axis")
    for layer, side in enumerate(TRUNK_KERNELS):
        inputs = FILTERS if layer else 1
        # Orthogonal filters, scaled so that the mean square after Relu stays.
        columns, _ = np.linalg.qr(rng.standard_normal((inputs * side ** 2, FILTERS)))
        filters = np.sqrt(2) * columns.T.reshape(FILTERS, inputs, side, side)
        kernel = graph.weight(f"trunk/{layer}/kernel", filters)
        bias = graph.weight(f"trunk/{layer}/bias", 0.1 * rng.standard_normal(FILTERS))
        x = graph.add("Conv", f"trunk/{layer}/conv", x, kernel, bias, kernel_shape=[side] * 2, pads=[side // 2] * 4)
        x = graph.add("Relu", f"trunk/{layer}/relu", x)
    x = graph.add("MaxPool", "trunk/pool", x, kernel_shape=POOL, strides=POOL)
    x = graph.add("Transpose", "trunk/steps", x, perm=[0, 3, 1, 2])
    return graph.add("Reshape", "trunk/features", x, graph.weight("trunk/shape", [1, STEPS, FEATURES], np.int64))


def add_encoder_block(graph, name, x, rng):
    """One pre-norm transformer block with a single attention head: [1, STEPS, DIM] to the same."""
    normed = graph.layer_norm(f"{name}/attention/norm", x)
    query = graph.linear(f"{name}/attention/query", normed, (DIM, DIM), rng)
    key = graph.linear(f"{name}/attention/key", normed, (DIM, DIM), rng, bias=False)
    value = graph.linear(f"{name}/attention/value", normed, (DIM, DIM), rng)
    turned = graph.add("Transpose", f"{name}/attention/key_transposed", key, perm=[0, 2, 1])
    scores = graph.add("MatMul", f"{name}/attention/scores", query, turned)
    scale = graph.weight(f"{name}/attention/scale_value", 1 / np.sqrt(DIM))
    scaled = graph.add("Mul", f"{name}/attention/scale", scores, scale)
    shares = graph.add("Softmax", f"{name}/attention/softmax", scaled, axis=-1)
    context = graph.add("MatMul", f"{name}/attention/context", shares, value)
    update = graph.update(f"{name}/attention/output", context, DIM, rng)
    x = graph.add("Add", f"{name}/attention/residual", x, update)
    normed = graph.layer_norm(f"{name}/mlp/norm", x)
    hidden = graph.linear(f"{name}/mlp/up", normed, (DIM, HIDDEN), rng)
    active = graph.add("Relu", f"{name}/mlp/relu", hidden)
    update = graph.update(f"{name}/mlp/down", active, HIDDEN, rng)
    return graph.add("Add", f"{name}/mlp/residual", x, update)


def build_graph(rng):
    """Returns the whole untrained network as a GraphWriter: waveform [1, SAMPLES] to logits [1, 8]."""
    graph = GraphWriter()
    x = add_frontend(graph)
    x = graph.add("Sub", "normalise/centre", x, graph.weight("normalise/mean", np.zeros((1, BINS, 1))))
    x = graph.add("Mul", "normalise/scale", x, graph.weight("normalise/inverse", np.ones((1, BINS, 1))))
    x = add_trunk(graph, x, rng)
    x = graph.linear("projection", x, (FEATURES, DIM), rng, gain=2.0)
    for block in range(BLOCKS):
        x = add_encoder_block(graph, f"encoder/{block}", x, rng)
    x = graph.layer_norm("head/norm", x)
    x = graph.add("ReduceMean", "head/pool", x, axes=[1], keepdims=0)
    x = graph.add("MatMul", "head/matmul", x, graph.weight("head/weight", np.zeros((DIM, len(CLASSES)))))
    graph.nodes.append(helper.make_node("Add", [x, graph.weight("head/bias", np.zeros(len(CLASSES)))],
                                        ["logits"], name="head/add"))
    return graph


def fit_normalisation(graph, powers):
    """Centres and scales each bin of the log powers [clips, BINS, FRAMES]."""
    graph.weights["normalise/mean"][0, :, 0] = powers.mean((0, 2))
    graph.weights["normalise/inverse"][0, :, 0] = 1 / powers.std((0, 2))


def fit_projection(graph, spectra, features):
    """Sets the two large channels: the level channel by ridge regression from the trunk's features
    [clips, STEPS, FEATURES] to the mean of the normalised log powers [clips, BINS, FRAMES] over the
    bins and the frames of a step. The others get zero mean."""
    weight, bias = graph.weights["projection/weight"], graph.weights["projection/bias"]
    level = spectra.reshape(len(spectra), BINS, STEPS, -1).mean((1, 3), np.float64).ravel() - LEVEL_CENTRE
    rows = features.reshape(-1, FEATURES)[::LEVEL_STRIDE].astype(np.float64)
    rows = np.concatenate([rows, np.ones((len(rows), 1))], 1)
    penalty = LEVEL_PENALTY * len(rows) * np.diag([1.0] * FEATURES + [0.0])
    slope = LEVEL_SLOPE * np.linalg.solve(rows.T @ rows + penalty, rows.T @ level[::LEVEL_STRIDE])
    bias[:] = -features.mean((0, 1)) @ weight
    weight[:, LEVEL_CHANNEL], bias[LEVEL_CHANNEL] = slope[:-1], slope[-1]
    weight[:, CONSTANT_CHANNEL], bias[CONSTANT_CHANNEL] = 0, CONSTANT_VALUE


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
