"""Networks whose blocks concatenate: DenseNet, dual path networks, VoVNet, CSPResNeXt.

Sources: torchvision.models.densenet, timm (dpn, vovnet, cspnet), with the papers they name.
"""

from networks.builder import Graph


def densenet121(name, shape):
    """DenseNet-121: growth 32, a bottleneck of four times that."""
    g = Graph(name)
    x = g.max_pool(g.relu(g.conv_bn(g.input("image", shape), 64, 7, stride=2)), 3, 2, 1)
    for block, depth in enumerate((6, 12, 24, 16)):
        features = [x]
        for _ in range(depth):
            y = g.concat(features) if len(features) > 1 else x
            y = g.relu(g.conv_bn(g.relu(g.batch_norm(y)), 128))
            features.append(g.conv(y, 32, 3, bias=False))
        x = g.concat(features)
        if block < 3:
            x = g.conv(g.relu(g.batch_norm(x)), x.shape[1] // 2, bias=False)
            x = g.average_pool(x, 2, 2)
    x = g.flatten(g.global_average_pool(g.relu(g.batch_norm(x))))
    g.output(g.linear(x, 1000))
    return g


def _norm_relu(g, parts):
    """The concatenation of the two paths, normalised."""
    return g.relu(g.batch_norm(g.concat(parts) if len(parts) > 1 else parts[0]))


def _dual_path_block(g, parts, inner, width, growth, stride, project):
    """One block on the residual path (`width` channels) and the dense one."""
    if project:
        channels = width + 2 * growth
        shortcut = g.conv(_norm_relu(g, parts), channels, stride=stride, bias=False)
        residual, dense = g.split(shortcut, [width, 2 * growth])
    else:
        residual, dense = parts
    y = g.relu(g.conv_bn(_norm_relu(g, parts), inner))
    y = g.relu(g.conv_bn(y, inner, 3, stride=stride, groups=40))
    y = g.conv(y, width + growth, bias=False)
    left, right = g.split(y, [width, growth])
    return [g.add(residual, left), g.concat([dense, right])]


def dpn131(name, shape):
    """DPN-131 (40 groups of 4)."""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("image", shape), 128, 7, stride=2))
    parts = [g.max_pool(x, 3, 2, 1)]
    stages = ((4, 256, 16), (8, 512, 32), (28, 1024, 32), (3, 2048, 128))
    for stage, (depth, width, growth) in enumerate(stages):
        for i in range(depth):
            parts = _dual_path_block(g, parts, 160 * width // 256, width, growth,
                                     2 if stage and i == 0 else 1, i == 0)
    x = g.global_average_pool(_norm_relu(g, parts))
    g.output(g.flatten(g.conv(x, 1000)))
    return g


def vovnet39(name, shape):
    """VoVNet-39: five convolutions, all concatenated once at the end of a block."""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("image", shape), 64, 3, stride=2))
    x = g.relu(g.conv_bn(x, 64, 3))
    x = g.relu(g.conv_bn(x, 128, 3, stride=2))
    stages = ((128, 256, 1), (160, 512, 1), (192, 768, 2), (224, 1024, 2))
    for stage, (inner, channels, blocks) in enumerate(stages):
        if stage:
            x = g.max_pool(x, 3, 2, ceil=True)
        for i in range(blocks):
            features = [x]
            for _ in range(5):
                features.append(g.relu(g.conv_bn(features[-1], inner, 3)))
            y = g.relu(g.conv_bn(g.concat(features), channels))
            x = g.add(y, x) if i else y
    g.output(g.linear(g.flatten(g.global_average_pool(x)), 1000))
    return g


def cspresnext50(name, shape):
    """CSPResNeXt-50: half of the channels go round each stage's blocks."""
    g = Graph(name)

    def unit(x, channels, kernel=1, **options):
        return g.leaky_relu(g.conv_bn(x, channels, kernel, **options))

    x = g.max_pool(unit(g.input("image", shape), 64, 7, stride=2), 3, 2, 1)
    for stage, (depth, channels) in enumerate(zip((3, 3, 5, 2), (256, 512, 1024, 2048))):
        half = channels // 2
        if stage:
            x = unit(x, x.shape[1], 3, stride=2, groups=32)
        crossed, y = g.split(g.conv_bn(x, channels), [half] * 2)
        for _ in range(depth):
            inner = unit(unit(y, half), half, 3, groups=32)
            y = g.leaky_relu(g.add(g.conv_bn(inner, half), y))
        x = unit(g.concat([crossed, unit(y, half)]), channels)
    g.output(g.linear(g.flatten(g.global_average_pool(x)), 1000))
    return g
