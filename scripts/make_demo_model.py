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
from onnx import TensorProto, helper, numpy_helper

DEMO = Path(__file__).resolve().parent.parent / "demo"
CLASSES = ["tone_low", "tone_high", "chord", "hum", "square", "chirp", "noise_band", "pulses"]

SEED = 20
SAMPLE_RATE = 8000  # Hz
SAMPLES = 4000  # 0.5 s
WINDOW, HOP = 160, 32  # samples: 20 ms and 4 ms
BINS = 80  # 50 Hz apart; the constant component is left out
FRAMES = (SAMPLES - WINDOW) // HOP + 1  # 121
DIM, HIDDEN, BLOCKS = 96, 256, 2
WINDOW_GAIN = 3.0  # the power of a full-scale tone stays below 65504, the largest fp16 number
POWER_FLOOR = 1e-10  # below half the least fp16 subnormal, 2^-25: rounds to 0
NORM_EPSILON = 1e-5

TRAIN_CLIPS, DEMO_CLIPS = 3600, 48
EPOCHS, BATCH, PEAK_RATE = 8, 16, 2e-3
LEVEL_DBFS = (-57.0, -1.0)  # peak of a clip
SNR_DB = (10.0, 24.0)

# Two residual channels are far larger than the others, as in trained transformers: one follows the
# loudness of a frame, one is constant. A square overflows fp16 from 256 up.
LEVEL_CHANNEL, LEVEL_SLOPE, LEVEL_CENTRE = 0, 420.0, 0.35
CONSTANT_CHANNEL, CONSTANT_VALUE = 1, 200.0
LARGE_CHANNELS = [LEVEL_CHANNEL, CONSTANT_CHANNEL]
NORM_SCALE = 30.0  # brings the ordinary channels back to about 1 after LayerNorm


def sweep(hertz):
    """Sine whose frequency in Hz at each sample is `hertz` [SAMPLES]."""
    return np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE)


def clean_sound(name, rng):
    """Returns one noiseless sound [SAMPLES] of the class, of any scale."""
    seconds = np.arange(SAMPLES) / SAMPLE_RATE
    steady = np.ones(SAMPLES)
    if name == "tone_low":
        return sweep(rng.uniform(300, 700) * steady)
    if name == "tone_high":
        return sweep(rng.uniform(1800, 3200) * steady)
    if name == "chord":
        root = rng.uniform(400, 700)
        third = rng.choice([1.2, 1.26])
        return sum(sweep(root * ratio * steady) for ratio in (1.0, third, 1.5, 2.0))
    if name == "hum":
        pitch = rng.uniform(90, 180)
        return sum(sweep(pitch * harmonic * steady) / np.sqrt(harmonic) for harmonic in range(1, 21))
    if name == "square":
        return np.sign(sweep(rng.uniform(250, 400) * steady))
    if name == "chirp":
        low = rng.uniform(300, 700)
        rising = low + rng.uniform(1500, 2500) * seconds / seconds[-1]
        return sweep(rising if rng.integers(2) else rising[::-1])
    if name == "noise_band":
        hertz = np.fft.rfftfreq(SAMPLES, 1 / SAMPLE_RATE)
        low = rng.uniform(1000, 2600)
        inside = (hertz > low) & (hertz < low + rng.uniform(500, 900))
        return np.fft.irfft(np.fft.rfft(rng.standard_normal(SAMPLES)) * inside, SAMPLES)
    period = rng.integers(200, 500)  # pulses: bursts of noise, 25 to 63 ms apart
    age = (np.arange(SAMPLES) + rng.integers(period)) % period
    return rng.standard_normal(SAMPLES) * np.exp(-age / rng.uniform(15, 40))


def clip(name, level_dbfs, rng):
    """Returns a recording [1, SAMPLES] of the class in float32 multiples of 2^-15, with its peak
    at `level_dbfs` and white noise below it."""
    sound = clean_sound(name, rng)
    noise = rng.standard_normal(SAMPLES) * sound.std() * 10 ** (-rng.uniform(*SNR_DB) / 20)
    sound = sound + noise
    sound = sound * 10 ** (level_dbfs / 20) / np.abs(sound).max()
    return (np.round(sound * 32767) / 32768).astype(np.float32)[None]


