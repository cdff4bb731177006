"""Which network is trained, and how much of what it knows already may change."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, TypeAlias

from pydantic import field_validator

from training.config.setting import Section, setting

__all__ = ["Decoder", "Detector", "ModelConfig", "TuningConfig", "UnfreezeStep", "Weights"]

Weights: TypeAlias = Literal["bundled", "download", "none"]
Decoder: TypeAlias = Literal["unet", "fpn", "deeplabv3plus"]
Detector: TypeAlias = Literal["fcos", "retinanet", "ssdlite", "fasterrcnn", "maskrcnn"]


class ModelConfig(Section):
    """The network: one backbone for all heads, and what dense heads put on top."""

    backbone: str = setting(
        "tf_efficientnet_lite0",
        "Backbone",
        "The network that sees, by the name that timm has for it.",
        kind="backbone",
    )
    weights: Weights = setting(
        "bundled",
        "Begins with",
        "What the backbone knows before it has seen your pictures.",
        choices={"bundled": "Weights of the engine", "download": "Weights from the internet", "none": "Nothing"},
    )
    decoder: Decoder = setting(
        "unet",
        "Decoder",
        "What makes areas and pictures of what the backbone sees.",
        choices={"unet": "U-Net", "fpn": "FPN", "deeplabv3plus": "DeepLabV3+"},
        advanced=True,
        heads=("mask", "image"),
    )
    detector: Detector = setting(
        "fcos",
        "Detector",
        "What finds things; Mask R-CNN finds their outlines too.",
        choices={
            "fcos": "FCOS",
            "retinanet": "RetinaNet",
            "ssdlite": "SSDLite",
            "fasterrcnn": "Faster R-CNN",
            "maskrcnn": "Mask R-CNN",
        },
        advanced=True,
        heads=("boxes",),
    )
    hidden: int = setting(
        0,
        "Shared layer",
        "Width of a layer that all questions about whole pictures share.",
        low=0,
        high=4096,
        step=64,
        zero="none",
        advanced=True,
    )
    dropout: float = setting(
        0.2,
        "Dropout",
        "Share of what is seen that is hidden at random in training.",
        low=0,
        below=1,
        step=0.05,
        advanced=True,
    )
    drop_path: float = setting(
        0.0,
        "Drop path",
        "Share of the backbone's branches that are left out at random.",
        low=0,
        below=1,
        step=0.05,
        advanced=True,
    )

    @field_validator("backbone")
    @classmethod
    def _named(cls, backbone: str) -> str:
        if not backbone or backbone != backbone.strip() or any(letter in backbone for letter in "/\\ \n"):
            raise ValueError("must be a name of timm, such as tf_efficientnet_lite0")
        return backbone


class UnfreezeStep(Section):
    """From an epoch on, less of the backbone stays as it is.

    Attributes:
        epoch: the first epoch of it; epochs count from 0.
        freeze_ratio: share of the backbone's layers, from the input, that stay from then on.
    """

    epoch: int = setting(1, "Epoch", "The first epoch for which this holds.", low=1, high=9999)
    freeze_ratio: float = setting(
        0.0, "Frozen", "Share of the layers that stay as they are from then on.", low=0, high=1
    )


class TuningConfig(Section):
    """What of the backbone learns, and how fast."""

    freeze_ratio: float = setting(
        0.0,
        "Frozen",
        "Share of the backbone's layers, counted from the input, that stay as they are; 1 trains the heads only.",
        low=0,
        high=1,
        step=0.1,
    )
    unfreeze: tuple[UnfreezeStep, ...] = setting(
        (), "Unfreezing", "From which epochs less of the backbone stays as it is.", advanced=True
    )
    layer_decay: float = setting(
        1.0,
        "Layer decay",
        "Factor by which each stage of the backbone learns more slowly than the one above it.",
        above=0,
        high=1,
        step=0.05,
        advanced=True,
    )
    head_rate: float = setting(
        1.0,
        "Rate of heads",
        "How many times faster heads learn than the backbone.",
        above=0,
        high=1000,
        step=1,
        advanced=True,
    )
    freeze_norm: bool = setting(
        False,
        "Fixed statistics",
        "Whether the backbone's normalisation keeps its averages; better in small batches.",
        advanced=True,
    )

    @field_validator("unfreeze")
    @classmethod
    def _rising(cls, steps: tuple[UnfreezeStep, ...]) -> tuple[UnfreezeStep, ...]:
        if any(later.epoch <= earlier.epoch for earlier, later in pairwise(steps)):
            raise ValueError("each step must begin at a later epoch than the one before")
        if any(later.freeze_ratio > earlier.freeze_ratio for earlier, later in pairwise(steps)):
            raise ValueError("a later step must not freeze again what an earlier one has freed")
        return steps

    def freeze_ratio_at(self, epoch: int) -> float:
        """The share of the backbone's layers that stay in ``epoch`` (from 0)."""
        begun = [step.freeze_ratio for step in self.unfreeze if step.epoch <= epoch]
        return min([self.freeze_ratio, *begun])
