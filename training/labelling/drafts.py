"""Answers that are not labels yet: what is painted, or made by a model, before it is kept in the blob store."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.datasets.blobs import BlobStore
from training.datasets.values import Target, Targets, Value

__all__ = [
    "CompressedMask",
    "Draft",
    "GivenTarget",
    "GivenTargets",
    "MadePicture",
    "PaintedMask",
    "shown",
    "to_value",
]


@dataclass(frozen=True, slots=True, eq=False)
class PaintedMask:
    """A mask at the full size of its picture.

    Attributes:
        indices: uint8 (H, W), into the head's categories; 255 is unknown.
    """

    indices: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class CompressedMask:
    """A mask as a network made it, small, for a picture that is larger: thousands of them fit into memory.

    Attributes:
        data: indices in C order, uint8 as in ``PaintedMask``, compressed by zlib.
        shape: height and width of what is compressed.
        width: pixels of the picture.
        height: likewise.
    """

    data: bytes
    shape: tuple[int, int]
    width: int
    height: int

    @classmethod
    def of(cls, indices: NDArray[np.uint8], width: int, height: int) -> CompressedMask:
        """Of a small mask, uint8 (h, w)."""
        small = np.ascontiguousarray(indices)
        return cls(zlib.compress(small.tobytes(), 1), (small.shape[0], small.shape[1]), width, height)

    def painted(self) -> PaintedMask:
        """At full size; each pixel is what the small pixel over its middle is."""
        small = np.frombuffer(zlib.decompress(self.data), np.uint8).reshape(self.shape)
        down = _middles(self.height, self.shape[0])
        across = _middles(self.width, self.shape[1])
        return PaintedMask(np.ascontiguousarray(small[down][:, across]))


@dataclass(frozen=True, slots=True, eq=False)
class MadePicture:
    """The picture that a model answers with, as a PNG file, and what it is (``Target.role``)."""

    png: bytes
    role: str = ""


@dataclass(frozen=True, slots=True)
class GivenTarget:
    """A paired picture as a person gives it.

    Attributes:
        data: the whole file.
        role: what the picture is, such as "recoloured".
        params: what was asked for, such as {"colour": "#76689A"}.
    """

    data: bytes
    role: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenTargets:
    """Paired pictures of which at least one is given; becomes ``Targets``."""

    targets: tuple[Target | GivenTarget, ...]


Draft = Value | PaintedMask | CompressedMask | MadePicture | GivenTargets
"""What an editor shows, and a model proposes."""


def shown(draft: Draft) -> Value | PaintedMask | MadePicture | GivenTargets:
    """The form that an editor takes."""
    return draft.painted() if isinstance(draft, CompressedMask) else draft


def to_value(blobs: BlobStore, draft: Draft) -> Value:
    """The label, with its pixels in the blob store.

    Raises:
        DatasetError: it can't be one.
        WorkspaceError: the blob can't be written.
    """
    draft = shown(draft)
    if isinstance(draft, PaintedMask):
        from training.datasets.masks import put_mask  # OpenCV: only where a mask is kept

        return put_mask(blobs, draft.indices)
    if isinstance(draft, MadePicture):
        return Targets((Target(blob=blobs.put(draft.png), role=draft.role),))
    if isinstance(draft, GivenTargets):
        return Targets(
            tuple(
                Target(blob=blobs.put(one.data), role=one.role, params=one.params)
                if isinstance(one, GivenTarget)
                else one
                for one in draft.targets
            )
        )
    return draft


def _middles(size: int, small: int) -> NDArray[np.intp]:
    """Of each of ``size`` pixels, which of ``small`` lies over its middle."""
    return np.minimum(((np.arange(size) + 0.5) * small / size).astype(np.intp), small - 1)
