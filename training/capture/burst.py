"""Which frames of a burst are worth keeping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.capture.sharpness import sharpness

__all__ = ["SOFT", "Chosen", "choose"]

SOFT = 0.5
"""Under this part of the sharpest frame's measure a frame is called blurred beside it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What became of a burst.

    Attributes:
        kept: numbers of the frames that are kept, the sharpest first.
        relative: of every frame, its sharpness over that of the sharpest, 0 to 1; all 0 where nothing is to be seen.
    """

    kept: tuple[int, ...]
    relative: tuple[float, ...]

    @property
    def words(self) -> str:
        """What was done, for a person."""
        soft = sum(one < SOFT for one in self.relative)
        kept = "the sharpest" if len(self.kept) == 1 else f"the {len(self.kept)} sharpest"
        blurred = f"; {soft} were blurred" if soft else ""
        return f"Kept {kept} of {len(self.relative)}{blurred}"


def choose(frames: Sequence[NDArray[np.uint8]], keep: int = 1) -> Chosen:
    """Choose the sharpest frames of one thing from one place, at most ``keep`` and none that is blurred beside the
    sharpest.

    Args:
        frames: uint8 (H, W, 3) each, RGB.
        keep: 1 or more.

    Raises:
        ValueError: no frame, or nothing to keep.
    """
    if not frames or keep < 1:
        raise ValueError(f"a burst of {len(frames)} frames of which {keep} are to be kept")
    scores = np.array([sharpness(one) for one in frames])
    best = float(scores.max())
    relative = scores / best if best > 0 else scores
    order = [int(one) for one in np.argsort(-scores, kind="stable")[:keep]]
    kept = [one for one in order if best == 0 or relative[one] >= SOFT]
    return Chosen(tuple(kept), tuple(float(one) for one in relative))
