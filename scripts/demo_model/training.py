"""Training in torch."""

import numpy as np
import torch

from demo_model.execution import attributes_of
from demo_model.network import LARGE_CHANNELS, NORM_SCALE

EPOCHS, BATCH, PEAK_RATE = 8, 16, 2e-3


def torch_operators():
    """The operators behind the trunk, on tensors with a batch in front."""
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


def train(graph, features, labels, seed):
    """Fits what follows the trunk, in place, to its features [clips, STEPS, FEATURES]; the two large
    channels stay as they are."""
    torch.use_deterministic_algorithms(True)
    generator = torch.Generator().manual_seed(seed)
    operators = torch_operators()
    frozen = ("frontend/", "normalise/", "trunk/")
    tensors = {name: torch.from_numpy(array) for name, array in graph.weights.items()}
    trained = {name: tensor.requires_grad_() for name, tensor in tensors.items()
               if not name.startswith(frozen) and tensor.ndim > 0}
    written_to_residual = [name for name in trained if any(
        part in name for part in ("projection/", "/attention/output/", "/mlp/down/"))]
    rates = {name: PEAK_RATE * (NORM_SCALE if name.endswith("norm/scale") else 1) for name in trained}
    optimiser = torch.optim.Adam([{"params": [tensor], "lr": rates[name]} for name, tensor in trained.items()])
    steps = EPOCHS * (len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, list(rates.values()), total_steps=steps)
    first = [node.name for node in graph.nodes].index("projection/matmul")
    features, labels = torch.from_numpy(features), torch.from_numpy(labels)
    for epoch in range(EPOCHS):
        losses = []
        for batch in torch.randperm(len(labels), generator=generator).split(BATCH):
            values = dict(tensors, **{"trunk/features": features[batch]})
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
