"""Labelled pictures as they lie on disk: a ``labels.csv``, and the files it names as the models see them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.images.decode import decode
from models.images.resize import to_square

__all__ = ["read_table", "square", "squares"]


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a header, every value as text (part numbers have leading zeros and letters).

    Raises:
        OSError: the file can't be read.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def square(path: Path, side: int) -> NDArray[np.uint8]:
    """One file as the pipeline hands it to a model: uint8 (side, side, 3).

    Raises:
        FileError: it can't be decoded.
        OSError: it can't be read.
    """
    return to_square(decode(path.read_bytes(), path.name, max_side=2 * side).on_grey(), side)


def squares(paths: Sequence[Path], side: int, *, batch_size: int = 32) -> Iterator[NDArray[np.uint8]]:
    """Files in their order, in batches uint8 (n, side, side, 3) of at most ``batch_size``; raises as ``square``."""
    for start in range(0, len(paths), batch_size):
        yield np.stack([square(path, side) for path in paths[start : start + batch_size]])
