"""Builds the ONNX graph of a network whose weights are shapes only.

Every weight is an external tensor at the start of one file of zeros, which is sparse: a model of
400 MB of weights takes a few hundred kilobytes on disk. Numbers an operator needs (epsilons,
shapes, slices) are in the graph itself. The graphs have the form in which PyTorch 1.8 to 1.13
exports an evaluated model at opset 11 to 13: a batch normalisation behind a convolution is folded
into it, layer normalisation, GELU and SiLU are their elementary operators.
"""

import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 13
WEIGHT_FILE = "zeros.bin"


class Tensor:
    """A value of the graph: its name and its shape, a tuple of integers."""

    def __init__(self, name, shape):
        self.name, self.shape = name, tuple(int(extent) for extent in shape)


def per_axis(value, axes):
    """A number, or one number for each axis, as a list of one number for each axis."""
    return list(value) if isinstance(value, (tuple, list)) else [value] * axes


class Graph:
    """Appends operators one by one; knows the shape of every value.

    `parameters` counts what the framework would train, batch normalisations included (two for each
    channel). `macs` counts multiply-accumulates of convolutions and matrix products, those of
    attention included, and nothing else; `normalised` counts the elements that batch
    normalisations make, folded ones too, because some publishers add two for each.
    """

    def __init__(self, name):
        self.name = name
        self.nodes, self.initializers, self.inputs, self.outputs = [], [], [], []
        self.parameters = self.macs = self.normalised = 0
        self.largest_weight = 0
        self.shapes = {}  # of every value a node makes
        self._count = {}

    # Values

    def input(self, name, shape, dtype=TensorProto.FLOAT):
        """A graph input."""
        self.inputs.append(helper.make_tensor_value_info(name, dtype, list(shape)))
        return Tensor(name, shape)

    def output(self, x, dtype=TensorProto.FLOAT):
        """Hands `x` out of the graph."""
        self.outputs.append(helper.make_tensor_value_info(x.name, dtype, list(x.shape)))

    def weight(self, *shape, trained=True):
        """A float tensor without content; `trained` says whether it is a parameter."""
        elements = math.prod(shape)
        tensor = TensorProto(name=self._fresh("weight"), data_type=TensorProto.FLOAT, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", WEIGHT_FILE), ("offset", 0), ("length", 4 * elements)):
            tensor.external_data.add(key=key, value=str(value))
        self.initializers.append(tensor)
        self.largest_weight = max(self.largest_weight, elements)
        self.parameters += elements if trained else 0
        return Tensor(tensor.name, shape)

    def constant(self, value, dtype=np.float32):
        """A tensor whose content counts."""
        array = np.asarray(value, dtype)
        name = self._fresh("constant")
        self.initializers.append(numpy_helper.from_array(array, name))
        return Tensor(name, array.shape)

    def integers(self, *values):
        """A 64-bit integer vector, as shapes and axes are given."""
        return self.constant(values, np.int64)

    def add_node(self, op_type, inputs, shape, **attributes):
        """Appends a node and returns its one output."""
        name = self._fresh(op_type)
        names = [x.name if x else "" for x in inputs]
        self.nodes.append(helper.make_node(op_type, names, [name], name=name, **attributes))
        self.shapes[name] = Tensor(name, shape).shape
        return Tensor(name, shape)

    def _fresh(self, stem):
        self._count[stem] = self._count.get(stem, -1) + 1
        return f"{stem}_{self._count[stem]}"

    # Products

    def conv(self, x, channels, kernel=1, stride=1, padding=None, groups=1, dilation=1, bias=True,
             norm=False):
        """A convolution over every axis behind the first two. `padding` keeps the extents where
        none is given. `norm`: a batch normalisation follows and is folded in."""
        axes = len(x.shape) - 2
        kernel, stride, dilation = (per_axis(v, axes) for v in (kernel, stride, dilation))
        if padding is None:
            padding = [d * (k - 1) // 2 for k, d in zip(kernel, dilation)]
        padding = per_axis(padding, axes)
        extents = [(size + 2 * p - d * (k - 1) - 1) // s + 1 for size, p, d, k, s in
                   zip(x.shape[2:], padding, dilation, kernel, stride)]
        inputs = [x, self.weight(channels, x.shape[1] // groups, *kernel)]
        if bias or norm:
            inputs.append(self.weight(channels, trained=bias))
        self.parameters += 2 * channels if norm else 0
        y = self.add_node("Conv", inputs, (x.shape[0], channels, *extents), kernel_shape=kernel,
                          strides=stride, pads=padding * 2, group=groups, dilations=dilation)
        self.macs += math.prod(y.shape) * (x.shape[1] // groups) * math.prod(kernel)
        self.normalised += math.prod(y.shape) if norm else 0
        return y

    def conv_bn(self, x, channels, kernel=1, **options):
        """A convolution without bias, and a batch normalisation."""
        return self.conv(x, channels, kernel, bias=options.pop("bias", False), norm=True,
                         **options)

    def conv_transpose(self, x, channels, kernel, stride, padding=0, output_padding=0, bias=True,
                       norm=False):
        """A transposed convolution over every axis behind the first two."""
        axes = len(x.shape) - 2
        kernel, stride, padding, extra = (per_axis(v, axes) for v in
                                          (kernel, stride, padding, output_padding))
        extents = [(size - 1) * s - 2 * p + k + e for size, s, p, k, e in
                   zip(x.shape[2:], stride, padding, kernel, extra)]
        inputs = [x, self.weight(x.shape[1], channels, *kernel)]
        if bias or norm:
            inputs.append(self.weight(channels, trained=bias))
        self.parameters += 2 * channels if norm else 0
        self.macs += math.prod(x.shape) * channels * math.prod(kernel)
        return self.add_node("ConvTranspose", inputs, (x.shape[0], channels, *extents),
                             kernel_shape=kernel, strides=stride, pads=padding * 2,
                             output_padding=extra)

    def matmul(self, a, b):
        """A matrix product, batched over the axes before the last two."""
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        y = self.add_node("MatMul", [a, b], (*batch, a.shape[-2], b.shape[-1]))
        self.macs += math.prod(y.shape) * a.shape[-1]
        return y

    def linear(self, x, features, bias=True):
        """A fully connected layer over the last axis."""
        columns = x.shape[-1]
        if len(x.shape) == 2:
            inputs = [x, self.weight(features, columns)]
            if bias:
                inputs.append(self.weight(features))
            self.macs += x.shape[0] * columns * features
            return self.add_node("Gemm", inputs, (x.shape[0], features), transB=1)
        y = self.matmul(x, self.weight(columns, features))
        return self.add(self.weight(features), y) if bias else y

    def embedding(self, indices, rows, columns):
        """Rows of a table, looked up."""
        return self.add_node("Gather", [self.weight(rows, columns), indices],
                             (*indices.shape, columns))

    # Elementwise

    def unary(self, op_type, x, **attributes):
        """An operator that keeps the shape."""
        return self.add_node(op_type, [x], x.shape, **attributes)

    def binary(self, op_type, a, b):
        """An operator of two tensors, or of a tensor and a number."""
        a, b = (v if isinstance(v, Tensor) else self.constant(v) for v in (a, b))
        return self.add_node(op_type, [a, b], np.broadcast_shapes(a.shape, b.shape))

    def add(self, a, b):
        """a + b"""
        return self.binary("Add", a, b)

    def mul(self, a, b):
        """a * b"""
        return self.binary("Mul", a, b)

    def relu(self, x):
        """max(x, 0)"""
        return self.unary("Relu", x)

    def leaky_relu(self, x, slope=0.01):
        """x where it is positive, slope * x elsewhere"""
        return self.unary("LeakyRelu", x, alpha=slope)

    def sigmoid(self, x):
        """1 / (1 + exp(-x))"""
        return self.unary("Sigmoid", x)

    def silu(self, x):
        """x * sigmoid(x)"""
        return self.mul(x, self.sigmoid(x))

    def gelu(self, x):
        """x * 0.5 * (1 + erf(x / sqrt(2)))"""
        erf = self.unary("Erf", self.binary("Div", x, math.sqrt(2)))
        return self.mul(self.mul(x, self.add(erf, 1.0)), 0.5)

    def gelu_tanh(self, x):
        """0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))"""
        cubic = self.add(x, self.mul(self.binary("Pow", x, 3.0), 0.044715))
        tanh = self.unary("Tanh", self.mul(cubic, math.sqrt(2 / math.pi)))
        return self.mul(self.mul(x, 0.5), self.add(tanh, 1.0))

    def softmax(self, x, axis=-1):
        """exp(x) over its sum along `axis`"""
        return self.unary("Softmax", x, axis=axis % len(x.shape))

    # Normalisations

    def batch_norm(self, x):
        """A batch normalisation that nothing absorbs."""
        channels = x.shape[1]
        self.parameters += 2 * channels
        self.normalised += math.prod(x.shape)
        return self.add_node("BatchNormalization",
                             [x, *(self.weight(channels, trained=False) for _ in range(4))],
                             x.shape, epsilon=1e-5)

    def layer_norm(self, x, epsilon=1e-5):
        """A layer normalisation of the last axis, in elementary operators."""
        centred = self.binary("Sub", x, self.reduce_mean(x, -1))
        variance = self.reduce_mean(self.binary("Pow", centred, 2.0), -1)
        root = self.unary("Sqrt", self.add(variance, epsilon))
        scaled = self.mul(self.binary("Div", centred, root), self.weight(x.shape[-1]))
        return self.add(scaled, self.weight(x.shape[-1]))

    def group_norm(self, x, groups):
        """A group normalisation: an instance normalisation of the groups, then a scale."""
        channels = x.shape[1]
        flat = self.reshape(x, (x.shape[0], groups, -1))
        normal = self.add_node("InstanceNormalization",
                               [flat, self.constant(np.ones(groups)),
                                self.constant(np.zeros(groups))], flat.shape, epsilon=1e-5)
        scale = (channels,) + (1,) * (len(x.shape) - 2)
        y = self.mul(self.reshape(normal, x.shape), self.weight(*scale))
        return self.add(y, self.weight(*scale))

    # Reductions and pools

    def reduce_mean(self, x, *axes, keep=True):
        """The mean over `axes`."""
        axes = [axis % len(x.shape) for axis in axes]
        shape = [1 if i in axes else extent for i, extent in enumerate(x.shape)
                 if keep or i not in axes]
        return self.add_node("ReduceMean", [x], shape, axes=axes, keepdims=int(keep))

    def global_average_pool(self, x):
        """The mean of each channel, its other extents kept as 1."""
        return self.add_node("GlobalAveragePool", [x], (*x.shape[:2], *(1,) * (len(x.shape) - 2)))

    def pool(self, op_type, x, kernel, stride, padding=0, ceil=False, **attributes):
        """MaxPool or AveragePool over every axis behind the first two."""
        axes = len(x.shape) - 2
        kernel, stride, padding = (per_axis(v, axes) for v in (kernel, stride, padding))
        extents = []
        for size, k, s, p in zip(x.shape[2:], kernel, stride, padding):
            room = size + 2 * p - k
            count = -(-room // s) + 1 if ceil else room // s + 1
            # A window that would start in the padding behind the end is left out.
            extents.append(count - 1 if ceil and (count - 1) * s >= size + p else count)
        return self.add_node(op_type, [x], (*x.shape[:2], *extents), kernel_shape=kernel,
                             strides=stride, pads=padding * 2, ceil_mode=int(ceil), **attributes)

    def max_pool(self, x, kernel, stride, padding=0, ceil=False):
        """The maximum of each window."""
        return self.pool("MaxPool", x, kernel, stride, padding, ceil)

    def average_pool(self, x, kernel, stride, padding=0, ceil=False, count_padding=True):
        """The mean of each window; `count_padding` counts the padding as zeros."""
        return self.pool("AveragePool", x, kernel, stride, padding, ceil,
                         count_include_pad=int(count_padding))

    # Layout

    def reshape(self, x, shape):
        """Other extents; one may be -1."""
        shape = [int(extent) for extent in shape]
        if -1 in shape:
            rest = -math.prod(shape)
            shape[shape.index(-1)] = math.prod(x.shape) // rest
        return self.add_node("Reshape", [x, self.integers(*shape)], shape)

    def flatten(self, x):
        """One row for each element of the first axis."""
        return self.add_node("Flatten", [x], (x.shape[0], math.prod(x.shape[1:])), axis=1)

    def transpose(self, x, *order):
        """The axes in another order."""
        return self.add_node("Transpose", [x], [x.shape[axis] for axis in order], perm=order)

    def concat(self, parts, axis=1):
        """Tensors behind each other along `axis`."""
        shape = list(parts[0].shape)
        axis %= len(shape)
        shape[axis] = sum(part.shape[axis] for part in parts)
        return self.add_node("Concat", parts, shape, axis=axis)

    def slice(self, x, axis, start, end, step=1):
        """Every `step`-th element from `start` to before `end` along `axis`."""
        axis %= len(x.shape)
        shape = list(x.shape)
        shape[axis] = len(range(*slice(start, end, step).indices(x.shape[axis])))
        return self.add_node("Slice", [x, self.integers(start), self.integers(end),
                                       self.integers(axis), self.integers(step)], shape)

    def split(self, x, sizes, axis=1):
        """Consecutive parts along `axis`."""
        name = self._fresh("Split")
        axis %= len(x.shape)
        parts = [Tensor(f"{name}_{i}", (*x.shape[:axis], size, *x.shape[axis + 1:]))
                 for i, size in enumerate(sizes)]
        self.nodes.append(helper.make_node("Split", [x.name, self.integers(*sizes).name],
                                           [part.name for part in parts], name=name, axis=axis))
        self.shapes.update((part.name, part.shape) for part in parts)
        return parts

    def pad(self, x, before, after):
        """Zeros in front of and behind each axis."""
        shape = [b + extent + a for b, extent, a in zip(before, x.shape, after)]
        return self.add_node("Pad", [x, self.integers(*before, *after)], shape, mode="constant")

    def expand(self, x, shape):
        """Broadcasts."""
        return self.add_node("Expand", [x, self.integers(*shape)], shape)

    def take(self, x, index, axis=1):
        """The element at `index` along `axis`, which is dropped."""
        shape = x.shape[:axis] + x.shape[axis + 1:]
        return self.add_node("Gather", [x, self.constant(index, np.int64)], shape, axis=axis)

    def resize(self, x, height, width, mode="nearest"):
        """Another height and width."""
        shape = (*x.shape[:2], height, width)
        form = {"nearest": dict(coordinate_transformation_mode="asymmetric", nearest_mode="floor"),
                "linear": dict(coordinate_transformation_mode="align_corners")}[mode]
        return self.add_node("Resize", [x, None, None, self.integers(*shape)], shape, mode=mode,
                             **form)

    def pixel_shuffle(self, x, factor):
        """Moves blocks of channels into space."""
        n, channels, height, width = x.shape
        return self.add_node("DepthToSpace", [x], (n, channels // factor**2, height * factor,
                                                   width * factor), blocksize=factor, mode="CRD")

    # The file

    def save(self, folder):
        """Writes `folder`/NAME.onnx and, for all models there, the file of zeros.

        Returns the path of the model."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        zeros = folder / WEIGHT_FILE
        zeros.touch()
        if zeros.stat().st_size < 4 * self.largest_weight:
            with zeros.open("r+b") as file:
                file.truncate(4 * self.largest_weight)
        graph = helper.make_graph(self.nodes, self.name, self.inputs, self.outputs,
                                  self.initializers)
        model = helper.make_model(graph, producer_name="keel networks",
                                  opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
        path = folder / f"{self.name}.onnx"
        onnx.save(model, path)
        return path
