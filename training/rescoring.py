"""Scores of many pictures that follow a head as it learns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.incremental import IncrementalHead

__all__ = ["Rescorer"]

_EXACT_AFTER = 500
"""Updates after which scores are computed whole, so that roundings of float32 don't add up."""


class Rescorer:
    """Logits of N pictures, updated with what changed in the weights and not with all of them.

    Keeps the features: 4 N F bytes, 140 MB for 10,000 pictures and 3,497 features.

    Args:
        head: may learn at any time; ``logits`` catches up.
        embeddings: (N, D).
        features: of the same pictures, float32 (N, F), if another head of the same features has made them already.

    Attributes:
        features: as given or made.
    """

    def __init__(
        self,
        head: IncrementalHead,
        embeddings: NDArray[np.floating],
        features: NDArray[np.float32] | None = None,
    ) -> None:
        self._head = head
        self.features = head.features.cached(embeddings) if features is None else features
        self._logits = np.empty((len(embeddings), 0), np.float32)
        self._version = -1
        self._updates = 0

    def logits(self) -> NDArray[np.float32]:
        """What the head says now of each picture, float32 (N, n). A fresh array only if something has changed."""
        head = self._head
        weights = head.weights  # before ``version`` and the changes: asking may make them anew
        if self._version == head.version:
            return self._logits
        changes = head.changes_since(self._version) if self._updates < _EXACT_AFTER else None
        # m columns through the features and back cost what m of the n outputs cost; beyond a third of n, all is better.
        if changes is None or 3 * sum(change.left.shape[1] for change in changes) > weights.shape[1]:
            self._logits = self.features @ weights.astype(np.float32)
            self._updates = 0
        else:
            updated = self._logits.copy()
            for change in changes:
                updated += (self.features @ change.left.astype(np.float32)) @ change.right.astype(np.float32)
            self._logits = updated
            self._updates += len(changes)
        self._version = head.version
        return self._logits
