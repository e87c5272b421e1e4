"""Every network: how it is built, what its publishers say of it, and its measured rows.

A published number is a string, because its last digit says how exact it is. Parameters are in
millions, multiply-accumulates in thousands of millions for one sample.
"""

import dataclasses
from typing import Callable, Optional

from networks import (classifiers, dense_prediction, densenet, detection, resnet, small, speech,
                      transformer, vision_transformer)
from networks.builder import Graph

TORCHVISION = "torchvision.models, table of pre-trained weights"
TIMM = "timm, results/benchmark-infer-amp-nhwc-pt110-cu113-rtx3090.csv"


@dataclasses.dataclass(frozen=True)
class Published:
    """What a publisher says of a network; None where nothing was found."""

    source: str
    parameters: Optional[str] = None
    macs: Optional[str] = None
    norms: bool = False  # their count has two for each element of a batch normalisation
    build: Optional[Callable[[str], Graph]] = None  # where counted at other extents than measured


@dataclasses.dataclass(frozen=True)
class Rows:
    """Rows of the measured data: all of `model`, or those of the given (batch, throughput)."""

    model: str
    only: tuple = ()
    without: dict = dataclasses.field(default_factory=dict)  # batch: why it does not count


@dataclasses.dataclass(frozen=True, eq=False)  # equal to itself alone, so that it can be a key
class Network:
    """One network at one set of extents."""

    name: str
    family: str
    build: Callable[[str, int], Graph]  # of a name and a batch size
    published: Published
    rows: tuple = ()


def _image(build, rows=224, columns=None, channels=3, **options):
    """`build` with an image input; it is square unless `columns` are given."""
    return lambda name, batch: build(name, (batch, channels, rows, columns or rows), **options)


def _timm(parameters, macs, norms=True):
    return Published(TIMM, parameters, macs, norms)


def _torchvision(parameters, macs):
    return Published(TORCHVISION, parameters, macs)


_COPIED = "the same number stands in two tables of the source, for this batch of another network"

RESIDUAL = (
    Network("resnet34", "resnet", _image(resnet.resnet, depth=34), _torchvision("21.8", "3.66"),
            (Rows("ResNet34"),)),
    Network("resnet50", "resnet", _image(resnet.resnet, depth=50), _torchvision("25.56", "4.09"),
            (Rows("Resnet50_Pytorch_Infer"),)),
    Network("resnet101", "resnet", _image(resnet.resnet, depth=101), _torchvision("44.55", "7.80"),
            (Rows("Resnet101_Pytorch_Infer"),)),
    Network("resnet152", "resnet", _image(resnet.resnet, depth=152),
            _torchvision("60.19", "11.51"), (Rows("ResNet152"),)),
    Network("resnet50_384", "resnet", _image(resnet.resnet, 384, depth=50),
            Published(TORCHVISION, "25.56"), (Rows("FixRes"),)),
    Network("resnet18_simclr", "resnet", _image(resnet.simclr_resnet18, 32),
            Published("torchvision ResNet-18 without classifier, 11.18, and the head's 0.33",
                      "11.5"), (Rows("SimCLR_inference"),)),
    Network("resnet50_cifar", "resnet", _image(resnet.cifar_resnet50, 32),
            Published("mmcls, configs/resnet, CIFAR-100", "23.71", "1.31"),
            (Rows("resnet50_mmlab_for_pytorch"),)),
    Network("resnet50_reid", "resnet", _image(resnet.person_resnet50, 256, 128),
            Published("torchvision ResNet-50 without classifier", "23.51"),
            (Rows("ReID_for_Pytorch", without={16: _COPIED}),)),
    Network("resnet50_aligned", "resnet", _image(resnet.aligned_resnet50, 256, 128),
            Published("torchvision ResNet-50 without classifier, and a local layer of 0.26",
                      "23.77"), (Rows("AlignedReID"),)),
    Network("resnext50_32x4d", "resnet", _image(resnet.resnet, depth=50, groups=32, width=4),
            _torchvision("25.03", "4.23"), (Rows("ResNeXt50"),)),
    Network("se_resnet50", "resnet", _image(resnet.se_resnet, depth=50), _timm("28.09", "3.88"),
            (Rows("SENet"), Rows("SE_ResNet50_Pytorch_Infer"))),
    Network("se_resnext101_32x4d", "resnet",
            _image(resnet.se_resnet, depth=101, groups=32, width=4), _timm("48.96", "8.02"),
            (Rows("Se-Resnext101", without={
                32: "a lower rate than batch 64 has: taken for a mistake of the source"}),)),
    Network("res2net101_v1b_26w_4s", "resnet", _image(resnet.res2net101_v1b),
            Published("timm, model res2net101d", "45.23", "8.35", norms=True),
            (Rows("Res2Net_v1b_101_for_PyTorch"),)),
    Network("resnest50", "resnet", _image(resnet.resnest50), _timm("27.48", "5.40"),
            (Rows("ResNeSt50"),)),
    Network("sknet50", "resnet", _image(resnet.sknet50),
            Published("Li et al., Selective Kernel Networks, table 1", "27.5", "4.47"),
            (Rows("Sknet50"),)),
    Network("bit_resnet50x1", "resnet", _image(resnet.bit_resnet50, 128),
            Published(TIMM + ", at 1000 classes", "25.55",
                      build=lambda name: resnet.bit_resnet50(name, (1, 3, 224, 224), 1000)),
            (Rows("Big-transfer"),)),
)

