"""The ``image`` head: a picture is answered with a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN, Score
from models.heads.form import Form
from models.heads.tensors import floats
from models.images.resize import to_size

__all__ = ["ImageResult", "decode", "pack"]

_FAST = (cv2.IMWRITE_PNG_COMPRESSION, 1)


@dataclass(frozen=True, slots=True, eq=False)
class ImageResult:
    """The picture that a network made of a picture.

    Attributes:
        width: pixels.
        height: pixels.
        png: the picture as a PNG file, 8 bits a channel, RGB.
    """

    kind: ClassVar[str] = "image"
    width: int
    height: int
    png: bytes

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """uint8 (H, W, 3) RGB; unpacked anew each time."""
        bgr = cv2.imdecode(np.frombuffer(self.png, np.uint8), cv2.IMREAD_COLOR)
        rgb: NDArray[np.uint8] = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
        return rgb

    @property
    def categories(self) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """None, float32 (0,)."""
        return np.empty(0, np.float32)

    @property
    def best(self) -> Score:
        """``UNKNOWN`` with confidence 0: a picture has no name."""
        return Score(UNKNOWN, 0.0)

    @property
    def unknown(self) -> bool:
        """Always: there is no category to give."""
        return True

    @property
    def unsure(self) -> bool:
        """Never: the network does not say how sure it is."""
        return False

    def top(self, k: int) -> list[Score]:
        """None."""
        return []

    def to_json(self, top_k: int) -> dict[str, object]:
        """The size of the picture; the picture itself is what ``paint`` gives."""
        return {"width": self.width, "height": self.height}

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The answer at the size of ``picture``, uint8 (H, W, 3), which also gives it back its aspect."""
        height, width = picture.shape[:2]
        return to_size(self.pixels, width, height)


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """One output (N, 3, H, W), or (N, H, W, 3) as ``form.layout`` says, to values of 0 (``form.low``) to 1
    (``form.high``): float32 (N, 3 * H * W) and the shape (3, H, W). One channel, or none, is grey.

    Half floats tell 2,048 steps near 1 apart, so 8 bits a channel come through exactly.

    Raises:
        ValueError: other channels, numbers that are none, or white that is not above black.
    """
    if not form.low < form.high:
        raise ValueError(f"its white ({form.high:g}) is not above its black ({form.low:g})")
    numbers = floats(tensors[0])
    if numbers.ndim == 3:
        numbers = numbers[:, None] if form.layout == "NCHW" else numbers[..., None]
    if numbers.ndim != 4:
        raise ValueError(f"it gives numbers of shape {tensors[0].shape}, which are no pictures")
    channels = numbers if form.layout == "NCHW" else np.moveaxis(numbers, -1, 1)
    if channels.shape[1] not in (1, 3) or 0 in channels.shape[2:]:
        raise ValueError(f"it gives {channels.shape[1]} channels of {channels.shape[2:]} and a picture has 1 or 3")
    count, _, height, width = channels.shape
    scaled = np.clip((channels - np.float32(form.low)) / np.float32(form.high - form.low), 0, 1)
    whole = np.broadcast_to(scaled, (count, 3, height, width))
    return whole.reshape(count, 3 * height * width), (3, height, width)


def decode(
    rows: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[ImageResult]:
    """What ``pack`` gives, float32 (N, 3 * H * W) with ``form.shape`` (3, H, W), to N results.

    Raises:
        ValueError: rows and shape don't belong together.
    """
    if len(form.shape) != 3 or form.shape[0] != 3 or rows.shape[1:] != (int(np.prod(form.shape)),):
        raise ValueError(f"expected rows for pictures of shape {form.shape}, got {rows.shape}")
    _, height, width = form.shape
    results = []
    for row in rows.reshape(len(rows), *form.shape):
        rgb = np.rint(np.clip(row, 0, 1) * 255).astype(np.uint8).transpose(1, 2, 0)
        _, png = cv2.imencode(".png", cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2BGR), _FAST)
        results.append(ImageResult(width, height, png.tobytes()))
    return results
