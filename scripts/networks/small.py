"""Networks so small that launches decide their time. Sources: github.com/ShangtongZhang/DeepRL
(C51), Mnih et al., Human-level control through deep reinforcement learning (DQN),
github.com/649453932/Chinese-Text-Classification-Pytorch (TextCNN)."""

from onnx import TensorProto

from networks.builder import Graph


def _atari_features(g, x):
    """The convolutions of the Nature paper, and its hidden layer."""
    for channels, kernel, stride in ((32, 8, 4), (64, 4, 2), (64, 3, 1)):
        x = g.relu(g.conv(x, channels, kernel, stride=stride, padding=0))
    return g.relu(g.linear(g.flatten(x), 512))


def dqn(name, shape, actions=6):
    """The value of each action."""
    g = Graph(name)
    g.output(g.linear(_atari_features(g, g.input("frames", shape)), actions))
    return g


def c51(name, shape, actions=4, atoms=51):
    """A distribution of the value of each action."""
    g = Graph(name)
    x = g.linear(_atari_features(g, g.input("frames", shape)), actions * atoms)
    x = g.reshape(x, (shape[0], actions, atoms))
    g.output(g.softmax(x))
    return g


def textcnn(name, batch, tokens=32, words=4762, features=300, classes=10):
    """Filters over 2, 3 and 4 words, and the maximum of each."""
    g = Graph(name)
    ids = g.input("sentence", (batch, tokens), TensorProto.INT64)
    x = g.reshape(g.embedding(ids, words, features), (batch, 1, tokens, features))
    pooled = []
    for height in (2, 3, 4):
        y = g.relu(g.conv(x, 256, (height, features), padding=0))
        y = g.reshape(y, y.shape[:3])
        y = g.max_pool(y, y.shape[2], y.shape[2])
        pooled.append(g.reshape(y, (batch, 256)))
    g.output(g.linear(g.concat(pooled), classes))
    return g
