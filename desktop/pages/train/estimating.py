"""How long a training may take, before it is begun: from what was measured, scaled to pictures and device. No Qt.

An estimate, and called one: "about 4 min". A run that was trained here before with the same backbone makes it better.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic comes with it
    from training.config import TrainingConfig

__all__ = ["Pace", "about", "estimate", "measured_pace"]

_SIDE = 128
_RATE = 35.0
"""Pictures of 128 px that one core learns from in a second: EfficientNet-Lite0, forwards and backwards, float32."""

_CARD = 25.0
"""How many cores a graphics card is worth."""

_MOST_CORES = 8
_START = 6.0  # seconds until a trainer has loaded its libraries
_DECODING = 250.0  # pictures that a core decodes in a second
_HEADS = 20_000.0  # pictures a second for heads alone, on activations that are kept


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast this computer is.

    Attributes:
        cores: that compute.
        card: whether a graphics card does.
        measured: pictures of 128 px a second, all layers learning, of an earlier run; None without one.
    """

    cores: int = 1
    card: bool = False
    measured: float | None = None

    @classmethod
    def here(cls, device: str = "cpu", measured: float | None = None) -> Pace:
        """That of this computer, with what an engine computes on."""
        return cls(os.cpu_count() or 1, not device.startswith("cpu") and device not in ("", "auto"), measured)

    @property
    def rate(self) -> float:
        """Pictures of 128 px a second, all layers learning."""
        if self.measured is not None:
            return self.measured
        return _RATE * (_CARD if self.card else min(self.cores, _MOST_CORES))


def estimate(config: TrainingConfig, train: int, val: int, pace: Pace) -> float:
    """Seconds that a training may take at most; it may stop early, which nobody knows before.

    Backwards costs about twice as much as forwards, and only through the layers that learn.
    """
    per_picture = (config.data.side / _SIDE) ** 2 / pace.rate
    forward = per_picture / 3
    frozen = config.tuning.freeze_ratio
    epochs = config.schedule.epochs
    first = (train + val) / (_DECODING * min(pace.cores, _MOST_CORES)) + _START
    if frozen >= 1.0 and config.data.augmentation == "none":
        return first + (train + val) * forward + epochs * (train + val) / _HEADS
    learning = train * (forward + 2 * forward * (1 - frozen))
    return first + epochs * (learning + val * forward)


def about(seconds: float) -> str:
    """An estimate, in round words: "about 20 s", "about 4 min", "about 2 h"."""
    if seconds < 60:
        return f"about {max(10, round(seconds / 10) * 10)}\N{NO-BREAK SPACE}s"
    if seconds < 5400:
        return f"about {round(seconds / 60)}\N{NO-BREAK SPACE}min"
    hours = seconds / 3600
    return f"about {hours:.0f}\N{NO-BREAK SPACE}h" if hours >= 10 else f"about {hours:.1f}\N{NO-BREAK SPACE}h"


def measured_pace(runs: Iterable[tuple[TrainingConfig, float]]) -> float | None:
    """Pictures of 128 px a second with all layers learning, from the latest of (configuration, pictures a second)."""
    for config, rate in runs:
        if rate > 0 and config.tuning.freeze_ratio < 1.0:
            share = (1 + 2 * (1 - config.tuning.freeze_ratio)) / 3
            return rate * (config.data.side / _SIDE) ** 2 * share
    return None
