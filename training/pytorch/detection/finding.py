"""Answers of detectors as lists of boxes, one a picture, as figures take them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torchvision.models.detection.roi_heads import paste_masks_in_image
from torchvision.ops import batched_nms

from models.heads.boxes import MOST
from training.metrics.boxes import Detections
from training.metrics.overlap import runs_of

__all__ = ["from_lists", "from_places"]

_OVERLAP = 0.45
"""As ``models.heads.boxes`` suppresses what an exported network of this form says."""

_LEAST = 0.01
"""Boxes under this score change no figure that can be told."""


def from_places(boxes: Tensor, scores: Tensor, side: int) -> list[Detections]:
    """What ``SingleStage.decode`` gives, as the program reads it: at each place the best category, overlapping boxes of
    one category suppressed, the 100 best kept.

    Args:
        boxes: float32 (N, A, 4), middle, width and height in pixels.
        scores: float32 (N, A, n), 0 to 1.
        side: of the square picture, pixels.
    """
    corners = torch.cat([boxes[..., :2] - boxes[..., 2:] * 0.5, boxes[..., :2] + boxes[..., 2:] * 0.5], dim=-1)
    corners = corners.clamp(0, side)
    found = []
    for every, each in zip(corners, scores, strict=True):
        best, labels = each.max(dim=-1)
        fit = (best >= _LEAST) & (every[:, 2:] > every[:, :2]).all(dim=1)
        some, best, labels = every[fit], best[fit], labels[fit]
        kept = batched_nms(some, best, labels, _OVERLAP)[:MOST]
        found.append(_of(some[kept], labels[kept], best[kept]))
    return found


def from_lists(found: Sequence[Mapping[str, Tensor]], side: int) -> list[Detections]:
    """What ``TwoStage.detect`` gives; masks of the whole picture, of what is inside with half a chance or more."""
    lists = []
    for one in found:
        masks = None
        if "masks" in one:
            pasted = paste_masks_in_image(one["masks"], one["boxes"], (side, side)) if len(one["boxes"]) else []
            masks = [runs_of(mask[0].cpu().numpy() >= 0.5) for mask in pasted]
        lists.append(_of(one["boxes"], one["labels"] - 1, one["scores"], masks))
    return lists


def _of(boxes: Tensor, labels: Tensor, scores: Tensor, masks: list[tuple[int, ...]] | None = None) -> Detections:
    return Detections(boxes.float().cpu().numpy(), labels.cpu().numpy(), scores.float().cpu().numpy(), masks)
