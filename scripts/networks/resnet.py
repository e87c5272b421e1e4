"""Residual networks and what grew out of them: ResNeXt, squeeze and excitation, Res2Net, ResNeSt,
selective kernels, BiT. Each function builds one network and returns its graph.

Sources: torchvision.models.resnet, pretrainedmodels.senet, timm (res2net, resnest, sknet,
resnetv2), with the papers they name.
"""

from networks.builder import Graph

BASIC, BOTTLENECK = 1, 4  # channels of a block's result for each of its planes
DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3),
          152: (3, 8, 36, 3)}


def squeeze_excite(g, x, channels):
    """Scales the channels of x by what two small layers make of their means."""
    squeezed = g.relu(g.conv(g.global_average_pool(x), channels))
    return g.mul(x, g.sigmoid(g.conv(squeezed, x.shape[1])))


def shortcut(g, x, channels, stride, average=False):
    """The identity, or a projection where the block changes the shape."""
    if stride == 1 and x.shape[1] == channels:
        return x
    if average and stride > 1:
        x = g.average_pool(x, stride, stride, ceil=True, count_padding=False)
        stride = 1
    return g.conv_bn(x, channels, stride=stride)


def basic_block(g, x, planes, stride, **_):
    """Two 3x3 convolutions."""
    y = g.relu(g.conv_bn(x, planes, 3, stride=stride))
    y = g.conv_bn(y, planes, 3)
    return g.relu(g.add(y, shortcut(g, x, planes, stride)))


