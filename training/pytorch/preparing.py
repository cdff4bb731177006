"""A recognised network as it is exported: in which form it answers, and how pictures reach it.

Mean, standard deviation and size are those that timm or torchvision trained the architecture with; who trained it anew
has most likely kept them. They go into the ONNX file's metadata, where the import assistant finds them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import timm
import torch
import torchvision

from training.pytorch.choosing import Choice

__all__ = ["Prepared", "prepare"]

_DETECTOR_SIDE = 640
_SEGMENTER_SIDE = 520
_COCO_SIDE = 320
"""ssdlite's own."""

_NAMED = 1000
"""Categories, of which it can be told what they are called: ImageNet's."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is exported.

    Attributes:
        network: takes float32 (N, C, H, W), gives one tensor for each of ``outputs``, or a tuple of them.
        title: for people: what it is.
        shape: (C, H, W).
        outputs: names.
        metadata: for the ONNX file; what is no text is written as JSON.
        reasons: sentences for a person.
        batches: whether it takes any number of pictures at once.
        detects: whether it is one of torchvision's detectors, which only the older exporter takes.
    """

    network: torch.nn.Module
    title: str
    shape: tuple[int, int, int]
    outputs: tuple[str, ...]
    metadata: Mapping[str, Any]
    reasons: tuple[str, ...]
    batches: bool = True
    detects: bool = False


class _Detector(torch.nn.Module):
    """One of torchvision's detectors for a batch of one: (1, 3, H, W) -> boxes (K, 4) in pixels, labels and scores."""

    def __init__(self, detector: torch.nn.Module) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        found = self.detector([image[0]])[0]
        return found["boxes"], found["labels"], found["scores"]


class _Segmenter(torch.nn.Module):
    """One of torchvision's segmenters: its first answer alone."""

    def __init__(self, segmenter: torch.nn.Module) -> None:
        super().__init__()
        self.segmenter = segmenter

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        answer: torch.Tensor = self.segmenter(image)["out"]
        return answer


def prepare(choice: Choice) -> Prepared:
    """How the network of ``choice`` is exported."""
    if choice.row.library == "timm":
        return _of_timm(choice)
    if choice.row.kind == "detection":
        return _detector(choice)
    if choice.row.kind == "segmentation":
        return _segmenter(choice)
    return _of_torchvision(choice)


def _of_timm(choice: Choice) -> Prepared:
    config: Mapping[str, Any] = {**getattr(choice.network, "pretrained_cfg", {})}
    beside = choice.weights.config.get("pretrained_cfg")
    whose = f"timm's {choice.row.name}"
    if isinstance(beside, Mapping):
        config, whose = {**config, **beside}, "the config.json beside it"
    elif "." in choice.weights.said:  # names the weights that it was trained from
        found = timm.models.get_pretrained_cfg(choice.weights.said.rpartition("/")[2])
        config = {**config, **found.to_dict()} if found is not None else config
    size = tuple(int(side) for side in config.get("input_size", (3, 224, 224)))
    fields = {"mean": list(config.get("mean", (0.5,) * 3)), "std": list(config.get("std", (0.5,) * 3)), "fit": "crop"}
    how = f"{config.get('interpolation', 'bilinear')}, {100 * config.get('crop_pct', 1):.0f} % from the middle"
    names = _names(choice, config.get("label_names"))
    return Prepared(
        *(choice.network, choice.row.title, (size[0], size[-2], size[-1]), ("logits",)),
        _metadata(choice, fields, f"{whose} was trained ({how})", names),
        choice.reasons,
    )


def _of_torchvision(choice: Choice) -> Prepared:
    weights = torchvision.models.get_model_weights(choice.row.name)
    best = getattr(weights, "DEFAULT", None)
    side, fields, how = 224, {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "fit": "crop"}, ""
    names: Sequence[str] = ()
    if best is not None:
        asked = best.transforms()
        # Of the best weights the pictures were larger for a few networks; those of most are of the first ones' size.
        side = int(asked.crop_size[0])
        fields = {"mean": list(asked.mean), "std": list(asked.std), "fit": "crop"}
        how = f" ({asked.interpolation.value}, {side} of {int(asked.resize_size[0])} pixels from the middle)"
        names = _names(choice, best.meta.get("categories"))
    return Prepared(
        *(choice.network, choice.row.title, (3, side, side), ("logits",)),
        _metadata(choice, fields, f"torchvision's {choice.row.name} was trained{how}", names),
        choice.reasons,
    )


def _detector(choice: Choice) -> Prepared:
    side = _COCO_SIDE if choice.row.name.startswith("ssd") else _DETECTOR_SIDE
    side = 300 if choice.row.name == "ssd300_vgg16" else side
    reasons = list(choice.reasons)
    if choice.row.name.startswith(("maskrcnn", "keypointrcnn")):
        reasons.append("Its boxes are kept; what it draws inside each box is left out.")
    weights = getattr(torchvision.models.get_model_weights(choice.row.name), "DEFAULT", None)
    names = weights.meta.get("categories") if weights is not None else None
    names = names if names is not None and len(names) == choice.categories else ()
    fields = {"mean": [0.0] * 3, "std": [1.0] * 3, "fit": "stretch"}
    return Prepared(
        *(_Detector(choice.network).eval(), choice.row.title, (3, side, side), ("boxes", "labels", "scores")),
        _metadata(choice, fields, f"torchvision's {choice.row.name} takes them", names),
        tuple(reasons),
        batches=False,
        detects=True,
    )


def _segmenter(choice: Choice) -> Prepared:
    weights = getattr(torchvision.models.get_model_weights(choice.row.name), "DEFAULT", None)
    names = weights.meta.get("categories") if weights is not None else None
    names = names if names is not None and len(names) == choice.categories else ()
    fields = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], "fit": "stretch"}
    return Prepared(
        *(_Segmenter(choice.network).eval(), choice.row.title, (3, _SEGMENTER_SIDE, _SEGMENTER_SIDE), ("mask",)),
        _metadata(choice, fields, f"torchvision's {choice.row.name} was trained", names),
        choice.reasons,
    )


def _names(choice: Choice, known: Sequence[str] | None) -> Sequence[str]:
    """What the categories are called, where their number is that of the original's."""
    if known is not None and len(known) == choice.categories:
        return list(known)
    if choice.categories == _NAMED:
        return list(torchvision.models.ResNet50_Weights.DEFAULT.meta["categories"])
    return ()


def _metadata(choice: Choice, fields: Mapping[str, Any], source: str, names: Sequence[str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "architecture": choice.row.title,
        "preprocessing": {"scale": 1 / 255, **fields, "colour": "RGB", "source": source},
    }
    if names:
        said["categories"] = list(names)
    return said
