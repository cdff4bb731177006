"""Drawing answers over pictures: the colours of categories, areas, boxes and their names.

The colours are the seven of Okabe and Ito's set that are not black ("Color Universal Design", 2008,
https://jfly.uni-koeln.de/color/), which people with any of the common kinds of colour blindness can tell apart. From
the eighth category on come their shades, then their tints, then all of them again: seven hues are as many as stay
distinct, so wherever a colour is explained the name stands beside it.
"""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np
from numpy.typing import NDArray

__all__ = ["PALETTE", "colour", "draw_areas", "draw_box", "hex_colour"]

_OKABE_ITO = (
    (230, 159, 0),  # orange
    (86, 180, 233),  # sky blue
    (0, 158, 115),  # bluish green
    (240, 228, 66),  # yellow
    (0, 114, 178),  # blue
    (213, 94, 0),  # vermilion
    (204, 121, 167),  # reddish purple
)
_SHADE, _TINT = 0.55, 0.5

PALETTE: NDArray[np.uint8] = np.concatenate(
    [
        np.array(_OKABE_ITO, np.uint8),
        np.rint(np.array(_OKABE_ITO) * _SHADE).astype(np.uint8),
        np.rint(255 - (255 - np.array(_OKABE_ITO)) * _TINT).astype(np.uint8),
    ]
)
"""uint8 (21, 3) RGB."""

_TABLE = np.resize(PALETTE, (256, 3))
_DARK = 0.179  # WCAG's relative luminance at which black and white have the same contrast against a ground
_FONT = cv2.FONT_HERSHEY_SIMPLEX


def colour(index: int) -> tuple[int, int, int]:
    """The RGB colour of the category at ``index``, 0 or more, 0 to 255 each."""
    red, green, blue = (int(value) for value in PALETTE[index % len(PALETTE)])
    return red, green, blue


def hex_colour(index: int) -> str:
    """``colour`` as #RRGGBB."""
    return "#{:02X}{:02X}{:02X}".format(*colour(index))


def draw_areas(
    picture: NDArray[np.uint8], classes: NDArray[np.uint8], background: int | None = None
) -> NDArray[np.uint8]:
    """Areas over a picture: their colours half transparent, and a contour in the full colour within each.

    Args:
        picture: uint8 (H, W, 3) RGB; it stays as it is.
        classes: uint8 (h, w) indices of categories, stretched over the picture without new values in between.
        background: the index of what gets no colour; None where all do.

    Returns:
        uint8 (H, W, 3) RGB.
    """
    height, width = picture.shape[:2]
    large = cv2.resize(classes, (width, height), interpolation=cv2.INTER_NEAREST)
    colours = cv2.resize(_TABLE[classes], (width, height), interpolation=cv2.INTER_NEAREST)
    painted: NDArray[np.uint8] = cv2.addWeighted(picture, 0.5, colours, 0.5, 0)
    cv2.copyTo(colours, _contours(large, _line_width(picture)), painted)
    if background is not None:
        cv2.copyTo(picture, (large == background).view(np.uint8), painted)
    return painted


def draw_box(
    canvas: NDArray[np.uint8], box: tuple[float, float, float, float], words: str, rgb: tuple[int, int, int]
) -> None:
    """Draw a frame into ``canvas``, uint8 (H, W, 3) RGB and C-contiguous, and ``words`` on a plate of its colour.

    The plate stands on the frame, or hangs inside where there is no room above it. OpenCV's letters are ASCII: accents
    are dropped, and what is left without an equal becomes "?".

    Args:
        canvas: it is drawn into.
        box: left, top, right, bottom as fractions of the canvas, 0 to 1.
        words: what is in it.
        rgb: of frame and plate, 0 to 255 each.
    """
    height, width = canvas.shape[:2]
    line = _line_width(canvas)
    left, top, right, bottom = (
        min(size - 1, round(part * size)) for part, size in zip(box, (width, height, width, height), strict=True)
    )
    cv2.rectangle(canvas, (left, top), (right, bottom), rgb, line)
    text = _ascii(words)
    scale = max(0.35, max(height, width) / 1400)
    weight = max(1, line // 2)
    (wide, high), below = cv2.getTextSize(text, _FONT, scale, weight)
    pad = line + 1
    x = max(0, min(left, width - wide - 2 * pad))
    y = top - high - below - 2 * pad
    if y < 0:
        y = top
    cv2.rectangle(canvas, (x, y), (x + wide + 2 * pad, y + high + below + 2 * pad), rgb, cv2.FILLED)
    ink = (0, 0, 0) if _luminance(rgb) > _DARK else (255, 255, 255)
    cv2.putText(canvas, text, (x + pad, y + pad + high), _FONT, scale, ink, weight, cv2.LINE_AA)


def _contours(classes: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    """1, uint8 (H, W), where there is another class ``reach`` pixels to the left, right, top or bottom; else 0."""
    contour = np.zeros(classes.shape, bool)
    beside = classes[:, reach:] != classes[:, :-reach]
    contour[:, reach:] |= beside
    contour[:, :-reach] |= beside
    above = classes[reach:] != classes[:-reach]
    contour[reach:] |= above
    contour[:-reach] |= above
    return contour.view(np.uint8)


def _line_width(picture: NDArray[np.uint8]) -> int:
    """As wide as can be seen when the whole picture is looked at, pixels."""
    height, width = picture.shape[:2]
    return max(1, round(int(max(height, width)) / 400))


def _ascii(words: str) -> str:
    apart = unicodedata.normalize("NFKD", words.replace("ß", "ss"))
    return "".join(c if c.isascii() else "?" for c in apart if not unicodedata.combining(c))


def _luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in rgb)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
