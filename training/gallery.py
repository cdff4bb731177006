"""Replies about many pictures that follow a learner: after a correction, all of them again, the visible ones first."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.answer import Reply
from training.features import Features
from training.learner import Learner
from training.replies import replies
from training.rescoring import Rescorer

__all__ = ["Gallery"]

BLOCK = 1024
"""Pictures whose replies are handed over together."""

KEPT = 16 * BLOCK
"""Pictures whose features stay in memory, 14 kB each, and are rescored by what changed."""


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

    def replies(self, contents: Sequence[bytes], first: Sequence[bytes] = ()) -> Iterator[Mapping[bytes, Reply]]:
        """What is said now of ``contents``, in parts; those of ``first`` come first, and once more with the others.

        A picture of which no embedding is at hand is left out.
        """
        with self._lock:
            if first:
                yield self._fresh(list(dict.fromkeys(first)))
            self._keep([content for content in dict.fromkeys(contents) if content not in self._kept])
            wanted = set(contents)
            for block in self._blocks:
                asked = wanted.intersection(block.contents)
                if asked:
                    yield {content: reply for content, reply in block.replies().items() if content in asked}
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

    def replies(self) -> Mapping[bytes, Reply]:
        learner = self._learner
        with learner.lock:
            published = learner.published
            logits = [
                head.logits(self._embeddings) if rescorer is None else rescorer.logits()
                for head, rescorer in zip(published, self._rescorers, strict=True)
            ]
        return dict(zip(self.contents, replies(learner.spec, published, self.contents, logits), strict=True))
