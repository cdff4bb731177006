"""One rough box: what was found in it, and the strokes that correct it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from desktop.labelling.mask_assists import Assists
from desktop.widgets.canvas import Box, Point
from training.labelling.edges import Window
from training.labelling.mask_painting import MaskPainting, joined

__all__ = ["RoughBox"]

_BELONGS, _NOT = 1, 2


class RoughBox:
    """Paints what it finds; each stroke paints anew from what was there before the box.

    Args:
        painting: the mask.
        assists: of the picture.
        box: rough.
        index: to paint.
        name: of it.
        done: called with what has changed of the mask, None for nothing, and the name.
    """

    def __init__(
        self,
        painting: MaskPainting,
        assists: Assists,
        box: Box,
        index: int,
        name: str,
        done: Callable[[Window | None, str], object],
    ) -> None:
        self._painting, self._assists, self._box = painting, assists, box
        self._index, self._name, self._done = index, name, done
        self._before: tuple[Window, NDArray[np.uint8], NDArray[np.bool_]] | None = None
        self._hints: MaskPainting | None = None
        self._asked = self._answered = 0
        self._live = True

    @property
    def pending(self) -> bool:
        """Whether an answer is still to come."""
        return self._answered < self._asked

    def stop(self) -> None:
        """Paint no more: the mask is another one."""
        self._live = False

    def correct(self, points: tuple[Point, ...], radius: float, *, belongs: bool) -> None:
        """A stroke over what belongs to the thing, or does not."""
        if self._hints is None:
            self._hints = MaskPainting(np.zeros(self._painting.indices.shape, np.uint8), 0)
        self._hints.stroke(points, radius, _BELONGS if belongs else _NOT)
        self.run()

    def run(self) -> None:
        """Look, and paint what is found; an answer to an earlier question is dropped."""
        self._asked += 1
        asked, painting = self._asked, self._painting
        taken = None
        if painting.keep:
            taken = (painting.indices != painting.ground) & (painting.indices != self._index)
        hints = self._hints.indices.copy() if self._hints is not None else None
        self._assists.cut_out(self._box, hints, taken, lambda found: self._paint(asked, *found))

    def _paint(self, asked: int, window: Window, covered: NDArray[np.bool_]) -> None:
        if asked != self._asked or not self._live:
            return
        self._answered = asked
        back = self._restore()
        changed = None
        if covered.size:
            before = self._painting.indices[window.slices].copy()
            changed = self._painting.paint(window, covered, self._index)
            self._before = window, before, before != self._painting.indices[window.slices]
        self._done(joined(back, changed), self._name)

    def _restore(self) -> Window | None:
        """What was there before the box, where nothing else has been painted since."""
        if self._before is None:
            return None
        window, before, painted = self._before
        self._before = None
        changed: Window | None = None
        painted &= self._painting.indices[window.slices] == self._index
        for index in np.unique(before[painted]):
            there = painted & (before == index)
            changed = joined(changed, self._painting.paint(window, there, int(index), erase=True))
        return changed
