"""What is proposed for a mask: which of it is still open, and how it looks on the canvas and at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from desktop.labelling.editor import Proposal
from desktop.labelling.mask_assists import Assists
from desktop.labelling.mask_outlines import as_shape
from desktop.widgets.canvas import CanvasShape
from models.heads.painting import hex_colour
from training.labelling.drafts import PaintedMask
from training.labelling.edges import Window
from training.labelling.mask_painting import MaskPainting, joined
from training.labelling.outlines import trace

__all__ = ["MaskProposal"]

_PIECES = 300
"""Outlines that are drawn: the largest."""


class MaskProposal:
    """A proposed mask of one picture.

    Attributes:
        proposal: where it came from.
        indices: uint8 (H, W), of the picture's size.
        left: categories in it that are not accepted yet; the ground is none of them.
    """

    def __init__(self, proposal: Proposal, indices: NDArray[np.uint8], left: tuple[int, ...]) -> None:
        self.proposal, self.indices, self.left = proposal, indices, left

    @classmethod
    def of(cls, proposal: Proposal | None, painting: MaskPainting, names: Sequence[str]) -> MaskProposal | None:
        """What a proposal says of a mask; None where that is nothing, or of another size."""
        draft = proposal.draft if proposal is not None else None
        if proposal is None or not isinstance(draft, PaintedMask) or draft.indices.shape != painting.indices.shape:
            return None
        present = np.flatnonzero(np.bincount(draft.indices.ravel(), minlength=256)).tolist()
        left = tuple(one for one in present if one < len(names) and one != painting.ground)
        return cls(proposal, draft.indices, left) if left else None

    def share(self, index: int) -> float:
        """Part of the picture, 0 to 1."""
        return float(np.count_nonzero(self.indices == index)) / self.indices.size

    def accept(self, taken: tuple[int, ...], painting: MaskPainting) -> Window | None:
        """Paint these categories, and return what changed."""
        whole = Window(0, 0, *painting.size)
        changed: Window | None = None
        for index in taken:
            changed = joined(changed, painting.paint(whole, self.indices == index, index))
        self.left = tuple(one for one in self.left if one not in taken)
        return changed

    def draw(self, assists: Assists, names: Sequence[str], show: Callable[[list[CanvasShape]], object]) -> None:
        """Find the outlines of what is left in the background; ``show`` is called unless less is left by then."""
        left = self.left

        def drawn(shapes: list[CanvasShape]) -> None:
            if left == self.left:
                show(shapes)

        assists.run("Outlining what is proposed", lambda: _outlines(self.indices, left, names), drawn)


def _outlines(indices: NDArray[np.uint8], left: tuple[int, ...], names: Sequence[str]) -> list[CanvasShape]:
    """Dashed, of the largest pieces."""
    pieces = [(index, region) for index in left for region in trace(indices == index)]
    pieces.sort(key=lambda one: -one[1].area)
    tolerance = max(1.0, max(indices.shape) / 1500)
    return [
        as_shape(-2 - place, names[index], hex_colour(index), region, tolerance, dashed=True)
        for place, (index, region) in enumerate(pieces[:_PIECES])
    ]
