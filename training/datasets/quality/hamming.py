"""All pairs of hashes that differ in few bits, by blocked matrix products."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["close_pairs"]

AT_ONCE = 2048
"""Hashes a side of a block: 16 MB of products."""


def close_pairs(
    hashes: NDArray[np.uint8], limit: int, *, stop: Callable[[], None] = lambda: None
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int16]]:
    """Rows that differ in at most ``limit`` bits.

    With bits as +1 and -1, the product of two hashes of B bits is B - 2 x (bits that differ), exact in float32. All
    pairs of 10,000 hashes of 256 bits take under a second on two cores, of 100,000 about a minute; bands of bits that
    must agree would miss pairs at the limits that a changed brightness needs, and gain nothing at these sizes.

    Args:
        hashes: uint8 (N, bytes).
        limit: bits.
        stop: called between blocks; may raise to end the work.

    Returns:
        First rows, second rows (first < second; sorted), and the bits that differ, (M,) each.
    """
    count, bits = len(hashes), 8 * hashes.shape[1]
    signs = np.unpackbits(hashes, axis=1).astype(np.float32) * 2 - 1
    found: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int16]]] = []
    for top in range(0, count, AT_ONCE):
        for left in range(top, count, AT_ONCE):
            stop()
            products = signs[top : top + AT_ONCE] @ signs[left : left + AT_ONCE].T
            if left == top:
                products[np.tril_indices(len(products))] = -np.inf
            first, second = np.nonzero(products >= bits - 2 * limit)
            apart = ((bits - products[first, second]) / 2).astype(np.int16)
            found.append((first + top, second + left, apart))
    if not found:
        return np.empty(0, np.intp), np.empty(0, np.intp), np.empty(0, np.int16)
    one, other, apart = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((other, one))
    return one[order], other[order], apart[order]
