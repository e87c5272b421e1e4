"""Speech and text-line recognisers. Sources: transformers (wav2vec2), fairseq (HuBERT), NVIDIA
DeepLearningExamples (Jasper), github.com/meijieru/crnn.pytorch."""

from networks.builder import Graph
from networks.transformer import encoder_layer

WAVE_KERNELS = ((10, 5), (3, 2), (3, 2), (3, 2), (3, 2), (2, 2), (2, 2))


def _waveform_transformer(g, wave, layers, features, heads, inner, large):
    """The encoder of wav2vec2 and HuBERT. `large`: normalised layers, biases, norms in front."""
    x = g.reshape(wave, (wave.shape[0], 1, wave.shape[1]))
    for i, (kernel, stride) in enumerate(WAVE_KERNELS):
        x = g.conv(x, 512, kernel, stride=stride, padding=0, bias=large)
        if large:
            x = g.transpose(g.layer_norm(g.transpose(x, 0, 2, 1)), 0, 2, 1)
        elif i == 0:
            x = g.add_node("InstanceNormalization", [x, g.weight(512), g.weight(512)], x.shape,
                           epsilon=1e-5)
        x = g.gelu(x)
    x = g.linear(g.layer_norm(g.transpose(x, 0, 2, 1)), features)
    position = g.conv(g.transpose(x, 0, 2, 1), features, 128, padding=64, groups=16)
    g.parameters += 128  # weight normalisation: one scale for each tap
    position = g.gelu(g.slice(position, 2, 0, x.shape[1]))
    x = g.add(x, g.transpose(position, 0, 2, 1))
    if not large:
        x = g.layer_norm(x)
    for _ in range(layers):
        x = encoder_layer(g, x, heads, inner, norm_first=large, scale_query=True)
    return g.layer_norm(x) if large else x


def wav2vec2_base(name, shape):
    """wav2vec2-base-960h with its character layer."""
    g = Graph(name)
    x = _waveform_transformer(g, g.input("wave", shape), 12, 768, 12, 3072, large=False)
    g.parameters += 768  # the embedding of masked frames, which evaluation does not use
    g.output(g.linear(x, 32))
    return g


def hubert_large(name, shape):
    """HuBERT large, fine-tuned, with its character layer."""
    g = Graph(name)
    x = _waveform_transformer(g, g.input("wave", shape), 24, 1024, 16, 4096, large=True)
    g.parameters += 1024
    g.output(g.linear(x, 32))
    return g


def jasper(name, shape):
    """Jasper 10x5 with dense residuals, without the masks of its padded frames."""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("features", shape), 256, 11, stride=2))
    results = [x]
    for channels, kernel in ((256, 11), (384, 13), (512, 17), (640, 21), (768, 25)):
        for _ in range(2):
            y = results[-1]
            for i in range(5):
                y = g.conv_bn(y, channels, kernel)
                y = y if i == 4 else g.relu(y)
            for earlier in results:
                y = g.add(y, g.conv_bn(earlier, channels))
            results.append(g.relu(y))
    x = g.relu(g.conv_bn(results[-1], 896, 29, dilation=2))
    x = g.relu(g.conv_bn(x, 1024))
    x = g.transpose(g.conv(x, 29), 0, 2, 1)
    g.output(g.unary("LogSoftmax", x, axis=2))
    return g


def _lstm_layer(g, x, hidden, features):
    """A bidirectional LSTM over (time, batch, channels), and a linear layer."""
    steps, batch, channels = x.shape
    weights = [g.weight(2, 4 * hidden, channels), g.weight(2, 4 * hidden, hidden),
               g.weight(2, 8 * hidden)]
    y = g.add_node("LSTM", [x, *weights], (steps, 2, batch, hidden), hidden_size=hidden,
                   direction="bidirectional")
    g.macs += 2 * steps * batch * 4 * hidden * (channels + hidden)
    y = g.reshape(g.transpose(y, 0, 2, 1, 3), (steps * batch, 2 * hidden))
    return g.reshape(g.linear(y, features), (steps, batch, features))


def crnn(name, shape):
    """CRNN of 256 hidden units and 37 characters."""
    g = Graph(name)
    x = g.input("image", shape)
    x = g.max_pool(g.relu(g.conv(x, 64, 3)), 2, 2)
    x = g.max_pool(g.relu(g.conv(x, 128, 3)), 2, 2)
    x = g.relu(g.conv_bn(x, 256, 3, bias=True))
    x = g.max_pool(g.relu(g.conv(x, 256, 3)), 2, (2, 1), (0, 1))
    x = g.relu(g.conv_bn(x, 512, 3, bias=True))
    x = g.max_pool(g.relu(g.conv(x, 512, 3)), 2, (2, 1), (0, 1))
    x = g.relu(g.conv_bn(x, 512, 2, padding=0, bias=True))
    x = g.transpose(g.reshape(x, (*x.shape[:2], -1)), 2, 0, 1)
    g.output(_lstm_layer(g, _lstm_layer(g, x, 256, 256), 256, 37))
    return g
