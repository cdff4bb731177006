"""Backbones that are offered by name; any other of timm may be named too. Sizes as timm 1.0 gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["BACKBONES", "BUNDLED", "Backbone", "backbone_facts"]

BUNDLED = "tf_efficientnet_lite0"
"""The one whose weights come with the engine."""


@dataclass(frozen=True, slots=True)
class Backbone:
    """A network that sees.

    Attributes:
        name: by which timm builds it; with the tag of its weights after a dot.
        title: for people.
        sentence: what it is good for.
        parameters: millions.
        activations: millions of numbers that the layers give for one picture of 224 x 224; memory goes with it.
        licence: of the weights; "" where not known.
    """

    name: str
    title: str
    sentence: str
    parameters: float
    activations: float
    licence: str

    @property
    def download(self) -> int:
        """Bytes of its weights, roughly."""
        return int(self.parameters * 4e6)


_ALL = (
    Backbone(BUNDLED, "EfficientNet-Lite0", "Small and quick, and there without the internet.", 4.7, 6.7, "Apache-2.0"),
    Backbone(
        "mobilenetv3_small_100.lamb_in1k",
        "MobileNetV3 Small",
        "The quickest, for weak machines.",
        2.5,
        1.4,
        "Apache-2.0",
    ),
    Backbone("mobilenetv4_conv_small.e2400_r224_in1k", "MobileNetV4 Small", "Quick and newer.", 3.8, 2.0, "Apache-2.0"),
    Backbone("mobilenetv3_large_100.ra_in1k", "MobileNetV3 Large", "Quick, and sees more.", 5.5, 4.4, "Apache-2.0"),
    Backbone(
        "efficientnet_b0.ra_in1k", "EfficientNet-B0", "As Lite0, slower and a little better.", 5.3, 6.8, "Apache-2.0"
    ),
    Backbone("resnet18.a1_in1k", "ResNet-18", "Plain and robust.", 11.7, 2.5, "Apache-2.0"),
    Backbone("resnet50.a1_in1k", "ResNet-50", "The usual yardstick; wants a graphics card.", 25.6, 11.1, "Apache-2.0"),
    Backbone("convnext_tiny.fb_in1k", "ConvNeXt Tiny", "Strong; wants a graphics card.", 28.6, 13.4, "Apache-2.0"),
    Backbone(
        "vit_small_patch16_224.augreg_in21k_ft_in1k",
        "ViT Small",
        "Sees the whole at once; wants a graphics card and many pictures.",
        22.1,
        12.0,
        "Apache-2.0",
    ),
)

BACKBONES: Mapping[str, Backbone] = MappingProxyType({one.name: one for one in _ALL})
"""Name -> backbone, in the order in which they are offered."""

_UNKNOWN = Backbone("", "", "", 25.0, 12.0, "")


def backbone_facts(name: str) -> Backbone:
    """What is known of the backbone ``name``, whatever weights its tag names; middling numbers for one that is not."""
    plain = name.partition(".")[0]
    found = BACKBONES.get(name) or next((one for one in _ALL if one.name.partition(".")[0] == plain), None)
    return found or Backbone(name, name, "", _UNKNOWN.parameters, _UNKNOWN.activations, "")
