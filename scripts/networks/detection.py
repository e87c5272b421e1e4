"""Detectors. Sources: github.com/Megvii-BaseDetection/YOLOX, github.com/qfgaohao/pytorch-ssd."""

from networks.builder import Graph
from networks.classifiers import VGG16_STAGES


class _Yolox:
    """The parts of YOLOX, of `width` times the channels and a third of the depth."""

    def __init__(self, g, width):
        self.g, self.width = g, width

    def channels(self, full):
        """Channels of this width."""
        return int(full * self.width)

    def unit(self, x, channels, kernel=1, stride=1):
        """Convolution and SiLU."""
        return self.g.silu(self.g.conv_bn(x, channels, kernel, stride=stride))

    def csp(self, x, channels, depth, shortcut=True):
        """Half of the channels go round `depth` bottlenecks."""
        half = channels // 2
        y, crossed = self.unit(x, half), self.unit(x, half)
        for _ in range(depth):
            inner = self.unit(self.unit(y, half), half, 3)
            y = self.g.add(inner, y) if shortcut else inner
        return self.unit(self.g.concat([y, crossed]), channels)

    def backbone(self, x):
        """Maps of stride 8, 16 and 32."""
        g = self.g
        rows = [[g.slice(g.slice(x, 2, i, x.shape[2], 2), 3, j, x.shape[3], 2) for i in (0, 1)]
                for j in (0, 1)]
        x = self.unit(g.concat(rows[0] + rows[1]), self.channels(64), 3)
        maps = []
        for channels, depth in ((128, 1), (256, 3), (512, 3)):
            x = self.unit(x, self.channels(channels), 3, 2)
            x = self.csp(x, self.channels(channels), depth)
            maps.append(x)
        x = self.unit(self.unit(x, self.channels(1024), 3, 2), self.channels(512))
        x = g.concat([x, *(g.max_pool(x, k, 1, k // 2) for k in (5, 9, 13))])
        x = self.csp(self.unit(x, self.channels(1024)), self.channels(1024), 1, shortcut=False)
        return maps[1], maps[2], x

    def neck(self, small, middle, large):
        """Down and up the pyramid again."""
        g, laterals = self.g, []
        x = large
        for other, channels in ((middle, 512), (small, 256)):
            lateral = self.unit(x, self.channels(channels))
            laterals.append(lateral)
            x = g.concat([g.resize(lateral, *other.shape[2:]), other])
            x = self.csp(x, self.channels(channels), 1, shortcut=False)
        maps = [x]
        for lateral, channels in zip(reversed(laterals), (512, 1024)):
            x = self.unit(x, self.channels(channels) // 2, 3, 2)
            x = self.csp(g.concat([x, lateral]), self.channels(channels), 1, shortcut=False)
            maps.append(x)
        return maps

    def head(self, x, classes):
        """Boxes, whether there is an object, and its class, for every pixel."""
        g, channels = self.g, self.channels(256)
        x = self.unit(x, channels)
        kind, place = x, x
        for _ in range(2):
            kind = self.unit(kind, channels, 3)
        for _ in range(2):
            place = self.unit(place, channels, 3)
        kind = g.sigmoid(g.conv(kind, classes))
        y = g.concat([g.conv(place, 4), g.sigmoid(g.conv(place, 1)), kind])
        return g.reshape(y, (*y.shape[:2], -1))


def yolox(name, shape, width):
    """YOLOX-s (`width` 0.5) or tiny (0.375), its boxes not decoded."""
    g = Graph(name)
    parts = _Yolox(g, width)
    maps = parts.neck(*parts.backbone(g.input("images", shape)))
    rows = g.concat([parts.head(x, 80) for x in maps], 2)
    g.output(g.transpose(rows, 0, 2, 1))
    return g


def ssd300_vgg16(name, shape, classes=21):
    """SSD300: confidences, and boxes decoded from offsets to priors."""
    g = Graph(name)
    x = g.input("image", shape)
    sources = []
    for stage, (channels, depth) in enumerate(VGG16_STAGES):
        for _ in range(depth):
            x = g.relu(g.conv(x, channels, 3))
        if stage == 3:
            sources.append(g.batch_norm(x))
        x = g.max_pool(x, 3, 1, 1) if stage == 4 else g.max_pool(x, 2, 2, ceil=stage == 2)
    x = g.relu(g.conv(x, 1024, 3, dilation=6))
    x = g.relu(g.conv(x, 1024))
    sources.append(x)
    for inner, channels, stride, padding in ((256, 512, 2, 1), (128, 256, 2, 1), (128, 256, 1, 0),
                                             (128, 256, 1, 0)):
        x = g.relu(g.conv(g.relu(g.conv(x, inner)), channels, 3, stride=stride, padding=padding))
        sources.append(x)
    kinds, offsets = [], []
    for source, boxes in zip(sources, (4, 6, 6, 6, 4, 4)):
        for rows, values in ((kinds, classes), (offsets, 4)):
            y = g.transpose(g.conv(source, boxes * values, 3), 0, 2, 3, 1)
            rows.append(g.reshape(y, (shape[0], -1, values)))
    g.output(g.softmax(g.concat(kinds), 2))
    centres, sizes = g.split(g.concat(offsets), [2, 2], axis=2)
    priors = [g.weight(1, centres.shape[1], 2, trained=False) for _ in range(2)]
    centres = g.add(g.mul(g.mul(centres, 0.1), priors[1]), priors[0])
    sizes = g.mul(g.unary("Exp", g.mul(sizes, 0.2)), priors[1])
    half = g.binary("Div", sizes, 2.0)
    g.output(g.concat([g.binary("Sub", centres, half), g.add(centres, half)], 2))
    return g