CLASSIFIERS = (
    Network("densenet121", "concatenating", _image(densenet.densenet121),
            _torchvision("7.98", "2.83"), (Rows("Densenet121_Pytorch_Infer"),)),
    Network("dpn131", "concatenating", _image(densenet.dpn131), _timm("79.25", "16.09"),
            (Rows("DPN131"),)),
    Network("vovnet39", "concatenating", _image(densenet.vovnet39), _timm("22.6", "7.09"),
            (Rows("vovnet39"),)),
    Network("cspresnext50", "concatenating", _image(densenet.cspresnext50),
            _timm("20.57", "3.10"), (Rows("CSPResneXt50"),)),
    Network("inception_v4", "concatenating", _image(classifiers.inception_v4, 299),
            _timm("42.68", "12.28"), (Rows("InceptionV4_for_Pytorch"),)),
    Network("vgg19", "plain", _image(classifiers.vgg), _torchvision("143.67", "19.63"),
            (Rows("VGG19"),)),
    Network("xception", "depthwise", _image(classifiers.xception, 299), _timm("22.86", "8.40"),
            (Rows("xception"),)),
    Network("mnasnet1_0", "depthwise", _image(classifiers.mobile), _torchvision("4.38", "0.31"),
            (Rows("Mnasnet1_0"),)),
    Network("spnasnet_100", "depthwise", _image(classifiers.mobile, stages=classifiers.SPNASNET),
            _timm("4.42", "0.35"), (Rows("spnasnet_100"),)),
    Network("regnet_x_1_6gf", "grouped",
            _image(classifiers.regnet, stages=classifiers.REGNET_X_1_6GF),
            _torchvision("9.19", "1.60"), (Rows("RegNetX-1.6GF"),)),
    Network("regnet_y_1_6gf", "grouped",
            _image(classifiers.regnet, stages=classifiers.REGNET_Y_1_6GF, excite=True),
            _torchvision("11.2", "1.61"), (Rows("RegNetY-1.6GF", without={16: _COPIED}),)),
)

