"""A decoded picture: 8-bit pixels and what is worth saying about the file they came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CHECKER_DARK", "CHECKER_LIGHT", "CHECKER_SIDE", "MID_GREY", "Picture"]

CHECKER_LIGHT = 204
CHECKER_DARK = 153
CHECKER_SIDE = 8
MID_GREY = 127


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One image, upright (EXIF orientation applied).

    Attributes:
        pixels: uint8, (H, W, 3) RGB or (H, W, 4) RGBA with straight alpha, sRGB as stored. May be smaller than
            ``width`` x ``height`` when a reduced size was asked for.
        width: of the file's picture at full size, pixels.
        height: of the file's picture at full size, pixels.
        format: what a person is shown, such as "DDS, DXT5" or "PNG".
        channels: stored in the file: 1, 3 or 4 (a palette counts as what it expands to).
        bits: per stored channel: 8 or 16 (fewer than 8 counts as 8).
    """

    pixels: NDArray[np.uint8]
    width: int
    height: int
    format: str
    channels: int
    bits: int

    @property
    def has_alpha(self) -> bool:
        """Whether ``pixels`` carries an alpha channel."""
        return bool(self.pixels.shape[2] == 4)

    def on_grey(self) -> NDArray[np.uint8]:
        """uint8 (H, W, 3): alpha composited on mid-grey (127), the way every model sees it."""
        if not self.has_alpha:
            return self.pixels
        return _composite(self.pixels, np.full(self.pixels.shape[:2], MID_GREY, np.uint8))

    def on_checker(self) -> NDArray[np.uint8]:
        """uint8 (H, W, 3): alpha composited on an 8-pixel checker (204/153), the way a person sees it."""
        if not self.has_alpha:
            return self.pixels
        height, width = self.pixels.shape[:2]
        rows = np.arange(height)[:, None] // CHECKER_SIDE
        columns = np.arange(width)[None, :] // CHECKER_SIDE
        ground = np.where((rows + columns) % 2 == 0, CHECKER_LIGHT, CHECKER_DARK).astype(np.uint8)
        return _composite(self.pixels, ground)


def _composite(rgba: NDArray[np.uint8], ground: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Straight-alpha "over" on a grey ground (H, W), rounded to nearest (Porter and Duff 1984)."""
    alpha = rgba[..., 3:].astype(np.uint16)
    mixed = rgba[..., :3] * alpha + ground[..., None] * (255 - alpha)
    return ((mixed + 127) // 255).astype(np.uint8)
