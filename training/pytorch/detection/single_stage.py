"""Detectors that answer at every place of the picture at once: FCOS, RetinaNet and SSDLite, by torchvision.

torchvision's classes hold a backbone and a resizing of their own; here the encoder's pyramid is what comes in, so their
parts are called one by one. Their answers are decoded for the whole batch in a few operations, which export to ONNX
with any number of pictures; overlapping boxes are still in them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torchvision.models.detection import FCOS, RetinaNet
from torchvision.models.detection.anchor_utils import AnchorGenerator, DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.ssd import SSD
from torchvision.models.detection.ssdlite import SSDLiteHead
from torchvision.ops import box_iou

from training.pytorch.detection.neck import WIDTH, Neck
from training.pytorch.features import EncoderFacts

__all__ = ["Fcos", "PlaceAnswers", "Retina", "SingleStage", "SsdLite"]

_MOST_GROWTH = 4.1351665567423560  # ln(1000 / 16), as torchvision: what a size may grow by, before the exponential


@dataclass(frozen=True, slots=True, eq=False)
class PlaceAnswers:
    """What a detector says at each of A places of N pictures.

    Attributes:
        outputs: torchvision's names -> float (N, A, ...).
        anchors: float32 (A, 4): left, top, right, bottom in pixels, of the box that a place begins with.
        levels: how many places each level has; they follow each other.
    """

    outputs: Mapping[str, Tensor]
    anchors: Tensor
    levels: tuple[int, ...]


class SingleStage(nn.Module, ABC):
    """Base of the three.

    Args:
        facts: of the encoder.
        categories: how many.
    """

    def __init__(self, facts: EncoderFacts, categories: int) -> None:
        super().__init__()
        self.side, self.categories = facts.side, categories
        self.detector: Any = self.build(Neck(facts, proposals=False))

    @abstractmethod
    def build(self, neck: Neck) -> nn.Module:
        """The detector of torchvision's."""

    @abstractmethod
    def losses(self, answers: PlaceAnswers, targets: list[dict[str, Tensor]]) -> Mapping[str, Tensor]:
        """Torchvision's losses of N pictures, whose targets are those of ``box_targets``."""

    @abstractmethod
    def decode(self, answers: PlaceAnswers) -> tuple[Tensor, Tensor]:
        """Boxes float32 (N, A, 4), middle, width and height in pixels, and a score for each category, (N, A, n),
        0 to 1.
        """

    def forward(self, pyramid: Sequence[Tensor]) -> PlaceAnswers:
        """The encoder's levels to what is said at each place."""
        levels = list(self.detector.backbone(pyramid).values())
        outputs = self.detector.head(levels)
        shapes = [(int(level.shape[-2]), int(level.shape[-1])) for level in levels]
        # of one picture, by its size alone: in an exported network, they are constants
        empty = [levels[0].new_empty((1, 1, *shape), dtype=torch.float32) for shape in shapes]
        picture = ImageList(levels[0].new_empty((1, 1, self.side, self.side)), [(self.side, self.side)])
        anchors = self.detector.anchor_generator(picture, empty)[0]
        places = sum(height * width for height, width in shapes)
        each = len(anchors) // places
        return PlaceAnswers(outputs, anchors, tuple(each * height * width for height, width in shapes))

    def loss(self, answers: PlaceAnswers, targets: Sequence[Mapping[str, Tensor]], rows: Tensor) -> Tensor:
        """The sum of the losses over the pictures ``rows``, int64 (K,) of N, whose ``targets`` are given."""
        some = {name: output[rows].float() for name, output in answers.outputs.items()}
        wanted = [{"boxes": one["boxes"], "labels": one["labels"]} for one in targets]
        parts = self.losses(PlaceAnswers(some, answers.anchors, answers.levels), wanted)
        return torch.stack(list(parts.values())).sum()


class Fcos(SingleStage):
    """FCOS (Tian et al., ICCV 2019): at each place the distances to the four sides, and how central it is."""

    def build(self, neck: Neck) -> nn.Module:
        """As ``SingleStage.build``."""
        anchors = AnchorGenerator(tuple((stride,) for stride in neck.strides), ((1.0,),) * len(neck.strides))
        return FCOS(neck, self.categories, anchor_generator=anchors)

    def losses(self, answers: PlaceAnswers, targets: list[dict[str, Tensor]]) -> Mapping[str, Tensor]:
        """As ``SingleStage.losses``."""
        anchors = [answers.anchors] * len(targets)
        found: Mapping[str, Tensor] = self.detector.compute_loss(
            targets, dict(answers.outputs), anchors, list(answers.levels)
        )
        return found

    def decode(self, answers: PlaceAnswers) -> tuple[Tensor, Tensor]:
        """As ``SingleStage.decode``; the score is the geometric mean of category and centrality."""
        middle, size = _middle_and_size(answers.anchors)
        sides = answers.outputs["bbox_regression"].float()
        before, after = sides[..., :2] * size, sides[..., 2:] * size
        boxes = torch.cat([middle + (after - before) * 0.5, before + after], dim=-1)
        there = answers.outputs["cls_logits"].float().sigmoid() * answers.outputs["bbox_ctrness"].float().sigmoid()
        return boxes, there.sqrt()


