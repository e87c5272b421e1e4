"""Further image classifiers: VGG, Inception, Xception, mobile networks, RegNet.

Sources: torchvision.models (vgg, mnasnet), timm (inception_v4, xception, efficientnet, regnet).
"""

from networks.builder import Graph
from networks.resnet import squeeze_excite

VGG16_STAGES = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
VGG19_STAGES = ((64, 2), (128, 2), (256, 4), (512, 4), (512, 4))


def head(g, x, classes=1000):
    """Mean over space, and a linear layer."""
    g.output(g.linear(g.flatten(g.global_average_pool(x)), classes))
    return g


def vgg(name, shape, stages=VGG19_STAGES):
    """VGG without batch normalisation."""
    g = Graph(name)
    x = g.input("image", shape)
    for channels, depth in stages:
        for _ in range(depth):
            x = g.relu(g.conv(x, channels, 3))
        x = g.max_pool(x, 2, 2)
    x = g.flatten(x)
    for _ in range(2):
        x = g.relu(g.linear(x, 4096))
    g.output(g.linear(x, 1000))
    return g


def inception_v4(name, shape):
    """Inception-v4."""
    g = Graph(name)

    def unit(x, channels, kernel, stride=1, padding=0):
        return g.relu(g.conv_bn(x, channels, kernel, stride=stride, padding=padding))

    def chain(x, *steps):
        """Convolutions of stride 1 that keep the extents: (channels, kernel)."""
        for channels, kernel in steps:
            rows, columns = (kernel, kernel) if isinstance(kernel, int) else kernel
            x = unit(x, channels, (rows, columns), padding=(rows // 2, columns // 2))
        return x

    def pooled(x, channels):
        return unit(g.average_pool(x, 3, 1, 1, count_padding=False), channels, 1)

    def block_a(x):
        return g.concat([chain(x, (96, 1)), chain(x, (64, 1), (96, 3)),
                         chain(x, (64, 1), (96, 3), (96, 3)), pooled(x, 96)])

    def block_b(x):
        return g.concat([chain(x, (384, 1)), chain(x, (192, 1), (224, (1, 7)), (256, (7, 1))),
                         chain(x, (192, 1), (192, (7, 1)), (224, (1, 7)), (224, (7, 1)),
                               (256, (1, 7))), pooled(x, 128)])

    def block_c(x):
        left = chain(x, (384, 1))
        right = chain(x, (384, 1), (448, (3, 1)), (512, (1, 3)))
        return g.concat([chain(x, (256, 1)), chain(left, (256, (1, 3))),
                         chain(left, (256, (3, 1))), chain(right, (256, (1, 3))),
                         chain(right, (256, (3, 1))), pooled(x, 256)])

    x = unit(g.input("image", shape), 32, 3, 2)
    x = unit(unit(x, 32, 3), 64, 3, padding=1)
    x = g.concat([g.max_pool(x, 3, 2), unit(x, 96, 3, 2)])
    x = g.concat([unit(chain(x, (64, 1)), 96, 3),
                  unit(chain(x, (64, 1), (64, (1, 7)), (64, (7, 1))), 96, 3)])
    x = g.concat([unit(x, 192, 3, 2), g.max_pool(x, 3, 2)])
    for _ in range(4):
        x = block_a(x)
    x = g.concat([unit(x, 384, 3, 2), unit(chain(x, (192, 1), (224, 3)), 256, 3, 2),
                  g.max_pool(x, 3, 2)])
    for _ in range(7):
        x = block_b(x)
    x = g.concat([unit(chain(x, (192, 1)), 192, 3, 2),
                  unit(chain(x, (256, 1), (256, (1, 7)), (320, (7, 1))), 320, 3, 2),
                  g.max_pool(x, 3, 2)])
    for _ in range(3):
        x = block_c(x)
    return head(g, x)


def xception(name, shape):
    """Xception, as Cadene ported it."""
    g = Graph(name)

    def separable(x, channels):
        x = g.conv(x, x.shape[1], 3, groups=x.shape[1], bias=False)
        return g.conv_bn(x, channels)

    def block(x, channels, depth, stride, grow_first=True, relu_first=True):
        y = x
        for i in range(depth):
            last = i == depth - 1
            width = channels if grow_first or last else x.shape[1]
            y = separable(g.relu(y) if i or relu_first else y, width)
        if stride > 1:
            y = g.max_pool(y, 3, stride, 1)
        same = stride == 1 and channels == x.shape[1]
        return g.add(y, x if same else g.conv_bn(x, channels, stride=stride))

    x = g.relu(g.conv_bn(g.input("image", shape), 32, 3, stride=2, padding=0))
    x = g.relu(g.conv_bn(x, 64, 3, padding=0))
    x = block(x, 128, 2, 2, relu_first=False)
    x = block(block(x, 256, 2, 2), 728, 2, 2)
    for _ in range(8):
        x = block(x, 728, 3, 1)
    x = block(x, 1024, 2, 2, grow_first=False)
    x = g.relu(separable(x, 1536))
    return head(g, g.relu(separable(x, 2048)))


MNASNET = ((3, 3, 2, 3, 24), (3, 5, 2, 3, 40), (3, 5, 2, 6, 80), (2, 3, 1, 6, 96),
           (4, 5, 2, 6, 192), (1, 3, 1, 6, 320))
# Single-path NAS changes kernel and expansion inside a stage.
SPNASNET = ((3, 3, 2, 3, 24), (1, 5, 2, 6, 40), (3, 3, 1, 3, 40), (1, 5, 2, 6, 80),
            (3, 3, 1, 3, 80), (1, 5, 1, 6, 96), (3, 5, 1, 3, 96), (4, 5, 2, 6, 192),
            (1, 3, 1, 6, 320))


def inverted_residual(g, x, channels, kernel, stride, expansion, activation):
    """Expand, filter each channel, project."""
    y = x
    if expansion > 1:
        y = activation(g.conv_bn(x, x.shape[1] * expansion))
    y = activation(g.conv_bn(y, y.shape[1], kernel, stride=stride, groups=y.shape[1]))
    y = g.conv_bn(y, channels)
    return g.add(y, x) if stride == 1 and channels == x.shape[1] else y


def mobile(name, shape, stages=MNASNET):
    """MNASNet-1.0 and its kin. `stages`: (depth, kernel, stride, expansion, channels)"""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("image", shape), 32, 3, stride=2))
    x = inverted_residual(g, x, 16, 3, 1, 1, g.relu)
    for depth, kernel, stride, expansion, channels in stages:
        for i in range(depth):
            x = inverted_residual(g, x, channels, kernel, stride if i == 0 else 1, expansion,
                                  g.relu)
    return head(g, g.relu(g.conv_bn(x, 1280)))


REGNET_X_1_6GF = ((2, 72), (4, 168), (10, 408), (2, 912))
REGNET_Y_1_6GF = ((2, 48), (6, 120), (17, 336), (2, 888))


def regnet(name, shape, stages, group_width=24, excite=False):
    """RegNetX, or RegNetY with squeeze and excitation. `stages`: (depth, channels)"""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("image", shape), 32, 3, stride=2))
    for depth, channels in stages:
        for i in range(depth):
            stride = 2 if i == 0 else 1
            y = g.relu(g.conv_bn(x, channels))
            y = g.relu(g.conv_bn(y, channels, 3, stride=stride, groups=channels // group_width))
            if excite:
                y = squeeze_excite(g, y, round(x.shape[1] / 4))
            y = g.conv_bn(y, channels)
            if i == 0:
                x = g.conv_bn(x, channels, stride=stride)
            x = g.relu(g.add(y, x))
    return head(g, x)
