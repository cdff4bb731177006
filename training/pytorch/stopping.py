"""Which epoch is the best, and whether it is enough: the watched figure, kept over pauses."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.errors import TrainingError
from training.config import StoppingConfig
from training.metrics import KINDS, Asked, Figures

__all__ = ["Judged", "Watch", "monitored"]

_LOWER = ("loss", "mae", "rmse", "calibration_error", "delta_e_2000", "angular_error")
"""Ends of names of figures that are better when lower, beside the primary ones of their kinds."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A head's figures after an epoch.

    Attributes:
        name: of the head.
        kind: likewise.
        weight: what it counts.
        asked: its question.
        figures: of the validation.
    """

    name: str
    kind: str
    weight: float
    asked: Asked
    figures: Figures


def monitored(
    config: StoppingConfig, val: Mapping[str, float | None], heads: Sequence[Judged]
) -> tuple[float | None, int]:
    """The watched figure, and whether it gets better upwards (1) or downwards (-1); None where there is none.

    "auto" is the mean of the heads' primary figures, each such that higher is better and 1 is perfect, by their
    weights; the loss where no head has a figure.

    Raises:
        TrainingError: there is no figure of that name.
    """
    if config.monitor == "auto":
        rated = [(KINDS[one.kind].goodness(one.figures, one.asked), one.weight) for one in heads]
        known = [(figure, weight) for figure, weight in rated if figure is not None]
        if known:
            return sum(figure * weight for figure, weight in known) / sum(weight for _, weight in known), 1
        return val.get("loss"), -1
    if config.monitor not in val:
        there = ", ".join(sorted(val))
        raise TrainingError(f"There is no figure {config.monitor} to watch; choose auto or one of {there}.")
    for one in heads:
        if config.monitor == f"{one.name}.{KINDS[one.kind].primary}":
            return val[config.monitor], 1 if KINDS[one.kind].better == "higher" else -1
    lower = config.monitor.rpartition(".")[2] in _LOWER
    return val[config.monitor], -1 if lower else 1


@dataclass(slots=True)
class Watch:
    """Follows the watched figure.

    Attributes:
        best: figure of the best epoch; None before the first.
        best_epoch: likewise.
        waited: epochs since the figure last improved by the least gain.
        reference: figure that the next gain is measured from.
    """

    best: float | None = None
    best_epoch: int | None = None
    waited: int = 0
    reference: float | None = None

    def after_epoch(self, epoch: int, figure: float | None, way: int, config: StoppingConfig) -> bool:
        """Whether ``epoch`` is the best so far, by however little; a figure that is none is never."""
        if figure is None or not math.isfinite(figure):
            self.waited += 1
            return False
        if self.reference is None or way * (figure - self.reference) > config.min_delta:
            self.reference, self.waited = figure, 0
        else:
            self.waited += 1
        if self.best is None or way * (figure - self.best) > 0:
            self.best, self.best_epoch = figure, epoch
            return True
        return False

    def enough(self, config: StoppingConfig) -> bool:
        """Whether nothing has improved for so long that it is not worth going on."""
        return config.early and self.waited >= config.patience

    def to_json(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)
