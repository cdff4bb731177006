"""The ``mask`` head: a category for each pixel."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from models.heads.categories import UNKNOWN, Score
from models.heads.form import Form
from models.heads.painting import draw_areas
from models.heads.tensors import floats, highest, sigmoid

__all__ = ["MaskResult", "background", "decode", "pack"]

_BACKGROUND = frozenset({"background", "nothing"})
_MOST = 256  # an index is kept as one byte
_THING = np.float32(0.5)


def background(categories: Sequence[str]) -> int | None:
    """0 where the first category is called background or nothing, in whatever letters; else None."""
    return 0 if categories and categories[0].strip("_ ").casefold() in _BACKGROUND else None


@dataclass(frozen=True, slots=True, eq=False)
class MaskResult:
    """A category for each pixel of the network's output, which stands for the whole picture.

    Attributes:
        categories: names, at most 256, shared between all results of one model.
        probabilities: float32 (n,), each category's share of the picture's area; they sum to 1.
        confidence: mean over all pixels of the probability given to the pixel's category, 0 to 1.
        shape: height and width of ``classes``.
        data: ``classes`` in C order, compressed by zlib: a page of pictures has thousands of masks.
        unsure_below: a mask under this mean confidence, 0 to 1, needs a second look.
        unknown_below: a mask under this mean confidence is not worth giving.
    """

    kind: ClassVar[str] = "mask"
    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]
    confidence: float
    shape: tuple[int, int]
    data: bytes
    unsure_below: float = 0.0
    unknown_below: float = 0.0

    @property
    def classes(self) -> NDArray[np.uint8]:
        """Indices of categories, uint8 (H, W), read-only; unpacked anew each time."""
        return np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(self.shape)

    @property
    def best(self) -> Score:
        """The category with the most area, the background left out, and the mean confidence of the whole mask;
        ``UNKNOWN`` with confidence 0 where there is only background.
        """
        shares = self.probabilities.copy()
        empty = background(self.categories)
        if empty is not None:
            shares[empty] = 0
        index = int(shares.argmax())
        return Score(self.categories[index], self.confidence) if shares[index] > 0 else Score(UNKNOWN, 0.0)

    @property
    def unknown(self) -> bool:
        """Whether there is only background, or the mask is not worth giving."""
        return self.best.category == UNKNOWN or self.confidence < self.unknown_below

    @property
    def unsure(self) -> bool:
        """Whether the mask needs a second look."""
        return self.unknown or self.confidence < self.unsure_below

    def top(self, k: int) -> list[Score]:
        """The ``k`` categories with the most area, and their shares of it; background too."""
        return highest(self.categories, self.probabilities, k)

    def to_json(self, top_k: int) -> list[dict[str, object]]:
        """Every category that is there and its share of the area, largest first: the parts of a picture are one
        answer, so ``top_k`` cuts nothing off.
        """
        parts = [score for score in self.top(len(self.categories)) if score.confidence > 0]
        return [{"category": score.category, "share": round(score.confidence, 4)} for score in parts]

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The areas over the picture, uint8 (H, W, 3) of the same size; background stays as it is."""
        return draw_areas(picture, self.classes, background(self.categories))


def pack(
    tensors: Sequence[NDArray[Any]], form: Form, categories: Sequence[str], size: tuple[int, int]
) -> tuple[NDArray[np.float32], tuple[int, ...]]:
    """One output (N, n, H, W), or (N, H, W, n) as ``form.layout`` says, to the most probable category of each pixel and
    its probability: float32 (N, 2 * H * W) and the shape (2, H, W).

    One layer with two categories is the probability, or the logit, of the second: from 0.5 on it is there. Where
    ``form.values`` is "classes", the output is (N, H, W), with or without an axis of one, and confidences are 1.

    Raises:
        ValueError: another number of layers than of categories, a class that is none, or numbers that are none.
    """
    if len(categories) > _MOST:
        raise ValueError(f"it has {len(categories)} categories and a mask at most {_MOST}")
    numbers = floats(tensors[0])
    if numbers.ndim == 3:
        numbers = numbers[:, None] if form.layout == "NCHW" else numbers[..., None]
    if numbers.ndim != 4:
        raise ValueError(f"it gives numbers of shape {tensors[0].shape}, which are no masks")
    if form.values == "classes":
        classes, confidence = _of_classes(numbers, len(categories), form)
    else:
        layers = numbers if form.layout == "NCHW" else np.moveaxis(numbers, -1, 1)
        classes, confidence = _of_layers(layers, len(categories), logits=form.values == "logits")
    count, height, width = classes.shape
    packed = np.stack([classes.astype(np.float32), confidence], axis=1)
    return packed.reshape(count, 2 * height * width), (2, height, width)


