"""Networks that answer for every pixel: segmentation, super-resolution, interest points.

Sources: github.com/milesial/Pytorch-UNet, github.com/4uiiurz1/pytorch-nested-unet,
github.com/Eromera/erfnet_pytorch, github.com/sanghyun-son/EDSR-PyTorch, github.com/xinntao/BasicSR
(RRDBNet), github.com/magicleap/SuperPointPretrainedNetwork.
"""

from networks.builder import Graph


def _double_conv(g, x, inner, channels, bias=False):
    """Two 3x3 convolutions."""
    for width in (inner, channels):
        x = g.relu(g.conv_bn(x, width, 3, bias=bias))
    return x


def unet(name, shape, classes=2):
    """U-Net with padded convolutions and transposed convolutions."""
    g = Graph(name)
    x = _double_conv(g, g.input("image", shape), 64, 64)
    levels = [x]
    for channels in (128, 256, 512, 1024):
        levels.append(_double_conv(g, g.max_pool(levels[-1], 2, 2), channels, channels))
    x = levels.pop()
    for channels, level in zip((512, 256, 128, 64), reversed(levels)):
        x = g.conv_transpose(x, channels, 2, 2)
        rows, columns = (a - b for a, b in zip(level.shape[2:], x.shape[2:]))
        if rows or columns:
            before, after = (rows // 2, columns // 2), (rows - rows // 2, columns - columns // 2)
            x = g.pad(x, (0, 0, *before), (0, 0, *after))
        x = _double_conv(g, g.concat([level, x]), channels, channels)
    g.output(g.conv(x, classes))
    return g


def nested_unet(name, shape):
    """U-Net++ of five levels, one output."""
    g = Graph(name)
    widths = (32, 64, 128, 256, 512)
    columns = [[_double_conv(g, g.input("image", shape), 32, 32, bias=True)]]
    for level in range(1, 5):
        column = [_double_conv(g, g.max_pool(columns[-1][0], 2, 2), *[widths[level]] * 2,
                               bias=True)]
        for i in range(level):
            row = level - 1 - i
            size = columns[row][0].shape[2:]
            upper = g.resize(column[i], *size, mode="linear")
            column.append(_double_conv(g, g.concat([*columns[row], upper]), *[widths[row]] * 2,
                                       bias=True))
            columns[row].append(column[-1])
        columns.append(column[:1])
    g.output(g.conv(columns[0][-1], 1))
    return g


def erfnet(name, shape, classes=20):
    """ERFNet: its 3x3 convolutions are pairs of 3x1 and 1x3."""
    g = Graph(name)

    def down(x, channels):
        y = g.concat([g.conv(x, channels - x.shape[1], 3, stride=2), g.max_pool(x, 2, 2)])
        return g.relu(g.batch_norm(y))

    def factored(x, dilation):
        y = x
        for d in (1, dilation):
            y = g.relu(g.conv(y, x.shape[1], (3, 1), dilation=(d, 1)))
            y = g.conv_bn(y, x.shape[1], (1, 3), dilation=(1, d), bias=True)
            y = g.relu(y) if d is not dilation or dilation == 1 and y is not x else y
        return g.relu(g.add(y, x))

    def up(x, channels):
        return g.relu(g.conv_transpose(x, channels, 3, 2, 1, 1, norm=True))

    x = down(down(g.input("image", shape), 16), 64)
    for _ in range(5):
        x = factored(x, 1)
    x = down(x, 128)
    for dilation in (2, 4, 8, 16) * 2:
        x = factored(x, dilation)
    for channels in (64, 16):
        x = up(x, channels)
        x = factored(factored(x, 1), 1)
    g.output(g.conv_transpose(x, classes, 2, 2))
    return g


def edsr(name, shape, scale=2, blocks=32, channels=256):
    """EDSR: residual blocks without normalisation."""
    g = Graph(name)
    x = g.conv(g.add(g.input("image", shape), g.weight(1, 3, 1, 1, trained=False)), channels, 3)
    y = x
    for _ in range(blocks):
        branch = g.conv(g.relu(g.conv(y, channels, 3)), channels, 3)
        y = g.add(g.mul(branch, 0.1), y)
    y = g.add(g.conv(y, channels, 3), x)
    y = g.pixel_shuffle(g.conv(y, channels * scale**2, 3), scale)
    g.output(g.add(g.conv(y, 3, 3), g.weight(1, 3, 1, 1, trained=False)))
    return g


def rrdbnet(name, shape, blocks=23):
    """The generator of Real-ESRGAN, four times larger."""
    g = Graph(name)

    def dense_block(x):
        features = [x]
        for _ in range(4):
            y = g.concat(features) if len(features) > 1 else x
            features.append(g.leaky_relu(g.conv(y, 32, 3), 0.2))
        return g.add(g.mul(g.conv(g.concat(features), 64, 3), 0.2), x)

    x = g.conv(g.input("image", shape), 64, 3)
    y = x
    for _ in range(blocks):
        y = g.add(g.mul(dense_block(dense_block(dense_block(y))), 0.2), y)
    y = g.add(x, g.conv(y, 64, 3))
    for _ in range(2):
        y = g.leaky_relu(g.conv(g.resize(y, *(2 * e for e in y.shape[2:])), 64, 3), 0.2)
    g.output(g.conv(g.leaky_relu(g.conv(y, 64, 3), 0.2), 3, 3))
    return g


def superpoint(name, shape):
    """SuperPoint: one encoder, a detector and a descriptor."""
    g = Graph(name)
    x = g.input("image", shape)
    for stage, channels in enumerate((64, 64, 128, 128)):
        x = g.max_pool(x, 2, 2) if stage else x
        for _ in range(2):
            x = g.relu(g.conv(x, channels, 3))
    g.output(g.conv(g.relu(g.conv(x, 256, 3)), 65))
    descriptors = g.conv(g.relu(g.conv(x, 256, 3)), 256)
    length = g.add_node("ReduceL2", [descriptors], (shape[0], 1, *descriptors.shape[2:]), axes=[1])
    g.output(g.binary("Div", descriptors, length))
    return g