DENSE = (
    Network("unet", "dense", _image(dense_prediction.unet, 572, classes=1),
            Published("github.com/milesial/Pytorch-UNet, transposed convolutions", "31.04"),
            (Rows("UNet"),)),
    Network("nested_unet", "dense", _image(dense_prediction.nested_unet, 96),
            Published("Zhou et al., UNet++, table 3", "9.04"), (Rows("Nested_UNet"),)),
    Network("erfnet", "dense", _image(dense_prediction.erfnet, 512, 1024),
            Published("Romera et al., ERFNet, table IV", "2.1"), (Rows("ErfNet"),)),
    Network("real_esrgan", "dense", _image(dense_prediction.rrdbnet, 64),
            Published("github.com/xinntao/BasicSR, RRDBNet", "16.70"), (Rows("Real-ESRGAN"),)),
    Network("superpoint", "dense", _image(dense_prediction.superpoint, 240, 320, channels=1),
            Published("papers on interest points, at 480 x 640", "1.30", "26.11",
                      build=lambda name: dense_prediction.superpoint(name, (1, 1, 480, 640))),
            (Rows("superpoint"),)),
    *(Network(f"edsr_x2_{height}x{width}", "dense",
              _image(dense_prediction.edsr, height, width),
              Published("papers on super-resolution, for 1280 x 720 out", "40.73", "9387",
                        build=lambda name: dense_prediction.edsr(name, (1, 3, 360, 640))),
              (Rows("EDSR_Dynamic_for_PyTorch", only=((None, rate),),
                    without={None: "compiled for a range of extents, not for this one"}),))
      for height, width, rate in ((240, 320, 6.9664), (480, 640, 1.6063), (720, 1280, 0.4342),
                                  (1080, 1920, 0.1803))),
)

DETECTORS = (
    Network("yolox_tiny", "detector", _image(detection.yolox, 640, width=0.375),
            Published("YOLOX README, 6.45 GFLOPs at 416", "5.06", "3.225",
                      build=lambda name: detection.yolox(name, (1, 3, 416, 416), 0.375)),
            (Rows("YoloX_Tiny_for_Pytorch", without=dict.fromkeys((1, 4, 8, 16, 32, 64), (
                "compiled with its non-maximum suppression (outputs dets and labels), which this "
                "graph ends before"))),)),
    Network("yolox_s", "detector", _image(detection.yolox, 640, width=0.5),
            Published("YOLOX README, 26.8 GFLOPs", "9.0", "13.4"), (Rows("YoloXs_for_Pytorch"),)),
    Network("ssd300_vgg16", "detector", _image(detection.ssd300_vgg16, 300),
            Published("Li et al., Tiny-DSOD, table 4", "26.28", "31.75"),
            (Rows("VGG16_SSD_for_PyTorch"),)),
)


def _vit(name, size, patch, parameters, macs, rates, merge=True, pad=True):
    return Network(name, "vision transformer",
                   _image(vision_transformer.rewritten_vit, size, patch=patch, merge=merge,
                          pad=pad),
                   Published(TIMM, parameters, macs,
                             build=lambda name: vision_transformer.vit(
                                 name, (1, 3, size, size), patch)),
                   (Rows("ViT_base", only=rates),))


VISION_TRANSFORMERS = (
    _vit("vit_base_patch8_224", 224, 8, "86.58", "78.22", ((1, 76.42), (8, 98.48))),
    _vit("vit_base_patch16_224", 224, 16, "86.57", "17.58", ((1, 342.34), (16, 660.64)),
         merge=False),
    _vit("vit_base_patch16_384", 384, 16, "86.86", "55.54", ((1, 108.87), (8, 151.01))),
    _vit("vit_base_patch32_224", 224, 32, "88.22", "4.41", ((1, 431.89), (64, 1679.63)),
         pad=False),
    _vit("vit_base_patch32_384", 384, 32, "88.30", "13.06", ((1, 267.01), (32, 596.55))),
    Network("vit_small_patch16_224", "vision transformer",
            _image(vision_transformer.vit, features=384, heads=6),
            _timm("22.05", "4.61", norms=False), (Rows("vit-small"),)),
    Network("beit_base_patch16_224", "vision transformer", _image(vision_transformer.beit),
            _timm("86.53", "17.58", norms=False), (Rows("Beit"),)),
    Network("twins_pcpvt_small", "vision transformer",
            _image(vision_transformer.twins_pcpvt_small), _timm("24.11", "3.83", norms=False),
            (Rows("Twins-PCPVT-S"),)),
)


