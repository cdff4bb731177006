"""What a head would say of its own examples had it not seen them: grounds to judge it by, with nothing set aside."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from training.incremental import IncrementalHead

__all__ = ["held_out_logits", "unseen"]

_AT_ONCE = 1024
"""Examples of which features are held in memory together."""


def held_out_logits(
    head: IncrementalHead,
    groups: Mapping[bytes, Hashable] | None = None,
    *,
    stop: Callable[[], None] = lambda: None,
) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
    """Of each example, what ``head`` would say had it seen neither that one nor any other of its group.

    In closed form (``unseen``): nothing is fitted again.

    Args:
        head: with N examples.
        groups: example -> group; the others are groups of their own. ``training.series`` finds groups by name.
        stop: called between two batches of groups; may raise to end the work.

    Returns:
        Logits float32 (N, n), and the true columns (N,), in the order of ``head.examples``.
    """
    at = {key: index for index, key in enumerate(head.examples)}
    members: dict[object, list[bytes]] = {}
    for key in at:
        # In a tuple, so that no name of a group is also a key
        members.setdefault((groups[key],) if groups and key in groups else key, []).append(key)
    logits = np.empty((len(at), len(head.categories)), np.float32)
    labels = np.empty(len(at), np.intp)
    for some in _batches(list(members.values())):
        stop()
        keys = [key for group in some for key in group]
        rows, targets = head.table(keys)
        gains = head.inverse_times(rows.T)
        missed = rows @ head.weights - targets
        start = 0
        for group in some:
            own = slice(start, start + len(group))
            missed[own] = unseen(rows[own], gains[:, own], missed[own])
            start = own.stop
        order = [at[key] for key in keys]
        logits[order] = missed + targets
        labels[order] = targets.argmax(axis=1)
    return logits, labels


def unseen(rows: NDArray[np.float64], gains: NDArray[np.float64], missed: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a ridge regression would miss of a group's targets, (m, n), had it not seen the group.

    The block form of leave-one-out for linear smoothers: with H = X P X' of the group, what is missed becomes
    (I - H)^-1 times what it was.

    Args:
        rows: X, the group's features (m, F).
        gains: P X', (F, m), P as in ``training.inverse``.
        missed: predictions less targets (m, n), with the group seen.
    """
    return np.asarray(np.linalg.solve(np.eye(len(rows)) - rows @ gains, missed), np.float64)


def _batches(groups: Sequence[list[bytes]]) -> Iterator[list[list[bytes]]]:
    """Whole groups, with about ``_AT_ONCE`` members at a time."""
    batch: list[list[bytes]] = []
    count = 0
    for group in groups:
        batch.append(group)
        count += len(group)
        if count >= _AT_ONCE:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
