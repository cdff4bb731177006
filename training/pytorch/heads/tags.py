"""The ``tags`` head: any of n, each by its own sigmoid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.heads.form import Form
from training.config import ModelConfig
from training.datasets.values import Tags
from training.metrics.tags import PRESENT
from training.pytorch.heads.base import EncoderFacts, Example, Features, Head, HeadPlan, Said, Targets
from training.pytorch.losses import binary_loss

__all__ = ["TagsHead"]


class TagsHead(Head):
    """Dropout and one linear layer on the embedding. The raw answer is logits, (N, n)."""

    kind: ClassVar[str] = "tags"
    wants: ClassVar[Literal["embedding", "pyramid"]] = "embedding"

    def __init__(self, plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> None:
        super().__init__(plan, facts, model)
        self._places = {name: place for place, name in enumerate(plan.categories)}
        self.layers = nn.Sequential(nn.Dropout(model.dropout), nn.Linear(facts.embedding, len(plan.categories)))
        scale = torch.tensor(plan.class_weights or (1.0,) * len(plan.categories))
        self.register_buffer("scale", scale, persistent=False)

    def targets(self, examples: Sequence[Example]) -> Targets:
        """As "labels" int64 (N, n): 1 applies, 0 does not, -1 unknown; with "weight"."""
        labels = np.full((len(examples), len(self._places)), -1, np.int64)
        weights = np.zeros(len(examples), np.float32)
        for row, example in enumerate(examples):
            value = example.labels.get(self.plan.name)
            if isinstance(value, Tags):
                labels[row] = 0
                labels[row, [self._places[name] for name in value.names if name in self._places]] = 1
                weights[row] = example.weight
        return {"labels": torch.from_numpy(labels), "weight": torch.from_numpy(weights)}

    def forward(self, features: Features, targets: Targets | None = None) -> Tensor:
        """Logits, (N, n)."""
        logits: Tensor = self.layers(features.embedding)
        return logits

    def loss(self, raw: Tensor, targets: Targets) -> Tensor:
        """Binary cross-entropy or focal loss, the mean over all known answers; blended as that of ``categories``."""
        labels, weights = targets["labels"], targets["weight"][:, None]
        known = labels >= 0
        sums = self._losses(raw, labels) * weights
        if "blend" in targets:
            other, share = targets["blend"], targets["blend_share"][:, None]
            sums = sums * (1 - share) + self._losses(raw, labels[other]) * weights[other] * share
            known = known | known[other]
        return sums.sum() / known.sum().clamp(min=1)

    def _losses(self, raw: Tensor, labels: Tensor) -> Tensor:
        config = self.plan.config
        focal = (config.focal_alpha, config.focal_gamma) if config.loss == "focal" else None
        return binary_loss(raw, labels.clamp(min=0), focal=focal) * (labels >= 0) * self.scale

    def answers(self, raw: Tensor, targets: Targets) -> NDArray[np.float32]:
        """Probabilities, float32 (N, n)."""
        probabilities: NDArray[np.float32] = raw.detach().float().sigmoid().cpu().numpy()
        return probabilities

    def truths(self, targets: Targets) -> NDArray[np.int64]:
        """Labels, int64 (N, n), -1 unknown."""
        labels: NDArray[np.int64] = targets["labels"].cpu().numpy()
        return labels

    def said(self, raw: Any, targets: Targets, row: int) -> Said:
        """The tags that apply, by name; the confidence is that of the least sure of all."""
        probabilities = self.answers(raw[row : row + 1], targets)[0]
        labels = self.truths(targets)[row]
        found, known = probabilities >= PRESENT, bool((labels >= 0).all())
        sure = float(np.where(found, probabilities, 1 - probabilities).min())
        right = bool((found == (labels == 1)).all()) if known else None
        return Said(self._names(found), sure, self._names(labels == 1) if known else "", right)

    def _names(self, chosen: NDArray[np.bool_]) -> str:
        return ", ".join(name for name, there in zip(self.plan.categories, chosen, strict=True) if there) or "none"

    def export_forward(self, features: Features, *extra: Tensor) -> tuple[Tensor, ...]:
        """Logits, (N, n)."""
        return (self(features),)

    def form(self) -> Form:
        """Logits."""
        return Form(outputs=self.outputs(), values="logits")