def _roberta(tokens, *rates):
    return Network(f"roberta_base_{tokens}", "text transformer",
                   lambda name, batch: transformer.bert(name, batch, tokens, words=50265,
                                                        positions=514, types=1, mask=False),
                   Published("transformers, RobertaForSequenceClassification of roberta-base",
                             "124.65"), (Rows("roberta", only=rates),))


TEXT_TRANSFORMERS = (
    _roberta(16, (1, 602.0), (64, 8649.0)),
    _roberta(32, (1, 508.0), (64, 4718.0)),
    _roberta(64, (1, 405.0), (32, 2413.0)),
    _roberta(70, (1, 205.0), (4, 817.0), (8, 1244.0), (16, 1463.0), (32, 1473.0), (64, 1206.0)),
    _roberta(128, (1, 418.0), (32, 1100.0)),
    Network("bert_base_128", "text transformer",
            lambda name, batch: transformer.bert(name, batch, 128, words=30522),
            Published("Jiao et al., TinyBERT, table 1, 22.5 GFLOPs", "109", "11.25")),
    Network("tinybert_4_64", "text transformer",
            lambda name, batch: transformer.bert(name, batch, 64, 4, 312, 12, 1200, 30522),
            Published("Jiao et al., TinyBERT, table 1, 1.2 GFLOPs at 128 tokens", "14.5", "0.6",
                      build=lambda name: transformer.bert(name, 1, 128, 4, 312, 12, 1200, 30522)),
            (Rows("tinybert"),)),
    Network("spanbert_base_512", "text transformer",
            lambda name, batch: transformer.bert(name, batch, 512, head="span"),
            Published("transformers, bert-base-cased", "108"),
            (Rows("SpanBERT", without=dict.fromkeys((1, 4, 8, 16, 32, 64), (
                "1.6e12 multiply-accumulates a second at best, against 1e13 of every other base "
                "encoder in the data: another precision or graph"))),)),
    Network("gpt2_chinese_512", "text transformer",
            lambda name, batch: transformer.gpt2(name, batch, 512),
            Published("uer/gpt2-chinese-cluecorpussmall, of the same settings", "102"),
            (Rows("GPT2_for_Pytorch"),)),
    Network("uie_base_128", "text transformer",
            lambda name, batch: transformer.bert(name, batch, 128, words=40000, positions=2048,
                                                 types=4, head="span", extra_embeddings=3),
            Published("PaddleNLP, uie-base", "118"), (Rows("Uie_for_Pytorch"),)),
)

SPEECH = (
    Network("wav2vec2_base", "speech",
            lambda name, batch: speech.wav2vec2_base(name, (batch, 100000)),
            Published("Baevski et al., wav2vec 2.0", "95"), (Rows("wav2vec2"),)),
    Network("hubert_large", "speech",
            lambda name, batch: speech.hubert_large(name, (batch, 580000)),
            Published("Hsu et al., HuBERT, table 1", "317"), (Rows("hubert"),)),
    Network("jasper_10x5", "speech", lambda name, batch: speech.jasper(name, (batch, 64, 4000)),
            Published("Li et al., Jasper, table 4", "333"), (Rows("jasper"),)),
    Network("crnn", "speech", _image(speech.crnn, 32, 100, channels=1),
            Published("papers on text recognition", "8.3"), (Rows("CRNN_meijieru_for_Pytorch"),)),
)

SMALL = (
    Network("dqn", "small", _image(small.dqn, 84, channels=4),
            Published("the network of Mnih et al., six actions", "1.69"), (Rows("DQN"),)),
    Network("c51", "small", _image(small.c51, 84, channels=4),
            Published("that of DQN, with 4 x 51 results", "1.79"), (Rows("c51"),)),
    Network("textcnn", "small", small.textcnn,
            Published("words, filters and classes of the repository's settings", "2.13"),
            (Rows("textcnn"),)),
)

NETWORKS = (*RESIDUAL, *CLASSIFIERS, *DENSE, *DETECTORS, *VISION_TRANSFORMERS,
            *TEXT_TRANSFORMERS, *SPEECH, *SMALL)
