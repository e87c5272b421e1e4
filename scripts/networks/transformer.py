"""Text transformers and the encoder layers that speech models share with them.

Sources: transformers (BERT, GPT-2), fairseq (RoBERTa), PaddleNLP (ERNIE, UIE).
"""

import math

from onnx import TensorProto

from networks.builder import Graph


def heads_of(g, x, heads, transposed=False):
    """(batch, tokens, features) as (batch, heads, tokens, features of a head), or with the last two
    exchanged: PyTorch exports two permutations as one."""
    batch, tokens, features = x.shape
    order = (0, 2, 3, 1) if transposed else (0, 2, 1, 3)
    return g.transpose(g.reshape(x, (batch, tokens, heads, features // heads)), *order)


def attend(g, query, key, value, mask=None, scale_query=False):
    """softmax(query key / sqrt(features) + mask) value, of tensors split into heads, the key
    transposed; the heads of the result are put together again."""
    factor = math.sqrt(query.shape[-1])
    if scale_query:
        query = g.mul(query, 1 / factor)
    scores = g.matmul(query, key)
    if not scale_query:
        scores = g.binary("Div", scores, factor)
    if mask:
        scores = g.add(scores, mask)
    mixed = g.transpose(g.matmul(g.softmax(scores), value), 0, 2, 1, 3)
    return g.reshape(mixed, (*mixed.shape[:2], -1))


def self_attention(g, x, heads, mask=None, scale_query=False):
    """Attention of a sequence to itself, with three products for query, key and value."""
    query, key, value = (heads_of(g, g.linear(x, x.shape[-1]), heads, transposed)
                         for transposed in (False, True, False))
    return g.linear(attend(g, query, key, value, mask, scale_query), x.shape[-1])


def feed_forward(g, x, features, activation):
    """Two layers, the first of `features`."""
    return g.linear(activation(g.linear(x, features)), x.shape[-1])


def encoder_layer(g, x, heads, features, mask=None, norm_first=False, scale_query=False,
                  epsilon=1e-5):
    """Attention and feed-forward, each added to its input, normalised behind or in front."""
    if norm_first:
        x = g.add(x, self_attention(g, g.layer_norm(x, epsilon), heads, mask, scale_query))
        return g.add(x, feed_forward(g, g.layer_norm(x, epsilon), features, g.gelu))
    x = g.layer_norm(g.add(self_attention(g, x, heads, mask, scale_query), x), epsilon)
    return g.layer_norm(g.add(feed_forward(g, x, features, g.gelu), x), epsilon)


def additive_mask(g, tokens):
    """0 where the input mask is 1, a large negative number where it is 0."""
    mask = g.input("attention_mask", tokens.shape, TensorProto.INT64)
    floats = g.unary("Cast", g.reshape(mask, (mask.shape[0], 1, 1, mask.shape[1])),
                     to=TensorProto.FLOAT)
    return g.mul(g.binary("Sub", 1.0, floats), -10000.0)


def bert(name, batch, tokens, layers=12, features=768, heads=12, inner=3072, words=28996,
         positions=512, types=2, mask=True, head="classes", outputs=2, extra_embeddings=0):
    """An encoder of the BERT form.

    `types`: segments of the input; 0 if it has none. `head`: "classes" (pooler and classifier of
    the first token) or "span" (a linear layer over every token)."""
    g = Graph(name)
    ids = g.input("input_ids", (batch, tokens), TensorProto.INT64)
    x = g.embedding(ids, words, features)
    if types > 1:
        segments = g.input("token_type_ids", (batch, tokens), TensorProto.INT64)
        x = g.add(x, g.embedding(segments, types, features))
    elif types:
        g.parameters += features  # one segment: its row is a constant of the exported sum
    x = g.add(x, g.weight(1, tokens, features, trained=False))
    g.parameters += (positions + extra_embeddings) * features
    x = g.layer_norm(x, 1e-12)
    masked = additive_mask(g, ids) if mask else None
    for _ in range(layers):
        x = encoder_layer(g, x, heads, inner, masked, epsilon=1e-12)
    if head == "classes":
        x = g.unary("Tanh", g.linear(g.take(x, 0), features))
    g.output(g.linear(x, outputs))
    return g


def gpt2(name, batch, tokens, layers=12, words=21128, positions=1024, features=768, heads=12):
    """GPT-2 over a whole prompt; the output layer shares the embedding's table.

    As ModelZoo-PyTorch rewrites and compiles it (GPT2_for_Pytorch/opt_onnx_update.py): a product
    each for query, key and value, and an fp16 output."""
    g = Graph(name)
    ids = g.input("input_ids", (batch, tokens), TensorProto.INT64)
    x = g.add(g.embedding(ids, words, features), g.weight(1, tokens, features, trained=False))
    g.parameters += positions * features
    causal = g.weight(1, 1, tokens, tokens, trained=False)
    for _ in range(layers):
        y = g.layer_norm(x)
        query, key, value = (heads_of(g, g.linear(y, features), heads) for _ in range(3))
        key = g.transpose(key, 0, 1, 3, 2)
        mixed = attend(g, query, key, value, causal, scale_query=True)
        x = g.add(x, g.linear(mixed, features))
        x = g.add(x, feed_forward(g, g.layer_norm(x), 4 * features, g.gelu_tanh))
    table = g.weight(features, words, trained=False)
    scores = g.matmul(g.layer_norm(x), table)
    g.output(g.unary("Cast", scores, to=TensorProto.FLOAT16), TensorProto.FLOAT16)
    return g
