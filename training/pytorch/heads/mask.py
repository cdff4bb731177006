"""The ``mask`` head: a category for each pixel, by a decoder on the encoder's pyramid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.heads.form import Form
from models.heads.mask import background
from training.config import ModelConfig
from training.datasets.values import Mask
from training.pytorch.decoders import build_decoder
from training.pytorch.dense_losses import UNKNOWN_PIXEL, cross_entropy_loss, dice_loss, known_pixels
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets, nothing

__all__ = ["MaskHead"]


class MaskHead(Head):
    """U-Net, FPN or DeepLabV3+ and one convolution. The raw answer is logits, (N, n, S, S)."""

    kind: ClassVar[str] = "mask"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "pyramid"

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__(plan, facts, model)
        self._background = background(plan.categories)
        self.decoder: Any = build_decoder(model.decoder, facts, model.dropout)
        self.last = nn.Conv2d(self.decoder.channels, len(plan.categories), kernel_size=3, padding=1)

    def targets(self, examples: Sequence[Example]) -> Targets:
        """Tensor "classes" uint8 (N, S, S), 255 unknown; with "weight", 0 also where no pixel is known."""
        side, most = self.facts.side, len(self.plan.categories)
        classes = np.full((len(examples), side, side), UNKNOWN_PIXEL, np.uint8)
        weights = np.zeros(len(examples), np.float32)
        for row, example in enumerate(examples):
            mask = example.masks.get(self.plan.name)
            if mask is None or not isinstance(example.labels.get(self.plan.name), Mask):
                continue
            classes[row] = np.where(mask < most, mask, UNKNOWN_PIXEL)
            weights[row] = example.weight if (classes[row] != UNKNOWN_PIXEL).any() else 0
        return {"classes": torch.from_numpy(classes), "weight": torch.from_numpy(weights)}

    def forward(self, features: Features, targets: Targets | None = None) -> Tensor:
        """Logits, (N, n, S, S)."""
        logits: Tensor = self.last(self.decoder(features.pyramid))
        side = self.facts.side
        if logits.shape[-1] != side:
            logits = functional.interpolate(logits, size=(side, side), mode="bilinear", align_corners=False)
        return logits

    def loss(self, raw: Tensor, targets: Targets) -> Tensor:
        """Cross-entropy, or focal loss, and Dice loss with its weight, of the known pixels."""
        classes, weights, config = targets["classes"].long(), targets["weight"], self.plan.config
        if not bool((weights > 0).any()):
            return nothing(raw)
        counts = known_pixels(classes, weights)
        gamma = config.focal_gamma if config.loss == "focal" else 0.0
        loss = cross_entropy_loss(raw, classes, counts, self.plan.class_weights, gamma)
        if config.dice_weight:
            loss = loss + config.dice_weight * dice_loss(raw, classes, counts)
        return loss

    def answers(self, raw: Tensor, targets: Targets) -> NDArray[np.uint8]:
        """The most probable category of each pixel, uint8 (N, S, S)."""
        classes: NDArray[np.uint8] = raw.detach().argmax(1).to(torch.uint8).cpu().numpy()
        return classes

    def truths(self, targets: Targets) -> NDArray[np.uint8]:
        """Categories, uint8 (N, S, S), 255 unknown."""
        classes: NDArray[np.uint8] = targets["classes"].cpu().numpy()
        return classes

    def said(self, raw: Tensor, targets: Targets, row: int) -> Said:
        """The category with the most area, as ``MaskResult.best``; right where that of the label is the same."""
        best, classes = raw[row].detach().float().softmax(0).max(0)
        said = self._largest(classes.cpu().numpy())
        known = bool(targets["weight"][row] > 0)
        truth = self._largest(targets["classes"][row].cpu().numpy()) if known else ""
        return Said(said, float(best.mean()), truth, said == truth if known else None)

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Logits, (N, n, S, S)."""
        return (self(features),)

    def form(self) -> Form:
        """Logits, a layer for each category."""
        return Form(outputs=self.outputs(), values="logits", layout="NCHW")

    def _largest(self, classes: NDArray[np.integer[Any]]) -> str:
        """The name of the category with the most pixels, the background's only where there is nothing else."""
        known = classes[classes != UNKNOWN_PIXEL]
        counts = np.bincount(known.ravel(), minlength=len(self.plan.categories))
        if self._background is not None and counts.sum() > counts[self._background]:
            counts[self._background] = 0
        return self.plan.categories[int(counts.argmax())]
