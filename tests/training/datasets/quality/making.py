"""Facts made of little pictures and vectors, where a real set would hide what a check looks at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from models.images.picture import Picture
from training.datasets.heads import HeadDef
from training.datasets.quality.facts import Facts, HeadFacts
from training.datasets.quality.signals import SIGNALS, of_picture
from training.datasets.records import Split
from training.datasets.values import Category, Value

DIMENSIONS = 8


def scene(seed: int, side: int = 128) -> NDArray[np.uint8]:
    """A sharp picture that has nothing in common with that of another seed, uint8 (side, side, 3)."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (12, 12, 3)).astype(np.uint8)
    return np.ascontiguousarray(cv2.resize(coarse, (side, side), interpolation=cv2.INTER_NEAREST))


def picture(rgb: NDArray[np.uint8]) -> Picture:
    """As it comes from a decoder."""
    return Picture(rgb, rgb.shape[1], rgb.shape[0], "PNG", 3, 8)


def category_head(labels: Sequence[str | None], name: str = "material", more: Sequence[str] = ()) -> HeadFacts:
    """A question with categories, answered by row."""
    names = sorted({one for one in labels if one is not None} | set(more))
    values = {row: Category(one) for row, one in enumerate(labels) if one is not None}
    return HeadFacts(HeadDef(name, "categories", tuple(names)), values)


def facts(
    pictures: Sequence[NDArray[np.uint8]],
    *,
    vectors: NDArray[np.floating] | None = None,
    splits: Sequence[Split] | None = None,
    frozen: Sequence[bool] | None = None,
    groups: Sequence[str] | None = None,
    heads: Sequence[HeadFacts] = (),
    elsewhere: Mapping[int, tuple[str, ...]] | None = None,
    places: Sequence[tuple[str, ...]] | None = None,
    stop: Callable[[], None] = lambda: None,
) -> Facts:
    """Facts about ``pictures``; ids are 100, 101, ... Without ``vectors`` nothing is embedded."""
    count = len(pictures)
    return Facts(
        ids=np.arange(100, 100 + count),
        contents=[hashlib.sha256(str(row).encode()).digest() for row in range(count)],
        names=[f"{row}.png" for row in range(count)],
        places=places or [(f"{row}.png",) for row in range(count)],
        splits=splits or [""] * count,
        frozen=np.array(frozen or [False] * count, bool),
        groups=groups or [""] * count,
        sources=[""] * count,
        signals=np.array([of_picture(picture(one)) for one in pictures], SIGNALS),
        measured=np.ones(count, bool),
        embeddings=np.zeros((count, DIMENSIONS), np.float16) if vectors is None else vectors.astype(np.float16),
        embedded=np.full(count, vectors is not None),
        blocks=[slice(0, DIMENSIONS)],
        heads=heads,
        elsewhere=elsewhere or {},
        missing=np.zeros(count, bool),
        stop=stop,
    )


def said(values: Mapping[int, Value | None]) -> dict[int, str | None]:
    """A fix's labels as text."""
    return {item: value.name if isinstance(value, Category) else None for item, value in values.items()}
