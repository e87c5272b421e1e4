"""Vision transformers. Sources: timm (vision_transformer, beit, twins), with their papers."""

import math

from networks.builder import Graph
from networks.transformer import attend, feed_forward, heads_of


def patches(g, image, features, size):
    """One token for each square of `size` pixels: (batch, tokens, features)"""
    x = g.conv(image, features, size, stride=size, padding=0)
    return g.transpose(g.reshape(x, (*x.shape[:2], -1)), 0, 2, 1)


def with_class_token(g, x):
    """A learned token in front."""
    token = g.expand(g.weight(1, 1, x.shape[-1]), (x.shape[0], 1, x.shape[-1]))
    return g.concat([token, x], 1)


def _mixed(g, x, heads, bias=None):
    """Self-attention before its last product. Query, key and value come from one; `bias` is added
    to the scores."""
    batch, tokens, features = x.shape
    joined = g.linear(x, 3 * features)
    joined = g.reshape(joined, (batch, tokens, 3, heads, features // heads))
    joined = g.transpose(joined, 2, 0, 3, 1, 4)
    query, key, value = (g.take(joined, i, 0) for i in range(3))
    key = g.transpose(key, 0, 1, 3, 2)
    if bias:
        return attend(g, query, key, value, bias, scale_query=True)
    scores = g.matmul(query, key)
    scores = g.mul(scores, 1 / math.sqrt(features // heads))
    mixed = g.transpose(g.matmul(g.softmax(scores), value), 0, 2, 1, 3)
    return g.reshape(mixed, (batch, tokens, features))


def joint_attention(g, x, heads, bias=None):
    """Self-attention whose query, key and value come from one product."""
    return g.linear(_mixed(g, x, heads, bias), x.shape[-1])


def _embedded(g, shape, patch, features):
    x = with_class_token(g, patches(g, g.input("image", shape), features, patch))
    return g.add(x, g.weight(1, *x.shape[1:]))


def vit(name, shape, patch=16, features=768, heads=12, layers=12, classes=1000):
    """ViT, normalised first."""
    g = Graph(name)
    x = _embedded(g, shape, patch, features)
    for _ in range(layers):
        x = g.add(x, joint_attention(g, g.layer_norm(x, 1e-6), heads))
        x = g.add(x, feed_forward(g, g.layer_norm(x, 1e-6), 4 * features, g.gelu))
    g.output(g.linear(g.take(g.layer_norm(x, 1e-6), 0), classes))
    return g


def rewritten_vit(name, shape, patch=16, features=768, heads=12, layers=12, merge=True, pad=True):
    """ViT as ModelZoo-PyTorch rewrites it before it is compiled (ViT_base/opt_vit.py).

    `merge`: behind the attention the tokens of all samples are the rows of one matrix. `pad`: there
    rows of zeros fill the last block of 16 of each sample, so that no product needs another layout;
    they are cut off in front of the next attention.
    """
    g = Graph(name)
    x = _embedded(g, shape, patch, features)
    batch, tokens, _ = x.shape
    missing = -tokens % 16 if pad else 0

    def filled(part):
        if merge:
            part = g.reshape(part, (batch * tokens, features))
        if not missing:
            return part
        rows = (batch * missing, features) if merge else (batch, missing, features)
        return g.concat([part, g.weight(*rows, trained=False)], len(rows) - 2)

    def cut(part):
        if missing:
            axis = len(part.shape) - 2
            part = g.slice(part, axis, 0, batch * tokens if merge else tokens)
        return g.reshape(part, (batch, tokens, features)) if merge else part

    stream = filled(x)
    for _ in range(layers):
        mixed = _mixed(g, g.layer_norm(x, 1e-6), heads)
        stream = g.add(stream, g.linear(filled(mixed), features))
        stream = g.add(stream, feed_forward(g, g.layer_norm(stream, 1e-6), 4 * features, g.gelu))
        x = cut(stream)
    g.output(g.linear(g.take(g.layer_norm(x, 1e-6), 0), 1000))
    return g


def beit(name, shape, patch=16, features=768, heads=12, layers=12):
    """BEiT base: position biases of the scores, and a scale of each branch."""
    g = Graph(name)
    x = with_class_token(g, patches(g, g.input("image", shape), features, patch))
    side, tokens = shape[2] // patch, x.shape[1]
    for _ in range(layers):
        bias = g.weight(1, heads, tokens, tokens, trained=False)
        g.parameters += ((2 * side - 1) ** 2 + 3) * heads - features  # and no bias of the key
        branch = joint_attention(g, g.layer_norm(x, 1e-6), heads, bias)
        x = g.add(x, g.mul(g.weight(features), branch))
        branch = feed_forward(g, g.layer_norm(x, 1e-6), 4 * features, g.gelu)
        x = g.add(x, g.mul(g.weight(features), branch))
    x = g.reduce_mean(g.slice(x, 1, 1, tokens), 1, keep=False)
    g.output(g.linear(g.layer_norm(x, 1e-6), 1000))
    return g


def _pyramid_attention(g, x, heads, reduction, side):
    """Attention to keys and values of a smaller map."""
    batch, tokens, features = x.shape
    query = heads_of(g, g.linear(x, features), heads)
    if reduction > 1:
        plane = g.reshape(g.transpose(x, 0, 2, 1), (batch, features, side, side))
        plane = g.conv(plane, features, reduction, stride=reduction, padding=0)
        x = g.layer_norm(g.transpose(g.reshape(plane, (batch, features, -1)), 0, 2, 1))
    joined = g.reshape(g.linear(x, 2 * features), (batch, -1, 2, heads, features // heads))
    joined = g.transpose(joined, 2, 0, 3, 1, 4)
    key, value = (g.take(joined, i, 0) for i in range(2))
    return g.linear(attend(g, query, g.transpose(key, 0, 1, 3, 2), value), features)


def twins_pcpvt_small(name, shape):
    """Twins-PCPVT-S: a pyramid with a convolution of each channel as position encoding."""
    g = Graph(name)
    x = g.input("image", shape)
    stages = ((3, 64, 1, 8, 8), (4, 128, 2, 8, 4), (6, 320, 5, 4, 2), (3, 512, 8, 4, 1))
    for stage, (layers, features, heads, ratio, reduction) in enumerate(stages):
        size = 2 if stage else 4
        x = g.layer_norm(patches(g, x, features, size))
        side = math.isqrt(x.shape[1])
        for layer in range(layers):
            branch = _pyramid_attention(g, g.layer_norm(x, 1e-6), heads, reduction, side)
            x = g.add(x, branch)
            x = g.add(x, feed_forward(g, g.layer_norm(x, 1e-6), ratio * features, g.gelu))
            if layer == 0:
                plane = g.reshape(g.transpose(x, 0, 2, 1), (-1, features, side, side))
                plane = g.add(g.conv(plane, features, 3, groups=features), plane)
                x = g.transpose(g.reshape(plane, (*plane.shape[:2], -1)), 0, 2, 1)
        if stage < 3:
            x = g.transpose(g.reshape(x, (-1, side, side, features)), 0, 3, 1, 2)
    x = g.reduce_mean(g.layer_norm(x, 1e-6), 1, keep=False)
    g.output(g.linear(x, 1000))
    return g
