"""A head as models ship it, ``head.npz``: in that form it answers (``models.library``) and can't learn."""

from __future__ import annotations

import io
import zipfile

import numpy as np
from numpy.typing import NDArray

from training.features import CONSTANT
from training.incremental import IncrementalHead

__all__ = ["freeze", "freeze_folded"]


def freeze(head: IncrementalHead, temperature: float) -> bytes:
    """The content of ``head.npz``: logits = ((e - mean) / scale) @ weights + bias, for embeddings e, (N, D).

    Float32 mean (D,), scale (D,), weights (D, n), bias (n,), with ``temperature``, more than 0, divided out. The same
    answers as the head's own to 1e-3. The same head gives the same bytes.
    """
    weights = head.weights / temperature
    return _written(head.features.mean, head.features.scale, weights[:-1], CONSTANT * weights[-1])


def freeze_folded(matrix: NDArray[np.float32], bias: NDArray[np.float32]) -> bytes:
    """The same for a head that is one product already: logits = e @ matrix + bias, matrix (D, n), bias (n,).

    Read back, it gives the very same numbers.
    """
    length = len(matrix)
    return _written(np.zeros(length), np.ones(length), matrix, bias)


def _written(*arrays: NDArray[np.floating]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, array in zip(("mean", "scale", "weights", "bias"), arrays, strict=True):
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array, np.float32), allow_pickle=False)
            # ``np.savez`` would write the time of day
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), content.getvalue())
    return target.getvalue()