def clips(count, rng):
    """Returns waveforms [count, SAMPLES] and labels [count]; the classes take turns and the levels
    of each class cover LEVEL_DBFS evenly."""
    labels = np.arange(count) % len(CLASSES)
    steps = count // len(CLASSES)
    low, high = LEVEL_DBFS
    waves = np.empty((count, SAMPLES), np.float32)
    for label, name in enumerate(CLASSES):
        for index, step in zip(np.flatnonzero(labels == label), rng.permutation(steps)):
            waves[index] = clip(name, low + (high - low) * (step + rng.uniform()) / steps, rng)
    return waves, labels


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
        """LayerNorm over the last axis of x [1, FRAMES, DIM], decomposed as exporters write it."""
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
    axis, one = graph.weight("frontend/axis", [1], np.int64), graph.weight("frontend/one", [1], np.int64)
    zero, last = graph.weight("frontend/zero", [0], np.int64), graph.weight("frontend/last", [-1], np.int64)
    end = graph.weight("frontend/end", [SAMPLES], np.int64)
    first = graph.add("Slice", "frontend/first", "waveform", zero, one, axis)
    current = graph.add("Slice", "frontend/current", "waveform", one, end, axis)
    previous = graph.add("Slice", "frontend/previous", "waveform", zero, last, axis)
    faded = graph.add("Mul", "frontend/faded", previous, graph.weight("frontend/pre_emphasis", 0.97))
    change = graph.add("Sub", "frontend/change", current, faded)
    emphasised = graph.add("Concat", "frontend/emphasised", first, change, axis=1)
    channel = graph.add("Unsqueeze", "frontend/channel", emphasised, axis)
    phase = 2 * np.pi * np.outer(np.arange(1, BINS + 1), np.arange(WINDOW)) / WINDOW
    parts = []
    for part, wave in (("real", np.cos(phase)), ("imag", -np.sin(phase))):
        kernel = graph.weight(f"frontend/stft_{part}/kernel", (WINDOW_GAIN * np.hanning(WINDOW) * wave)[:, None])
        stft = graph.add("Conv", f"frontend/stft_{part}", channel, kernel, kernel_shape=[WINDOW], strides=[HOP])
        parts.append(graph.add("Mul", f"frontend/square_{part}", stft, stft))
    power = graph.add("Add", "frontend/power", *parts)
    floored = graph.add("Max", "frontend/floor", power, graph.weight("frontend/floor_value", POWER_FLOOR))
    return graph.add("Log", "frontend/log", floored)


def add_encoder_block(graph, name, x, rng):
    """One pre-norm transformer block with a single attention head: [1, FRAMES, DIM] to the same."""
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
    x = graph.add("Transpose", "normalise/frames", x, perm=[0, 2, 1])
    x = graph.linear("projection", x, (BINS, DIM), rng, gain=2.0)
    graph.weights["projection/weight"] -= graph.weights["projection/weight"].mean(0)  # deaf to loudness
    for channel, slope, offset in ((LEVEL_CHANNEL, LEVEL_SLOPE, -LEVEL_SLOPE * LEVEL_CENTRE),
                                   (CONSTANT_CHANNEL, 0.0, CONSTANT_VALUE)):
        graph.weights["projection/weight"][:, channel] = slope / BINS
        graph.weights["projection/bias"][channel] = offset
    for block in range(BLOCKS):
        x = add_encoder_block(graph, f"encoder/{block}", x, rng)
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


def convolve(x, kernel, stride):
    """x [1, 1, samples] with kernel [filters, 1, window] -> [1, filters, frames]."""
    frames = np.lib.stride_tricks.sliding_window_view(x[0, 0], kernel.shape[2])[::stride]
    return (kernel[:, 0] @ frames.T)[None]


def softmax(x):
    """Softmax over the last axis."""
    shares = np.exp(x - x.max(-1, keepdims=True))
    return shares / shares.sum(-1, keepdims=True)


NUMPY_OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "Concat": lambda a, *xs: np.concatenate(xs, a["axis"]),
    "Conv": lambda a, x, w: convolve(x, w, a["strides"][0]),
    "Div": lambda a, x, y: x / y,
    "Log": lambda a, x: np.log(x),
    "MatMul": lambda a, x, y: x @ y,
    "Max": lambda a, x, y: np.maximum(x, y),
    "Mul": lambda a, x, y: x * y,
    "ReduceMean": lambda a, x: x.mean(tuple(a["axes"]), keepdims=bool(a["keepdims"])),
    "Relu": lambda a, x: np.maximum(x, 0),
    "Slice": lambda a, x, start, end, axis: np.take(x, np.arange(x.shape[axis[0]])[start[0]:end[0]], axis[0]),
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
            values[node.output[0]] = rounded(NUMPY_OPERATORS[node.op_type](attributes_of(node), *inputs))
    return values[nodes[-1].output[0]]


