"""Masks between arrays and the blob store. Imports OpenCV: keep it out of what only counts and lists."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError
from training.datasets.blobs import BlobStore
from training.datasets.values import Mask

__all__ = ["UNKNOWN_PIXEL", "put_mask", "read_mask"]

UNKNOWN_PIXEL = 255
"""A pixel that nobody knows: left out of losses and figures."""


def put_mask(blobs: BlobStore, indices: NDArray[np.uint8]) -> Mask:
    """Keep a mask, and return the value that names it.

    Args:
        blobs: of the dataset store.
        indices: uint8 (H, W), H and W at least 1: indices into the head's categories; 255 is unknown.

    Raises:
        DatasetError: it has another form.
        WorkspaceError: it can't be written.
    """
    if indices.dtype != np.uint8 or indices.ndim != 2 or not indices.size:
        raise DatasetError("A mask must have one byte a pixel; convert it.")
    written, png = cv2.imencode(".png", np.ascontiguousarray(indices))
    if not written:
        raise DatasetError("A mask could not be written as PNG; make it smaller.")
    present = np.flatnonzero(np.bincount(indices.ravel(), minlength=256)[:UNKNOWN_PIXEL])
    height, width = indices.shape
    return Mask(blobs.put(png.tobytes()), width, height, tuple(int(index) for index in present))


def read_mask(blobs: BlobStore, mask: Mask) -> NDArray[np.uint8]:
    """uint8 (H, W): the counterpart of ``put_mask``.

    Raises:
        WorkspaceError: the blob is gone or damaged.
        DatasetError: it is no mask of the size that is stated.
    """
    found = cv2.imdecode(np.frombuffer(blobs.read(mask.blob), np.uint8), cv2.IMREAD_UNCHANGED)
    if found is None or found.dtype != np.uint8 or found.shape != (mask.height, mask.width):
        raise DatasetError(f"{blobs.path(mask.blob)} is not the mask it should be; make the mask anew.")
    indices: NDArray[np.uint8] = found
    return indices
