"""GrabCut: a rough box becomes a mask (Rother, Kolmogorov, Blake, "GrabCut", 2004), corrected by strokes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import LabelError
from training.labelling.edges import Window, refined

__all__ = ["grabcut"]

_LONGEST = 320
_SHORTEST = 96
"""Smaller cut-outs are enlarged: the models of colour need pixels to learn from."""
_MARGIN = 0.2
_ROUNDS = 4


def grabcut(
    pixels: NDArray[np.uint8],
    box: tuple[float, float, float, float],
    *,
    inside: NDArray[np.bool_] | None = None,
    outside: NDArray[np.bool_] | None = None,
    taken: NDArray[np.bool_] | None = None,
) -> NDArray[np.bool_]:
    """The thing in a rough box.

    Works on a reduced copy of the box and its surroundings, so that the answer comes at once for any size of picture,
    and brings the border back to full size.

    Args:
        pixels: uint8 (H, W, 3) RGB.
        box: left, top, width, height in pixels; nothing outside of it belongs to the thing, but for ``inside``.
        inside: bool (H, W), what a person has marked as the thing; None for nothing.
        outside: likewise, as not the thing.
        taken: likewise, what belongs to other things already: never in the answer.

    Returns:
        bool (H, W).

    Raises:
        LabelError: the box holds no pixel of the picture.
    """
    height, width = pixels.shape[:2]
    core = Window.around(box, 0, width, height)
    if min(core.size) < 1:
        raise LabelError("The box lies outside of the picture; draw it over the thing.")
    marked = _bounds(box, inside)
    window = Window.around(marked, 4 + _MARGIN * max(marked[2:]), width, height)
    part = pixels[window.slices]
    across, down = window.size
    scale = min(1.0, _LONGEST / max(across, down)) if max(across, down) > _SHORTEST else _SHORTEST / max(across, down)
    size = max(8, round(across * scale)), max(8, round(down * scale))
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)

    def reduced(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        cut = np.ascontiguousarray(mask[window.slices]).view(np.uint8) * 255
        return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA)) > 64

    state = np.full((size[1], size[0]), cv2.GC_BGD, np.uint8)
    left, right = ((edge - window.left) * size[0] / across for edge in (core.left, core.right))
    top, bottom = ((edge - window.top) * size[1] / down for edge in (core.top, core.bottom))
    state[round(top) : max(round(top) + 1, round(bottom)), round(left) : max(round(left) + 1, round(right))] = (
        cv2.GC_PR_FGD
    )
    # What is taken may have the thing's own colours: it is cut off afterwards, and says nothing of the background.
    hints = [(inside, cv2.GC_FGD), (outside, cv2.GC_BGD)]
    for hint, said in hints:
        if hint is not None:
            state[reduced(hint)] = said
    found = _cut(small, state)
    answer = np.zeros((height, width), np.bool_)
    if scale > 1:
        grown = cv2.resize(found.view(np.uint8) * 255, (across, down), interpolation=cv2.INTER_AREA) > 127
    else:
        grown = refined(part, small, found)
    answer[window.slices] = grown
    if inside is not None:
        answer |= inside
    else:
        only = np.zeros_like(answer)
        only[core.slices] = answer[core.slices]
        answer = only
    for never in (outside, taken):
        if never is not None:
            answer &= ~never
    return answer


def _bounds(
    box: tuple[float, float, float, float], inside: NDArray[np.bool_] | None
) -> tuple[float, float, float, float]:
    """The box, and what was marked as the thing beyond it."""
    if inside is None:
        return box
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return box
    left, top = min(box[0], float(columns[0])), min(box[1], float(rows[0]))
    right, bottom = max(box[0] + box[2], columns[-1] + 1.0), max(box[1] + box[3], rows[-1] + 1.0)
    return left, top, right - left, bottom - top


def _cut(small: NDArray[np.uint8], state: NDArray[np.uint8]) -> NDArray[np.bool_]:
    wanted: NDArray[np.bool_] = (state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD)
    if not wanted.any() or wanted.all():  # nothing to tell the thing from
        return wanted
    cv2.setRNGSeed(0)  # the models of colour begin at random: the same box gives the same mask
    cv2.grabCut(small, state, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found: NDArray[np.bool_] = (state == cv2.GC_FGD) | (state == cv2.GC_PR_FGD)
    return found