def torch_operators(torch):
    """The operators behind the front end, on tensors with a batch in front."""
    def matmul(x, y):
        # As a 1 x 1 convolution (dilated, without effect) torch gives a product of [batch, rows, k] to
        # oneDNN, 15 times faster than Debian's reference BLAS.
        if x.ndim != 3:
            return x @ y
        if y.ndim == 2:
            return torch.conv1d(x.transpose(1, 2), y.t()[:, :, None], dilation=2).transpose(1, 2)
        batch, rows, inner = x.shape
        filters, signal = x.reshape(batch * rows, inner, 1), y.reshape(1, batch * inner, -1)
        return torch.conv1d(signal, filters, dilation=2, groups=batch).reshape(batch, rows, -1)

    return {
        "Add": lambda a, x, y: x + y,
        "Div": lambda a, x, y: x / y,
        "MatMul": lambda a, x, y: matmul(x, y),
        "Mul": lambda a, x, y: x * y,
        "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a["keepdims"])),
        "Relu": lambda a, x: torch.relu(x),
        "Softmax": lambda a, x: torch.softmax(x, a["axis"]),
        "Sqrt": lambda a, x: torch.sqrt(x),
        "Sub": lambda a, x, y: x - y,
        "Transpose": lambda a, x: x.permute(a["perm"]),
    }


def train(graph, features, labels):
    """Fits the encoder, in place, to log powers [clips, BINS, FRAMES]; the front end, the
    normalisation and the two large channels stay as they are."""
    import torch
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(SEED)
    operators = torch_operators(torch)
    frozen = ("frontend/", "normalise/")
    tensors = {name: torch.from_numpy(array) for name, array in graph.weights.items()}
    trained = {name: tensor.requires_grad_() for name, tensor in tensors.items()
               if not name.startswith(frozen) and tensor.ndim > 0}
    written_to_residual = [name for name in trained if any(
        part in name for part in ("projection/", "/attention/output/", "/mlp/down/"))]
    rates = {name: PEAK_RATE * (NORM_SCALE if name.endswith("norm/scale") else 1) for name in trained}
    optimiser = torch.optim.Adam([{"params": [tensor], "lr": rates[name]} for name, tensor in trained.items()])
    steps = EPOCHS * (len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, list(rates.values()), total_steps=steps)
    first = [node.name for node in graph.nodes].index("normalise/centre")
    features, labels = torch.from_numpy(features), torch.from_numpy(labels)
    for epoch in range(EPOCHS):
        losses = []
        for batch in torch.randperm(len(labels), generator=generator).split(BATCH):
            values = dict(tensors, **{"frontend/log": features[batch]})
            for node in graph.nodes[first:]:
                values[node.output[0]] = operators[node.op_type](
                    attributes_of(node), *(values[name] for name in node.input))
            loss = torch.nn.functional.cross_entropy(values["logits"], labels[batch])
            optimiser.zero_grad()
            loss.backward()
            for name in written_to_residual:
                trained[name].grad[..., LARGE_CHANNELS] = 0
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {np.mean(losses):.4f}", flush=True)
    for name, tensor in trained.items():
        graph.weights[name] = tensor.detach().numpy()


def make():
    """Trains the model and writes every file of demo/ but its README."""
    rng = np.random.default_rng(SEED)
    graph = build_graph(rng)
    waves, labels = clips(TRAIN_CLIPS, rng)
    frontend = [node for node in graph.nodes if node.name.startswith("frontend/")]
    features = np.concatenate([run(frontend, graph.weights, wave[None]) for wave in waves])
    graph.weights["normalise/mean"][0, :, 0] = features.mean((0, 2))
    graph.weights["normalise/inverse"][0, :, 0] = 1 / features.std((0, 2))
    train(graph, features, labels)

    for folder in (DEMO / "inputs", DEMO / "expected"):
        folder.mkdir(parents=True, exist_ok=True)
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
    parser.add_argument("--check", action="store_true", help="measure demo/ instead of making it")
    if not parser.parse_args().check:
        make()
    check()
