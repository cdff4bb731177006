"""What to label next: pictures about which what was learned is unsure, and unlike all that is labelled.

Pool-based active learning. The score is uncertainty times the root of novelty, picked greedily: each pick counts as
labelled for the novelty of the others, as in k-center (Sener and Savarese, ICLR 2018), so that ten picks are not ten
pictures of one thing. Uncertainty is how close the two best answers are (margin sampling; Scheffer et al., IDA 2001).
``tests.benchmarks.label_next`` says what it saves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.labelling.pool import Pool

__all__ = ["Novelty", "Suggestion", "pick"]

CANDIDATES = 1024
"""Rows among which are picked, at first; more when the best of them gets worse than what was left out."""

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A picture to label next.

    Attributes:
        item: its id.
        score: uncertainty x root of novelty, 0 to 1, when it was picked.
        uncertainty: 0 to 1.
        novelty: 0 (looks like something labelled) to 1 (like nothing).
        why: a sentence.
    """

    item: int
    score: float
    uncertainty: float
    novelty: float
    why: str


class Novelty:
    """How unlike all that is labelled each picture is, kept up to date while labels come and go.

    Args:
        pool: the pictures.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._labelled: set[int] = set()
        self._nearest = np.full(len(pool.ids), -np.inf, np.float32)
        self._whose = np.full(len(pool.ids), -1, np.intp)

    @property
    def values(self) -> NDArray[np.float32]:
        """float32 (N,): 1 - cosine to the most alike labelled picture, within 0 and 1; 1 while nothing is labelled."""
        return np.clip(1 - self._nearest, 0, 1)

    def add(self, rows: Collection[int]) -> None:
        """Rows are labelled now. A product with all pictures for each: a millisecond among 10,000."""
        new = np.array([row for row in rows if row not in self._labelled and self._pool.embedded[row]], np.intp)
        self._labelled.update(new.tolist())
        self._near(np.arange(len(self._nearest)), new)

    def remove(self, rows: Collection[int]) -> None:
        """Rows are not labelled any more; only pictures that were most like one of them are looked at again."""
        gone = self._labelled & set(rows)
        self._labelled -= gone
        lost = np.flatnonzero(np.isin(self._whose, list(gone)))
        self._nearest[lost], self._whose[lost] = -np.inf, -1
        self._near(lost, np.array(sorted(self._labelled), np.intp))

    def _near(self, rows: NDArray[np.intp], labelled: NDArray[np.intp]) -> None:
        if not len(rows):
            return
        everything = len(rows) == len(self._nearest)
        for start in range(0, len(labelled), _AT_ONCE):
            some = labelled[start : start + _AT_ONCE]
            for first in range(0, len(rows), 16 * _AT_ONCE):
                part = slice(first, first + 16 * _AT_ONCE) if everything else rows[first : first + 16 * _AT_ONCE]
                likeness = cosines(self._pool, part, some)
                best = likeness.argmax(axis=1)
                value = likeness[np.arange(len(best)), best]
                nearer = value > self._nearest[part]
                self._nearest[part] = np.where(nearer, value, self._nearest[part])
                self._whose[part] = np.where(nearer, some[best], self._whose[part])


def cosines(pool: Pool, rows: NDArray[np.intp] | slice, others: NDArray[np.intp]) -> NDArray[np.float32]:
    """Of rows (M,) and others (K,), float32 (M, K)."""
    found: NDArray[np.float32] = pool.features[rows] @ (pool.features[others] / pool.lengths[others][:, None]).T
    found /= pool.lengths[rows][:, None]
    return found


def pick(
    pool: Pool,
    rows: NDArray[np.intp],
    uncertainty: NDArray[np.floating],
    novelty: NDArray[np.floating],
    count: int,
    *,
    candidates: int = CANDIDATES,
) -> tuple[NDArray[np.intp], NDArray[np.float32], NDArray[np.float32]]:
    """Which rows to label next, the first one first.

    A pick only makes the others less novel, so a score can only fall: what was worse than a pick before is worse still,
    and need not be looked at (lazy greedy; Minoux, 1978). The picks are those that looking at all would give.

    Args:
        pool: the pictures.
        rows: (M,), from which to pick, embedded ones.
        uncertainty: (M,), 0 to 1.
        novelty: (M,), 0 to 1.
        count: how many at most.
        candidates: among how many to look at first; it changes the time, not the picks.

    Returns:
        Of the picks: places in ``rows`` (K,), scores and novelties float32 (K,) when they were picked.
    """
    now = novelty.astype(np.float32)
    sure = uncertainty.astype(np.float32)
    order = np.argsort(-(sure * np.sqrt(now)), kind="stable")
    looked_at = min(max(candidates, 2 * count), len(order))
    picked: list[int] = []
    scores: list[float] = []
    novelties: list[float] = []
    among = order[:looked_at]
    left = np.ones(len(among), bool)
    while len(picked) < min(count, len(rows)):
        score = np.where(left, sure[among] * np.sqrt(now[among]), np.float32(-1))
        best = int(score.argmax())
        outside = order[looked_at] if looked_at < len(order) else None
        if outside is not None and score[best] < sure[outside] * np.sqrt(now[outside]):
            more = order[looked_at : 4 * looked_at]
            for place in picked:
                _dull(pool, rows, more, place, now)
            looked_at += len(more)
            among, left = np.concatenate([among, more]), np.concatenate([left, np.ones(len(more), bool)])
            continue
        place = int(among[best])
        left[best] = False
        picked.append(place)
        scores.append(float(score[best]))
        novelties.append(float(now[place]))
        _dull(pool, rows, among, place, now)
    return np.array(picked, np.intp), np.array(scores, np.float32), np.array(novelties, np.float32)


def _dull(
    pool: Pool, rows: NDArray[np.intp], places: NDArray[np.intp], picked: int, novelty: NDArray[np.float32]
) -> None:
    """Make ``places`` of ``novelty`` no more than their distance from what was picked."""
    likeness = cosines(pool, rows[places], rows[[picked]])[:, 0]
    novelty[places] = np.minimum(novelty[places], np.clip(1 - likeness, 0, 1))
