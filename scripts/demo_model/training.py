"""Trains the network in torch, on short pieces of the clips and then on whole ones."""

import numpy as np
import torch

from demo_model.execution import attributes_of

STAGES = [(6, 83), (1, None)]  # epochs, frames of each piece: 0.18 s, then the whole clip
BATCH, PEAK_RATE = 16, 2e-3
LABEL_SMOOTHING = 0.1  # a network that is sure beyond need amplifies rounding


def matmul(x, y):
    """x @ y. As a 1 x 1 convolution (dilated, without effect) torch gives a product of [batch, rows, k]
    to oneDNN, 15 times faster than Debian's reference BLAS."""
    if x.ndim != 3:
        return x @ y
    if y.ndim == 2:
        return torch.conv1d(x.transpose(1, 2), y.t()[:, :, None], dilation=2).transpose(1, 2)
    batch, rows, inner = x.shape
    filters, signal = x.reshape(batch * rows, inner, 1), y.reshape(1, batch * inner, -1)
    return torch.conv1d(signal, filters, dilation=2, groups=batch).reshape(batch, rows, -1)


def convolve(a, x, kernel, bias):
    top, left, bottom, right = a["pads"]
    assert (top, left) == (bottom, right)
    return torch.conv2d(x, kernel, bias, a["strides"], (top, left))


# The operators behind the front end, on tensors with a batch in front.
OPERATORS = {
    "Add": lambda a, x, y: x + y,
    "Conv": convolve,
    "Div": lambda a, x, y: x / y,
    "MatMul": lambda a, x, y: matmul(x, y),
    "Mul": lambda a, x, y: x * y,
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a["keepdims"])),
    "Relu": lambda a, x: torch.relu(x),
    "Reshape": lambda a, x, shape: x.reshape(len(x), *shape[1:].tolist()),
    "Softmax": lambda a, x: torch.softmax(x, a["axis"]),
    "Sqrt": lambda a, x: torch.sqrt(x),
    "Sub": lambda a, x, y: x - y,
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": lambda a, x, axes: x.unsqueeze(int(axes)),
}


def logits_of(nodes, weights, features):
    """Runs nodes behind the front end on log powers [batch, BINS, frames]."""
    values = dict(weights, **{"frontend/log": features})
    for node in nodes:
        inputs = (values[name] for name in node.input)
        values[node.output[0]] = OPERATORS[node.op_type](attributes_of(node), *inputs)
    return values["logits"]


def cut(features, frames, generator):
    """Cuts log powers [batch, BINS, FRAMES] at one random place to `frames`, if that is given."""
    if frames is None:
        return features
    start = int(torch.randint(features.shape[2] - frames + 1, (), generator=generator))
    return features[:, :, start:start + frames]


def train(graph, features, labels, seed):
    """Fits the weights of `graph` behind the front end and the normalisation, in place, to log powers
    [clips, BINS, FRAMES]; what `graph.fixed` names stays as it is."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(seed)
    tensors = {name: torch.from_numpy(array) for name, array in graph.weights.items()}
    trained = {name: tensor.requires_grad_() for name, tensor in tensors.items()
               if not name.startswith(("frontend/", "normalise/"))
               and tensor.is_floating_point() and tensor.ndim > 0}
    # Adam steps by the rate, whatever the gradient: weights of another scale need another rate.
    rates = {name: PEAK_RATE * max(1.0, float(tensor.detach().abs().median())) for name, tensor in trained.items()}
    optimiser = torch.optim.Adam([{"params": [tensor], "lr": rates[name]} for name, tensor in trained.items()])
    steps = sum(epochs for epochs, _ in STAGES) * -(-len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, list(rates.values()), total_steps=steps)
    nodes = graph.nodes[[node.name for node in graph.nodes].index("normalise/centre"):]
    features, labels = torch.from_numpy(features), torch.from_numpy(labels)
    for frames in [frames for epochs, frames in STAGES for _ in range(epochs)]:
        losses = []
        for batch in torch.randperm(len(labels), generator=generator).split(BATCH):
            logits = logits_of(nodes, tensors, cut(features[batch], frames, generator))
            loss = torch.nn.functional.cross_entropy(logits, labels[batch], label_smoothing=LABEL_SMOOTHING)
            optimiser.zero_grad()
            loss.backward()
            for name, index in graph.fixed:
                trained[name].grad[index] = 0
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch of {frames or features.shape[2]} frames: loss {np.mean(losses):.4f}", flush=True)
    for name, tensor in trained.items():
        graph.weights[name] = tensor.detach().numpy()
