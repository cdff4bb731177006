"""Detectors that look twice: Faster R-CNN and Mask R-CNN, by torchvision. First where something is, then what.

What a loss is taken of is drawn at random among the proposals, by the truth; so the raw answer is the pyramid, and loss
and boxes are made of it when they are wanted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.models.detection import FasterRCNN, MaskRCNN
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.faster_rcnn import FastRCNNPredictor, TwoMLPHead
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.mask_rcnn import MaskRCNNHeads, MaskRCNNPredictor
from torchvision.models.detection.roi_heads import fastrcnn_loss, maskrcnn_loss

from training.pytorch.detection.neck import WIDTH, Neck
from training.pytorch.features import EncoderFacts

__all__ = ["TwoStage"]

_HIDDEN = 512
"""Width of the two layers that see each proposal; torchvision's 1024 are half of all its weights."""

_SEED = 1
"""Of what is drawn to measure a loss without learning from it: the same at each epoch."""


class TwoStage(nn.Module):
    """Faster R-CNN (Ren et al., NeurIPS 2015); with ``masks`` Mask R-CNN (He et al., ICCV 2017).

    Args:
        facts: of the encoder.
        categories: how many; label 0 is the background within.
        masks: whether each thing's form is found too.
    """

    def __init__(self, facts: EncoderFacts, categories: int, *, masks: bool) -> None:
        super().__init__()
        self.side, self.masks = facts.side, masks
        neck = Neck(facts, proposals=True)
        anchors = AnchorGenerator(
            tuple((4 * stride,) for stride in neck.strides), ((0.5, 1.0, 2.0),) * len(neck.strides)
        )
        parts: dict[str, Any] = {
            "num_classes": None,
            "rpn_anchor_generator": anchors,
            "box_head": TwoMLPHead(WIDTH * 7 * 7, _HIDDEN),
            "box_predictor": FastRCNNPredictor(_HIDDEN, categories + 1),
        }
        if masks:
            parts["mask_head"] = MaskRCNNHeads(WIDTH, (WIDTH,) * 4, 1)
            parts["mask_predictor"] = MaskRCNNPredictor(WIDTH, WIDTH, categories + 1)
        self.detector: Any = (MaskRCNN if masks else FasterRCNN)(neck, **parts)

    def forward(self, pyramid: Sequence[Tensor]) -> OrderedDict[str, Tensor]:
        """The encoder's levels to (N, 128, H, W) each, finest first."""
        levels: OrderedDict[str, Tensor] = self.detector.backbone(pyramid)
        return levels

    def loss(self, levels: Mapping[str, Tensor], targets: Sequence[Mapping[str, Tensor]], rows: Tensor) -> Tensor:
        """Torchvision's losses of the pictures ``rows``, int64 (K,) of N, whose ``targets`` are given, summed: float32
        (). A mask counts only where the outline is known. While nothing is learned, the same proposals are drawn each
        time.
        """
        some = OrderedDict((name, level[rows].float()) for name, level in levels.items())
        wanted = [{**one, "labels": one["labels"] + 1} for one in targets]
        picture = self._pictures(some["0"])
        device = picture.tensors.device
        with torch.autocast(device.type, enabled=False), self._drawing(device):
            proposals, found = self.detector.rpn(picture, some, wanted)
            losses = [*found.values(), *self._second(some, proposals, picture.image_sizes, wanted)]
        return torch.stack(losses).sum()

    def detect(self, levels: Mapping[str, Tensor]) -> list[dict[str, Tensor]]:
        """Of each picture "boxes" (K, 4), left, top, right, bottom in pixels, "labels" int64 (K,), 1 for the first
        category, and "scores" (K,), best first, at most 100; with ``masks`` also "masks", (K, 1, 28, 28) in the box.
        """
        some = OrderedDict((name, level.float()) for name, level in levels.items())
        picture = self._pictures(some["0"])
        with torch.autocast(some["0"].device.type, enabled=False):
            proposals, _ = self.detector.rpn(picture, some)
            found: list[dict[str, Tensor]]
            found, _ = self.detector.roi_heads(some, proposals, picture.image_sizes)
        return found

    def _pictures(self, level: Tensor) -> ImageList:
        """What torchvision asks of pictures: how many there are, and how large."""
        count = len(level)
        return ImageList(level.new_empty((1, 1, self.side, self.side)), [(self.side, self.side)] * count)

    @contextmanager
    def _drawing(self, device: torch.device) -> Iterator[None]:
        """Proposals and their losses, whether or not the head is learning: no layer of either part would notice."""
        parts = (self.detector.rpn, self.detector.roi_heads)
        if self.training:
            yield
            return
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(_SEED)
            for part in parts:
                part.training = True
            try:
                yield
            finally:
                for part in parts:
                    part.training = False

    def _second(
        self,
        levels: Mapping[str, Tensor],
        proposals: list[Tensor],
        sizes: list[tuple[int, int]],
        targets: list[dict[str, Tensor]],
    ) -> list[Tensor]:
        """The losses of the second look: category, box, and form."""
        heads = self.detector.roi_heads
        chosen, matched, labels, moves = heads.select_training_samples(proposals, targets)
        seen = heads.box_head(heads.box_roi_pool(levels, chosen, sizes))
        losses: list[Tensor] = list(fastrcnn_loss(*heads.box_predictor(seen), labels, moves))
        if self.masks:
            places: list[Tensor] = []
            owners: list[Tensor] = []
            for some, owner, label, target in zip(chosen, matched, labels, targets, strict=True):
                things = torch.where(label > 0)[0]
                things = things[target["outlined"][owner[things]]]
                places.append(some[things])
                owners.append(owner[things])
            forms = heads.mask_predictor(heads.mask_head(heads.mask_roi_pool(levels, places, sizes)))
            masks, truths = [one["masks"] for one in targets], [one["labels"] for one in targets]
            losses.append(maskrcnn_loss(forms, places, masks, truths, owners))
        return losses