def bottleneck(g, x, planes, stride, groups=1, width=64, excite=False, stride_first=False, **_):
    """1x1, 3x3 and 1x1 convolutions, the 3x3 one in `groups`."""
    inner = planes * width // 64 * groups
    first, second = (stride, 1) if stride_first else (1, stride)
    y = g.relu(g.conv_bn(x, inner, stride=first))
    y = g.relu(g.conv_bn(y, inner, 3, stride=second, groups=groups))
    y = g.conv_bn(y, planes * BOTTLENECK)
    if excite:
        y = squeeze_excite(g, y, planes * BOTTLENECK // 16)
    return g.relu(g.add(y, shortcut(g, x, planes * BOTTLENECK, stride)))


def stem(g, x, ceil=False):
    """The first convolution and the pool behind it."""
    return g.max_pool(g.relu(g.conv_bn(x, 64, 7, stride=2)), 3, 2, 0 if ceil else 1, ceil)


def deep_stem(g, x):
    """Three 3x3 convolutions in place of the 7x7 one."""
    x = g.relu(g.conv_bn(x, 32, 3, stride=2))
    x = g.relu(g.conv_bn(x, 32, 3))
    return g.max_pool(g.relu(g.conv_bn(x, 64, 3)), 3, 2, 1)


def stages(g, x, depths, block, strides=(1, 2, 2, 2), **options):
    """Four stages, whose planes double."""
    for stage, (depth, stride) in enumerate(zip(depths, strides)):
        for i in range(depth):
            x = block(g, x, 64 << stage, stride if i == 0 else 1, first=i == 0, **options)
    return x


def head(g, x, classes):
    """Mean over space, and a linear layer."""
    g.output(g.linear(g.flatten(g.global_average_pool(x)), classes))
    return g


def resnet(name, shape, depth, classes=1000, **options):
    """torchvision.models.resnet: also ResNeXt, by `groups` and `width`."""
    g = Graph(name)
    x = stem(g, g.input("image", shape))
    block = basic_block if depth < 50 else bottleneck
    return head(g, stages(g, x, DEPTHS[depth], block, **options), classes)


def se_resnet(name, shape, depth, groups=1, width=64):
    """pretrainedmodels.senet: the stride is in the first convolution unless there are groups."""
    g = Graph(name)
    x = stem(g, g.input("image", shape), ceil=True)
    return head(g, stages(g, x, DEPTHS[depth], bottleneck, excite=True, groups=groups, width=width,
                          stride_first=groups == 1), 1000)


def simclr_resnet18(name, shape):
    """github.com/sthalles/SimCLR: the projection head has two layers."""
    g = Graph(name)
    x = stages(g, stem(g, g.input("image", shape)), DEPTHS[18], basic_block)
    x = g.relu(g.linear(g.flatten(g.global_average_pool(x)), 512))
    g.output(g.linear(x, 128))
    return g


def cifar_resnet50(name, shape):
    """mmcls ResNet_CIFAR: a 3x3 convolution of stride 1 in front, and no pool."""
    g = Graph(name)
    x = g.relu(g.conv_bn(g.input("image", shape), 64, 3))
    return head(g, stages(g, x, DEPTHS[50], bottleneck), 100)


def person_resnet50(name, shape, last_stride=1):
    """github.com/michuanhaohao/reid-strong-baseline: the features of a person."""
    g = Graph(name)
    x = stages(g, stem(g, g.input("image", shape)), DEPTHS[50], bottleneck,
               strides=(1, 2, 2, last_stride))
    g.output(g.batch_norm(g.flatten(g.global_average_pool(x))))
    return g


def aligned_resnet50(name, shape):
    """github.com/huanghoujing/AlignedReID: features of a person and of each of its stripes."""
    g = Graph(name)
    x = stages(g, stem(g, g.input("image", shape)), DEPTHS[50], bottleneck)
    g.output(g.flatten(g.global_average_pool(x)))
    local = g.relu(g.conv_bn(g.reduce_mean(x, 3), 128, bias=True))
    g.output(g.reshape(local, local.shape[:3]))
    return g


def res2net_block(g, x, planes, stride, first, **_):
    """The 3x3 convolution of a bottleneck in four steps, each adding the result before it."""
    width = planes * 26 // 64
    y = g.relu(g.conv_bn(x, 4 * width))
    parts = g.split(y, [width] * 4)
    results = []
    for i in range(3):
        part = parts[i] if i == 0 or first else g.add(results[-1], parts[i])
        results.append(g.relu(g.conv_bn(part, width, 3, stride=stride)))
    results.append(g.average_pool(parts[3], 3, stride, 1) if first else parts[3])
    y = g.conv_bn(g.concat(results), planes * BOTTLENECK)
    return g.relu(g.add(y, shortcut(g, x, planes * BOTTLENECK, stride, average=True)))


def res2net101_v1b(name, shape):
    """Res2Net v1b, 26 channels by 4 scales."""
    g = Graph(name)
    x = deep_stem(g, g.input("image", shape))
    return head(g, stages(g, x, DEPTHS[101], res2net_block), 1000)


def split_attention(g, x, channels):
    """Two branches of one grouped convolution, weighed by a softmax over the two."""
    y = g.relu(g.conv_bn(x, 2 * channels, 3, groups=2))
    parts = g.split(y, [channels] * 2)
    squeezed = g.global_average_pool(g.add(*parts))
    inner = g.relu(g.conv_bn(squeezed, max(channels // 2, 32), bias=True))
    weights = g.reshape(g.conv(inner, 2 * channels), (x.shape[0], 1, 2, channels))
    weights = g.softmax(g.transpose(weights, 0, 2, 1, 3), 1)
    weights = g.split(g.reshape(weights, (x.shape[0], 2 * channels, 1, 1)), [channels] * 2)
    return g.add(*(g.mul(weight, part) for weight, part in zip(weights, parts)))


def resnest_block(g, x, planes, stride, first, **_):
    """A bottleneck whose 3x3 convolution is a split attention, averaged where it strides."""
    y = split_attention(g, g.relu(g.conv_bn(x, planes)), planes)
    if first and (stride > 1 or planes > 64):
        y = g.average_pool(y, 3, stride, 1)
    y = g.conv_bn(y, planes * BOTTLENECK)
    return g.relu(g.add(y, shortcut(g, x, planes * BOTTLENECK, stride, average=True)))


def resnest50(name, shape):
    """ResNeSt-50, radix 2, one group."""
    g = Graph(name)
    x = deep_stem(g, g.input("image", shape))
    return head(g, stages(g, x, DEPTHS[50], resnest_block), 1000)


def selective_kernel(g, x, channels, stride):
    """3x3 convolutions of dilation 1 and 2, weighed by a softmax over the two."""
    parts = [g.relu(g.conv_bn(x, channels, 3, stride=stride, groups=32, dilation=d))
             for d in (1, 2)]
    squeezed = g.global_average_pool(g.add(*parts))
    inner = g.relu(g.conv_bn(squeezed, max(channels // 16, 32)))
    weights = [g.reshape(g.conv(inner, channels), (x.shape[0], 1, channels)) for _ in range(2)]
    weights = g.softmax(g.concat(weights), 1)
    parts = [g.mul(part, g.reshape(g.take(weights, i), (x.shape[0], channels, 1, 1)))
             for i, part in enumerate(parts)]
    return g.add(*parts)


def sk_block(g, x, planes, stride, **_):
    """A bottleneck twice as wide, with selective kernels."""
    y = g.relu(g.conv_bn(x, 2 * planes))
    y = g.conv_bn(selective_kernel(g, y, 2 * planes, stride), planes * BOTTLENECK)
    return g.relu(g.add(y, shortcut(g, x, planes * BOTTLENECK, stride)))


def sknet50(name, shape):
    """SKNet-50 of the paper: 32 groups, two kernels, reduction 16."""
    g = Graph(name)
    return head(g, stages(g, stem(g, g.input("image", shape)), DEPTHS[50], sk_block), 1000)


def bit_block(g, x, planes, stride, **_):
    """Normalise first; group normalisations stay, for nothing can absorb them."""
    y = g.relu(g.group_norm(x, 32))
    channels = planes * BOTTLENECK
    residual = x
    if stride != 1 or x.shape[1] != channels:
        residual = g.conv(y, channels, stride=stride, bias=False)
    y = g.relu(g.group_norm(g.conv(y, planes, bias=False), 32))
    y = g.relu(g.group_norm(g.conv(y, planes, 3, stride=stride, bias=False), 32))
    return g.add(g.conv(y, channels, bias=False), residual)


def bit_resnet50(name, shape, classes=10):
    """BiT-M-R50x1; its standardised weights are constants of an evaluated model."""
    g = Graph(name)
    x = g.conv(g.input("image", shape), 64, 7, stride=2, padding=3, bias=False)
    x = g.pad(x, (0, 0, 1, 1), (0, 0, 1, 1))
    x = stages(g, g.max_pool(x, 3, 2), DEPTHS[50], bit_block)
    x = g.global_average_pool(g.relu(g.group_norm(x, 32)))
    g.output(g.flatten(g.conv(x, classes)))
    return g
