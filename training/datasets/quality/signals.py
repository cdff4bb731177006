"""What can be seen of one picture by itself: the numbers that the checks compare. Measured once for each content."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.images.decode import decode
from models.images.picture import Picture
from models.images.resize import to_size

__all__ = ["HASH_BYTES", "SIGNALS", "SIGNALS_VERSION", "THUMB_SIDE", "Signal", "measure"]

SIGNALS_VERSION = 1
"""Of all that is measured here: what an older version has measured is measured again."""

HASH_BYTES = 32
"""Of the difference hash: 256 bits."""

THUMB_SIDE = 8
"""Pixels of the little picture by which two that hash alike are compared in colour."""

VIEW_SIDE = 256
"""The longest side of what is looked at, pixels. Blur that is lost at this size is seen by no model either."""

SIGNALS = np.dtype(
    [
        ("width", "<i4"),
        ("height", "<i4"),
        ("mean", "<f4"),
        ("low", "<f4"),
        ("high", "<f4"),
        ("dark", "<f4"),
        ("bright", "<f4"),
        ("deviation", "<f4"),
        ("entropy", "<f4"),
        ("laplacian", "<f4"),
        ("softness", "<f4"),
        ("edge", "<f4"),
        ("hash", "u1", (HASH_BYTES,)),
        ("thumb", "u1", (THUMB_SIDE, THUMB_SIDE, 3)),
    ]
)
"""One picture's numbers: width and height of the file's picture in pixels; of its brightness (0 to 255) the mean, the
2nd and the 98th percentile, the share of it that is black or white (0 to 1), the standard deviation and the entropy of
its histogram in bits (0 to 8); three measures of blur (``_sharpness`` and
``_steepest``); the difference hash, and the little picture."""

Signal = NDArray[np.void]
"""() or (N,) of ``SIGNALS``."""

_BLACK, _WHITE = 4, 251
_BLUR = 9
"""Pixels over which the measure of softness blurs, as its authors do."""

_EDGE = 6
"""Pixels over which a sharp edge differs no more than from one to the next."""

_STEEPEST = 0.999
"""Quantile of the differences at which edges are looked at: one sharp edge in a picture shows that it is in focus."""


def measure(data: bytes, name: str) -> Signal:
    """The signals of one file, () of ``SIGNALS``.

    Args:
        data: the file's content.
        name: for the sentence when it can't be decoded.

    Raises:
        FileError: the bytes are not a picture that can be decoded.
    """
    return of_picture(decode(data, name, max_side=VIEW_SIDE))


def of_picture(picture: Picture) -> Signal:
    """The same of what is decoded already, at any size of which the shorter side has ``VIEW_SIDE`` pixels or all."""
    rgb = _view(picture.on_grey())
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    signal = np.zeros((), SIGNALS)
    histogram = np.bincount(grey.ravel(), minlength=256) / grey.size
    below = histogram.cumsum()
    filled = histogram[histogram > 0]
    signal["width"], signal["height"] = picture.width, picture.height
    signal["mean"] = histogram @ np.arange(256)
    signal["low"], signal["high"] = np.searchsorted(below, (0.02, 0.98))
    signal["dark"], signal["bright"] = histogram[: _BLACK + 1].sum(), histogram[_WHITE:].sum()
    signal["deviation"] = grey.std()
    signal["entropy"] = -(filled * np.log2(filled)).sum()
    fine = grey.astype(np.float32)
    signal["laplacian"], signal["softness"] = _sharpness(fine)
    signal["edge"] = _steepest(grey)
    signal["hash"] = _difference_hash(grey)
    signal["thumb"] = to_size(rgb, THUMB_SIDE, THUMB_SIDE)
    return signal


def _view(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    scale = VIEW_SIDE / max(height, width)
    if scale >= 1:
        return np.ascontiguousarray(rgb)
    return to_size(rgb, max(1, round(width * scale)), max(1, round(height * scale)))


def _difference_hash(grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Whether each of 16 x 16 places is darker than the one to its right, as bits (32,).

    Survives other sizes, other compression and other brightness, as none of them changes which of two is darker.
    """
    small = cv2.resize(grey.astype(np.float32), (17, 16), interpolation=cv2.INTER_AREA)
    return np.packbits(small[:, 1:] > small[:, :-1])


def _sharpness(grey: NDArray[np.float32]) -> tuple[float, float]:
    """Two measures of blur; each fails where the other does not.

    The first is the logarithm of the Laplacian's variance over that of the picture, so that contrast does not count:
    high when sharp. The second is "the blur effect" of Crete et al. (2007), 0 sharp to 1 blurred: what share of the
    differences between neighbours outlives another blurring, which takes little from what was blurred before.
    """
    detail = float(cv2.Laplacian(grey, cv2.CV_32F).var())
    softness = 0.0
    for axis, kernel in ((0, (1, _BLUR)), (1, (_BLUR, 1))):
        if grey.shape[axis] < 2:
            continue
        sharp = np.abs(np.diff(grey, axis=axis))
        blurred = np.abs(np.diff(cv2.blur(grey, kernel), axis=axis))
        lost = float(np.maximum(sharp - blurred, 0).sum())
        softness = max(softness, 1 - lost / (float(sharp.sum()) + 1e-6))
    return float(np.log(detail + 1e-3) - np.log(float(grey.var()) + 1)), softness


def _steepest(grey: NDArray[np.uint8]) -> float:
    """How much of the change over ``_EDGE`` pixels the steepest edges make in one: near 1 sharp, 1 / ``_EDGE`` blurred.

    What a picture shows hardly matters, as long as it has an edge anywhere.
    """
    best = 0.0
    for near, far, length in (
        ((grey[1:], grey[:-1]), (grey[_EDGE:], grey[:-_EDGE]), grey.shape[0]),
        ((grey[:, 1:], grey[:, :-1]), (grey[:, _EDGE:], grey[:, :-_EDGE]), grey.shape[1]),
    ):
        if length > _EDGE:
            # Half a level and two: noise on plain ground is no edge
            best = max(best, (_quantile(*near) + 0.5) / (_quantile(*far) + 2))
    return best


def _quantile(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """The quantile ``_STEEPEST`` of the differences, levels."""
    counts = np.bincount(cv2.absdiff(one, other).ravel(), minlength=256)
    return int(np.searchsorted(counts.cumsum(), _STEEPEST * (one.size - 1), side="right"))
