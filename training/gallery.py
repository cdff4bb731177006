"""Replies about many pictures that follow a learner: after a correction, all of them again, the visible ones first."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.answer import Reply
from models.heads.categories import softmax
from training.features import Features
from training.learned_head import Published
from training.learner import Learner
from training.replies import replies
from training.rescoring import Rescorer

__all__ = ["Gallery"]

BLOCK = 1024
"""Pictures whose replies are handed over together."""

KEPT = 16 * BLOCK
"""Pictures whose features stay in memory, 14 kB each, and are rescored by what changed."""


MOVED = 0.005
"""A probability's change that a person would not see: they are shown in hundredths."""


class Gallery:
    """The pictures somebody looks at, and what ``learner`` says of them. For one thread at a time.

    Args:
        learner: that answers.
        keep: pictures, at most, that stay in memory; those of the others are read from the cache of embeddings each
            time.
    """

    def __init__(self, learner: Learner, *, keep: int = KEPT) -> None:
        self._learner = learner
        self._keep_at_most = keep
        self._lock = threading.Lock()
        self._blocks: list[_Block] = []
        self._kept: set[bytes] = set()

    def replies(
        self, contents: Sequence[bytes], first: Sequence[bytes] = (), *, whole: bool = False
    ) -> Iterator[Mapping[bytes, Reply]]:
        """What is said now of ``contents``, in parts; those of ``first`` come first, and once more with the others.

        Of the pictures that are kept in memory only those of which something else is said than the last time: another
        category or label, unsure or unknown or not any more, or a probability that has moved by more than ``MOVED``.
        With ``whole`` all of them. A picture of which no embedding is at hand is left out.
        """
        with self._lock:
            if first:
                yield self._fresh(list(dict.fromkeys(first)))
            self._keep([content for content in dict.fromkeys(contents) if content not in self._kept])
            wanted = set(contents)
            for block in self._blocks:
                asked = wanted.intersection(block.contents)
                if asked:
                    said = block.replies(whole=whole or len(asked) < len(block.contents))
                    yield {content: reply for content, reply in said.items() if content in asked}
            rest = [content for content in dict.fromkeys(contents) if content not in self._kept]
            for start in range(0, len(rest), BLOCK):
                yield self._fresh(rest[start : start + BLOCK])

    def forget(self) -> None:
        """Let go of everything."""
        with self._lock:
            self._blocks, self._kept = [], set()

    def _keep(self, new: Sequence[bytes]) -> None:
        """Make blocks of as many new pictures as may be kept."""
        room = max(0, self._keep_at_most - len(self._kept))
        for start in range(0, min(room, len(new)), BLOCK):
            known = self._learner.embeddings(new[start : min(start + BLOCK, room)])
            if known:
                self._blocks.append(_Block(self._learner, list(known), np.stack(list(known.values()))))
                self._kept |= known.keys()

    def _fresh(self, contents: Sequence[bytes]) -> Mapping[bytes, Reply]:
        known = self._learner.embeddings(contents)
        if not known:
            return {}
        answered = self._learner.answer(list(known), np.stack(list(known.values())))
        return dict(zip(known, answered, strict=True))


class _Block:
    """Some pictures, with a rescorer for each head that learns."""

    def __init__(self, learner: Learner, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> None:
        self.contents = tuple(contents)
        self._learner = learner
        self._rescorers: list[Rescorer | None] = []
        self._said: list[_Said] = []
        shared: dict[Features, NDArray[np.float32]] = {}  # by identity: heads of one model mostly have the same
        for head in learner.learning_heads():
            if head is None:
                self._rescorers.append(None)
                continue
            features = head.head.features
            rescorer = Rescorer(head.head, embeddings, shared.get(features))
            shared[features] = rescorer.features
            self._rescorers.append(rescorer)
        # Only for a head that never changes, and is asked each time all the same
        self._embeddings = embeddings if None in self._rescorers else embeddings[:0]

    def replies(self, *, whole: bool) -> Mapping[bytes, Reply]:
        """What is said of those of which something else is said than before; of all with ``whole``, and at first."""
        learner = self._learner
        with learner.lock:
            published = learner.published
            logits = [
                head.logits(self._embeddings) if rescorer is None else rescorer.logits()
                for head, rescorer in zip(published, self._rescorers, strict=True)
            ]
        now = [_Said.of(head, scores, self.contents) for head, scores in zip(published, logits, strict=True)]
        moved = np.ones(len(self.contents), bool)
        if self._said and not whole:
            moved = np.any([one.moved(before) for one, before in zip(now, self._said, strict=True)], axis=0)
            for one, before in zip(now, self._said, strict=True):
                one.keep(before, ~moved)
        self._said = now
        rows = np.flatnonzero(moved)
        contents = [self.contents[row] for row in rows]
        return dict(
            zip(contents, replies(learner.spec, published, contents, [scores[rows] for scores in logits]), strict=True)
        )


@dataclass(slots=True, eq=False)
class _Said:
    """What a head has said of N pictures, as far as it was handed over.

    Attributes:
        categories: n names.
        probabilities: float32 (N, n).
        shown: int (N,): the best category, and whether it is unsure or unknown.
        labels: what a person has said, N of them.
    """

    categories: tuple[str, ...]
    probabilities: NDArray[np.float32]
    shown: NDArray[np.intp]
    labels: NDArray[np.object_]

    @classmethod
    def of(cls, head: Published, logits: NDArray[np.float32], contents: Sequence[bytes]) -> _Said:
        how = head.calibration
        probabilities = softmax(logits / np.float32(how.temperature))
        shown = np.zeros(len(contents), np.intp)
        if head.categories:
            best = probabilities.max(axis=1)
            shown = 4 * probabilities.argmax(axis=1) + 2 * (best < how.unsure_below) + (best < how.unknown_below)
        labels = np.array([head.labels.get(content) for content in contents], np.object_)
        return cls(head.categories, probabilities, shown, labels)

    def moved(self, before: _Said) -> NDArray[np.bool_]:
        """Of which of the pictures it says something else, bool (N,)."""
        if self.categories != before.categories:
            return np.ones(len(self.shown), bool)
        changed: NDArray[np.bool_] = (self.shown != before.shown) | (self.labels != before.labels)
        if self.categories:
            changed |= np.abs(self.probabilities - before.probabilities).max(axis=1) > MOVED
        return changed

    def keep(self, before: _Said, rows: NDArray[np.bool_]) -> None:
        """Of ``rows``, bool (N,), nothing is handed over: what was said before stands."""
        if self.categories == before.categories:
            self.probabilities[rows] = before.probabilities[rows]
