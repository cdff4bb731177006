"""What detectors learn of a picture's boxes: tensors as torchvision wants them, and truths as figures want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from training.datasets.shapes import Shape
from training.metrics.boxes import Truths
from training.metrics.overlap import runs_of
from training.pytorch.detection.outlines import area, mask_of

__all__ = ["box_targets", "truths_of"]

_LEAST = 1.0
"""Pixels: thinner things can't be seen, and losses divide by their sides."""


def box_targets(shapes: Sequence[Shape], categories: Sequence[str], side: int, *, masks: bool) -> dict[str, Tensor]:
    """What is in one picture.

    Args:
        shapes: in pixels of the picture. Those of no category of the head, and those of which less than a pixel is left
            in the picture, are left out.
        categories: of the head.
        side: of the square picture, pixels.
        masks: whether outlines are wanted.

    Returns:
        "boxes" float32 (K, 4), left, top, right, bottom in pixels, inside of the picture, and "labels" int64 (K,),
        indices of categories: what is learned, which crowds (many things at once) are not; with ``masks`` also "masks",
        uint8 (K, S, S), and "outlined", bool (K,): whether the mask is known. "areas" float32 (K,). The crowds are in
        "crowd_boxes", "crowd_labels" and "crowd_areas".
    """
    index = {name: place for place, name in enumerate(categories)}
    things: list[tuple[Shape, list[float]]] = []
    crowds: list[tuple[Shape, list[float]]] = []
    for shape in shapes:
        box = _clipped(shape, side)
        if shape.category in index and min(box[2] - box[0], box[3] - box[1]) >= _LEAST:
            (crowds if shape.crowd else things).append((shape, box))
    made: dict[str, Tensor] = {}
    for prefix, some in (("", things), ("crowd_", crowds)):
        made[f"{prefix}boxes"] = torch.tensor([box for _, box in some], dtype=torch.float32).reshape(-1, 4)
        made[f"{prefix}labels"] = torch.tensor([index[one.category] for one, _ in some], dtype=torch.int64)
        made[f"{prefix}areas"] = torch.tensor([area(one) for one, _ in some], dtype=torch.float32)
    if masks:
        drawn = [mask_of(one, side) for one, _ in things]
        empty = np.zeros((side, side), np.uint8)
        stacked = np.array([empty if one is None else one for one in drawn], np.uint8).reshape(-1, side, side)
        made["masks"] = torch.from_numpy(stacked)
        made["outlined"] = torch.tensor([one is not None for one in drawn], dtype=torch.bool)
    return made


def truths_of(target: Mapping[str, Any]) -> Truths:
    """What ``box_targets`` gives, as ``training.metrics.boxes`` takes it; outlines only where all are known."""
    boxes, labels, areas = (
        torch.cat([target[name], target[f"crowd_{name}"]]).cpu().numpy() for name in ("boxes", "labels", "areas")
    )
    crowd = np.arange(len(labels)) >= len(target["labels"])
    whole = "masks" in target and not crowd.any() and bool(target["outlined"].all())
    masks = [runs_of(one > 0) for one in target["masks"].cpu().numpy()] if whole else None
    return Truths(boxes, labels, crowd, areas, masks)


def _clipped(shape: Shape, side: int) -> list[float]:
    """Left, top, right, bottom of what lies in the picture."""
    corners = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
    return [min(max(corner, 0.0), float(side)) for corner in corners]
