"""How the learning rate goes: a pure function of the step, but for the plateau, which follows a figure."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from training.config import ScheduleConfig

__all__ = ["Plateau", "share_at"]


def share_at(config: ScheduleConfig, step: int, steps_per_epoch: int) -> float:
    """The share of the learning rate for ``step`` (from 0), 0 to 1.

    It rises linearly over the warm-up and then: "cosine" falls to ``final_share`` by half a cosine (Loshchilov and
    Hutter 2017); "one_cycle" rises by half a cosine over the first 30 % or the warm-up, whichever is longer,
    and falls so over the rest (Smith and Topin 2018); "plateau" and "constant" stay.
    """
    total = max(1, config.epochs * steps_per_epoch)
    warm = min(config.warmup_epochs * steps_per_epoch, total)
    if config.kind == "one_cycle":
        rising = max(0.3 * total, warm)
        if step < rising:
            return _between(0.04, 1.0, step / rising)
        return _between(1.0, config.final_share, (step - rising) / max(1.0, total - rising))
    if step < warm:
        return (step + 1) / (warm + 1)
    if config.kind == "cosine":
        return _between(1.0, config.final_share, (step - warm) / max(1.0, total - warm))
    return 1.0


def _between(start: float, end: float, part: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * min(max(part, 0.0), 1.0))) / 2


@dataclass(slots=True)
class Plateau:
    """A factor that falls when nothing improves.

    Attributes:
        factor: of the learning rate, 0 to 1.
        waited: epochs since the last improvement.
    """

    factor: float = 1.0
    waited: int = 0

    def after_epoch(self, config: ScheduleConfig, *, improved: bool) -> None:
        """Count an epoch."""
        self.waited = 0 if improved else self.waited + 1
        if config.kind == "plateau" and self.waited > config.plateau_patience:
            self.factor, self.waited = self.factor * config.plateau_factor, 0

    def to_json(self) -> dict[str, Any]:
        """For a checkpoint."""
        return asdict(self)
