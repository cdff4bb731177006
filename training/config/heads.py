"""How one head is trained: whether, how much it counts, and its loss."""

from __future__ import annotations

from typing import Literal, TypeAlias

from training.config.setting import Section, setting

__all__ = ["HeadConfig", "Loss"]

Loss: TypeAlias = Literal["auto", "cross_entropy", "focal"]


class HeadConfig(Section):
    """One head. What does not matter to its kind is passed over."""

    train: bool = setting(True, "Train", "Whether this question is learned at all.")
    weight: float = setting(
        1.0, "Weight", "How much this question counts beside the others.", above=0, high=100, step=0.1
    )
    loss: Loss = setting(
        "auto",
        "Loss",
        "What is made small; focal loss turns to what is rare and hard.",
        choices={"auto": "Automatic", "cross_entropy": "Cross-entropy", "focal": "Focal"},
        advanced=True,
        heads=("categories", "tags", "mask", "boxes"),
    )
    label_smoothing: float = setting(
        0.1,
        "Label smoothing",
        "Share of certainty that is taken from each label, so that a wrong one does less harm.",
        low=0,
        below=1,
        step=0.05,
        advanced=True,
        heads=("categories",),
    )
    focal_gamma: float = setting(
        2.0,
        "Focal gamma",
        "How strongly focal loss turns away from what is easy.",
        low=0,
        high=10,
        step=0.5,
        advanced=True,
        heads=("categories", "tags", "mask", "boxes"),
    )
    focal_alpha: float = setting(
        0.25,
        "Focal alpha",
        "How much what is there counts in focal loss against what is not.",
        above=0,
        below=1,
        step=0.05,
        advanced=True,
        heads=("categories", "tags", "mask", "boxes"),
    )
    dice_weight: float = setting(
        0.5,
        "Dice weight",
        "How much the overlap of areas counts beside the single pixels.",
        low=0,
        high=10,
        step=0.1,
        advanced=True,
        heads=("mask",),
    )
    perceptual_weight: float = setting(
        0.1,
        "Perceptual weight",
        "How much likeness to the eye counts beside likeness pixel by pixel.",
        low=0,
        high=10,
        step=0.05,
        advanced=True,
        heads=("image",),
    )
    style_weight: float = setting(
        0.01,
        "Style weight",
        "How much likeness of textures counts beside likeness pixel by pixel.",
        low=0,
        high=10,
        step=0.01,
        advanced=True,
        heads=("image",),
    )
