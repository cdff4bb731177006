"""Superpixels: a picture in patches of one colour, to be painted patch by patch.

SLIC (Achanta et al., 2012) with each pixel choosing among the nine seeds around its cell of the grid, as gSLIC does
(Ren, Reid, 2011): that is nine array operations a round, and no library beside OpenCV and NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.labelling.edges import Window, refined

__all__ = ["Patches", "borders_of", "superpixels"]

_LONGEST = 640
_COMPACT = 8.0
"""Levels of colour that weigh as much as the side of a cell."""
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Patches:
    """The patches of a picture.

    Attributes:
        pixels: uint8 (H, W, 3), the picture.
        small: uint8 (h, w, 3), the copy that was cut up.
        labels: int32 (h, w), the number of each pixel's patch, from 0 on; every patch is connected.
        count: of patches.
    """

    pixels: NDArray[np.uint8]
    small: NDArray[np.uint8]
    labels: NDArray[np.int32]
    count: int

    def at(self, x: float, y: float) -> int | None:
        """The patch at a place of the picture, None outside."""
        (height, width), (tall, wide) = self.pixels.shape[:2], self.labels.shape
        if not (0 <= x < width and 0 <= y < height):
            return None
        return int(self.labels[int(y * tall / height), int(x * wide / width)])

    def mask(self, patch: int) -> tuple[Window, NDArray[np.bool_]]:
        """Where a patch lies, and bool (H, W) of its pixels there; its border follows the edges at full size."""
        (height, width), (tall, wide) = self.pixels.shape[:2], self.labels.shape
        rows, columns = np.nonzero(self.labels == patch)
        margin = 8
        low = Window(
            max(0, int(columns.min()) - margin),
            max(0, int(rows.min()) - margin),
            min(wide, int(columns.max()) + 1 + margin),
            min(tall, int(rows.max()) + 1 + margin),
        )
        full = Window(
            round(low.left * width / wide),
            round(low.top * height / tall),
            round(low.right * width / wide),
            round(low.bottom * height / tall),
        )
        cut = self.pixels[full.slices]
        return full, refined(cut, self.small[low.slices], self.labels[low.slices] == patch)


def superpixels(pixels: NDArray[np.uint8], count: int = 400) -> Patches:
    """Cut a picture up.

    Args:
        pixels: uint8 (H, W, 3) RGB; kept, not copied.
        count: about how many patches.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONGEST / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)) if scale < 1 else pixels
    labels = _joined(_clusters(small, count))
    numbers, dense = np.unique(labels, return_inverse=True)
    return Patches(pixels, small, dense.reshape(labels.shape).astype(np.int32), len(numbers))


def borders_of(labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Bool (h, w): pixels whose right or lower neighbour has another number."""
    found = np.zeros(labels.shape, np.bool_)
    found[:, :-1] |= labels[:, :-1] != labels[:, 1:]
    found[:-1] |= labels[:-1] != labels[1:]
    return found


def _clusters(small: NDArray[np.uint8], count: int) -> NDArray[np.int32]:
    """int32 (h, w): number of the nearest of the seeds in the 3 x 3 cells around a pixel."""
    height, width = small.shape[:2]
    side = max(2.0, (height * width / max(1, count)) ** 0.5)
    rows, columns = max(1, round(height / side)), max(1, round(width / side))
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (0, 0), 0.7), cv2.COLOR_RGB2LAB).astype(np.float32)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    weight = _COMPACT / side
    features = np.concatenate([lab, x[..., None] * weight, y[..., None] * weight], axis=-1)
    cell_y = np.minimum((y * (rows / height)).astype(np.int32), rows - 1)
    cell_x = np.minimum((x * (columns / width)).astype(np.int32), columns - 1)
    labels = cell_y * columns + cell_x
    flat = features.reshape(-1, 5)
    for _ in range(_ROUNDS):
        numbers = labels.ravel()
        members = np.maximum(np.bincount(numbers, minlength=rows * columns), 1)
        sums = [np.bincount(numbers, flat[:, part], rows * columns) for part in range(5)]
        centres = (np.stack(sums, axis=1) / members[:, None]).astype(np.float32)
        best = np.full((height, width), np.inf, np.float32)
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                candidate = np.clip(cell_y + down, 0, rows - 1) * columns + np.clip(cell_x + across, 0, columns - 1)
                away = np.sum((features - centres[candidate]) ** 2, axis=-1)
                closer = away < best
                best[closer] = away[closer]
                labels = np.where(closer, candidate, labels)
    found: NDArray[np.int32] = labels.astype(np.int32)
    return found


def _joined(labels: NDArray[np.int32]) -> NDArray[np.int32]:
    """Connected patches: what lies apart from the largest piece of its patch, or is tiny, goes to its neighbours."""
    pieces = _pieces(labels)
    count = int(pieces.max()) + 1
    sizes = np.bincount(pieces.ravel(), minlength=count)
    owners = np.zeros(count, np.int64)
    owners[pieces.ravel()] = labels.ravel()
    largest = np.zeros(int(labels.max()) + 1, np.int64)
    np.maximum.at(largest, owners, sizes)
    typical = labels.size / max(1, len(np.unique(labels)))
    kept = (sizes == largest[owners]) & (sizes * 8 >= typical)
    if not kept.any():
        kept[np.argmax(sizes)] = True
    # each piece that is left over takes the name of the neighbour it shares the longest border with
    parent = np.arange(count)
    for _ in range(count):
        loose = ~kept[parent]
        if not loose.any():
            break
        named = parent[pieces]
        first = np.concatenate([named[:, :-1].ravel(), named[:-1].ravel()])
        second = np.concatenate([named[:, 1:].ravel(), named[1:].ravel()])
        apart = first != second
        pairs = np.concatenate([np.stack([first, second], 1)[apart], np.stack([second, first], 1)[apart]])
        pairs = pairs[~kept[pairs[:, 0]] & kept[pairs[:, 1]]]
        unique, often = np.unique(pairs, axis=0, return_counts=True)
        unique = unique[np.argsort(often, kind="stable")]
        onward = np.arange(count)
        onward[unique[:, 0]] = unique[:, 1]
        parent = onward[parent]
    return parent[pieces].astype(np.int32)


def _pieces(labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """int64 (h, w): a number for each connected piece (by sides) of equal labels."""
    height, width = labels.shape
    doubled = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)  # pixels, and bridges between equal neighbours
    doubled[::2, ::2] = 1
    doubled[::2, 1::2] = labels[:, :-1] == labels[:, 1:]
    doubled[1::2, ::2] = labels[:-1] == labels[1:]
    _, found = cv2.connectedComponents(doubled, connectivity=4)
    return np.asarray(found[::2, ::2], np.int64) - 1