class Retina(SingleStage):
    """RetinaNet (Lin et al., ICCV 2017): nine boxes to begin with at each place, and focal loss."""

    def build(self, neck: Neck) -> nn.Module:
        """As ``SingleStage.build``."""
        sizes = tuple(tuple(3 * stride * 2 ** (third / 3) for third in range(3)) for stride in neck.strides)
        anchors = AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * len(sizes))
        return RetinaNet(neck, self.categories, anchor_generator=anchors)

    def losses(self, answers: PlaceAnswers, targets: list[dict[str, Tensor]]) -> Mapping[str, Tensor]:
        """As ``SingleStage.losses``."""
        anchors = [answers.anchors] * len(targets)
        found: Mapping[str, Tensor] = self.detector.compute_loss(targets, dict(answers.outputs), anchors)
        return found

    def decode(self, answers: PlaceAnswers) -> tuple[Tensor, Tensor]:
        """As ``SingleStage.decode``."""
        boxes = _moved(answers.anchors, answers.outputs["bbox_regression"].float(), (1.0, 1.0))
        return boxes, answers.outputs["cls_logits"].float().sigmoid()


class SsdLite(SingleStage):
    """SSDLite (Liu et al., ECCV 2016; Sandler et al., CVPR 2018): six boxes at each place, separable convolutions."""

    def build(self, neck: Neck) -> nn.Module:
        """As ``SingleStage.build``."""
        boxes = DefaultBoxGenerator([[2, 3]] * len(neck.strides), min_ratio=0.1, max_ratio=0.95)
        head = SSDLiteHead(
            [WIDTH] * len(neck.strides),
            boxes.num_anchors_per_location(),
            self.categories + 1,
            partial(nn.GroupNorm, 16),  # by the batch, one picture's single place has no statistics
        )
        return SSD(neck, boxes, (self.side, self.side), self.categories + 1, head=head)

    def losses(self, answers: PlaceAnswers, targets: list[dict[str, Tensor]]) -> Mapping[str, Tensor]:
        """As ``SingleStage.losses``. torchvision takes three places of background for each one with a thing, so a
        picture without things would teach nothing: of such a picture its three worst places are taken.
        """
        shifted = [{**one, "labels": one["labels"] + 1} for one in targets]
        matched = [self._matched(one["boxes"], answers.anchors) for one in targets]
        anchors = [answers.anchors] * len(targets)
        found: dict[str, Tensor] = self.detector.compute_loss(shifted, dict(answers.outputs), anchors, matched)
        free = torch.tensor([not len(one["boxes"]) for one in targets], device=answers.anchors.device)
        if bool(free.any()):
            logits = answers.outputs["cls_logits"][free]
            background = torch.zeros(logits.shape[:2], dtype=torch.int64, device=logits.device)
            each = functional.cross_entropy(logits.flatten(0, 1), background.flatten(), reduction="none")
            worst = each.reshape(background.shape).topk(min(3, background.shape[1]), dim=1).values
            things = sum(int((one >= 0).sum()) for one in matched)
            found = {**found, "background": worst.sum() / max(1, things)}
        return found

    def decode(self, answers: PlaceAnswers) -> tuple[Tensor, Tensor]:
        """As ``SingleStage.decode``."""
        boxes = _moved(answers.anchors, answers.outputs["bbox_regression"].float(), (10.0, 5.0))
        return boxes, answers.outputs["cls_logits"].float().softmax(dim=-1)[..., 1:]

    def _matched(self, boxes: Tensor, anchors: Tensor) -> Tensor:
        """Of which thing each place is, int64 (A,); -1 for none."""
        if not len(boxes):
            return torch.full((len(anchors),), -1, dtype=torch.int64, device=anchors.device)
        matched: Tensor = self.detector.proposal_matcher(box_iou(boxes, anchors))
        return matched


def _middle_and_size(anchors: Tensor) -> tuple[Tensor, Tensor]:
    """Of corners (A, 4): middle and size, (A, 2) each."""
    return (anchors[:, :2] + anchors[:, 2:]) * 0.5, anchors[:, 2:] - anchors[:, :2]


def _moved(anchors: Tensor, codes: Tensor, weights: tuple[float, float]) -> Tensor:
    """Anchors (A, 4) moved and stretched by codes (N, A, 4), as Faster R-CNN has it (Ren et al., 2015, equation 2): to
    middle, width and height; codes are the weights of place and size too large.
    """
    middle, size = _middle_and_size(anchors)
    place, growth = codes[..., :2] / weights[0], (codes[..., 2:] / weights[1]).clamp(max=_MOST_GROWTH)
    return torch.cat([middle + place * size, growth.exp() * size], dim=-1)