def decode(
    rows: NDArray[np.float32],
    categories: Sequence[str],
    *,
    unsure_below: float = 0.0,
    unknown_below: float = 0.0,
    form: Form = Form(),
) -> list[MaskResult]:
    """What ``pack`` gives, float32 (N, 2 * H * W) with ``form.shape`` (2, H, W), to N results; thresholds 0 to 1.

    Raises:
        ValueError: rows and shape don't belong together, or hold a class that is none.
    """
    if len(form.shape) != 3 or form.shape[0] != 2 or rows.shape[1:] != (int(np.prod(form.shape)),):
        raise ValueError(f"expected rows for masks of shape {form.shape}, got {rows.shape}")
    names = tuple(categories)
    shape = form.shape[1], form.shape[2]
    results = []
    for classes, confidence in rows.reshape(len(rows), 2, shape[0] * shape[1]):
        indices = np.rint(classes).astype(np.int64)
        counts = np.bincount(indices, minlength=len(names))
        if len(counts) > len(names):
            raise ValueError(f"expected classes under {len(names)}, got {len(counts) - 1}")
        data = zlib.compress(indices.astype(np.uint8).tobytes(), 1)
        shares = (counts / max(1, len(indices))).astype(np.float32)
        mean = float(np.clip(confidence.mean(dtype=np.float64), 0, 1)) if len(indices) else 0.0
        results.append(MaskResult(names, shares, mean, shape, data, unsure_below, unknown_below))
    return results


def _of_layers(
    layers: NDArray[np.float32], count: int, *, logits: bool
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Layers (N, n, H, W) to classes and confidences, both (N, H, W)."""
    if layers.shape[1] == 1 and count == 2:
        thing = sigmoid(layers[:, 0]) if logits else np.clip(layers[:, 0], 0, 1)
        return (thing >= _THING).astype(np.intp), np.maximum(thing, 1 - thing)
    if layers.shape[1] != count or count == 0:
        raise ValueError(f"it gives {layers.shape[1]} layers for {count} categories")
    classes = layers.argmax(axis=1)
    most = layers.max(axis=1)
    if logits:  # of a softmax, only the largest is wanted
        return classes, 1 / np.exp(layers - most[:, None]).sum(axis=1)
    return classes, np.clip(most, 0, 1)


def _of_classes(numbers: NDArray[np.float32], count: int, form: Form) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Class numbers with an axis of length one, (N, 1, H, W) or (N, H, W, 1), as ``_of_layers``; where two axes may be
    meant, ``form.layout`` says which.
    """
    ones = [axis for axis in ((1, 3) if form.layout == "NCHW" else (3, 1)) if numbers.shape[axis] == 1]
    if not ones:
        raise ValueError(f"it gives numbers of shape {numbers.shape}, which are not one class a pixel")
    flat = numbers.squeeze(ones[0])
    low, high = (flat.min(), flat.max()) if flat.size else (0, 0)
    if low < 0 or high >= count:
        raise ValueError(f"it gives the classes {low:g} to {high:g} for {count} categories")
    classes = np.rint(flat)
    if not np.array_equal(classes, flat):
        raise ValueError("it gives classes that are no whole numbers")
    return classes.astype(np.intp), np.ones(flat.shape, np.float32)
