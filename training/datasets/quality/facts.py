"""All that the checks look at, in arrays: gathered once (``gathering``). Nothing here reads a file or a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.datasets.heads import HeadDef
from training.datasets.quality.clusters import Clusters
from training.datasets.quality.learning import Learned, learn
from training.datasets.quality.likeness import Pairs, directions, near_pairs
from training.datasets.quality.signals import Signal
from training.datasets.records import Split
from training.datasets.values import Category, Value

__all__ = ["Facts", "HeadFacts", "counted"]

FEWEST_PEERS = 8
"""Pictures of a category under which it says nothing of what is usual in it."""


@dataclass(frozen=True, slots=True, eq=False)
class HeadFacts:
    """One question, and what is known of its answers.

    Attributes:
        head: the question.
        values: row of ``Facts`` -> label; rows without one are missing.
        guessed: rows whose label a model gave and nobody has looked at.
    """

    head: HeadDef
    values: Mapping[int, Value]
    guessed: Collection[int] = frozenset()


@dataclass(frozen=True, eq=False)
class Facts:
    """N pictures of one dataset, a row each.

    Attributes:
        ids: of the items, int64 (N,).
        contents: SHA-256 of each.
        names: of the files.
        places: of each, where it lies, in words; one at least.
        elsewhere: row -> other datasets that have the same content, by name.
        splits: of each.
        frozen: bool (N,), whether its split is fixed.
        groups: of each, what must not be parted; "" for none.
        sources: of each; "" for none.
        faults: row -> why it can't be read, a sentence.
        missing: bool (N,), whether its file is gone; then it is in ``faults`` too.
        signals: (N,) of ``SIGNALS``.
        measured: bool (N,), which rows of it hold anything.
        embeddings: float16 (N, D).
        embedded: bool (N,), which rows of it hold anything.
        blocks: stretches of D that come from one layer and one statistic each.
        heads: the questions.
        stop: called now and then; raises ``Cancelled`` when the person has enough.
    """

    ids: NDArray[np.int64]
    contents: Sequence[bytes]
    names: Sequence[str]
    places: Sequence[tuple[str, ...]]
    splits: Sequence[Split]
    frozen: NDArray[np.bool_]
    groups: Sequence[str]
    sources: Sequence[str]
    signals: Signal
    measured: NDArray[np.bool_]
    embeddings: NDArray[np.float16]
    embedded: NDArray[np.bool_]
    blocks: Sequence[slice]
    heads: Sequence[HeadFacts] = ()
    elsewhere: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    faults: Mapping[int, str] = field(default_factory=dict)
    missing: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, bool))
    stop: Callable[[], None] = lambda: None
    _learned: dict[str, Learned | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def count(self) -> int:
        """N."""
        return len(self.ids)

    @cached_property
    def towards(self) -> NDArray[np.float32]:
        """Vectors of length 1, float32 (N, d), whose products say how alike two pictures are."""
        return directions(self.embeddings, self.embedded, self.blocks)

    @cached_property
    def near(self) -> Pairs:
        """The pairs of rows that show one picture."""
        return near_pairs(self.signals, self.measured, self.towards, self.embedded, stop=self.stop)

    @cached_property
    def near_groups(self) -> list[list[int]]:
        """Rows that show one picture, directly or by way of others: groups of two and more."""
        clusters = Clusters(self.count)
        clusters.join_pairs(self.near.ones.tolist(), self.near.others.tolist())
        return clusters.groups()

    @cached_property
    def same_groups(self) -> list[list[int]]:
        """As ``near_groups``, of what is one picture beyond doubt."""
        clusters = Clusters(self.count)
        same = self.near.same
        clusters.join_pairs(self.near.ones[same].tolist(), self.near.others[same].tolist())
        return clusters.groups()

    @cached_property
    def pictured(self) -> NDArray[np.intp]:
        """(N,): a number for each row, the same for all that show one picture."""
        numbers = np.arange(self.count)
        for group in self.near_groups:
            numbers[group] = group[0]
        return numbers

    @cached_property
    def together(self) -> NDArray[np.intp]:
        """(N,): a number for each row, the same for all that a split must not part: one picture, or one group."""
        clusters = Clusters(self.count)
        clusters.join_pairs(self.near.ones.tolist(), self.near.others.tolist())
        clusters.join_equal(self.groups)
        return clusters.numbers()

    @cached_property
    def peers(self) -> NDArray[np.intp]:
        """(N,): a number for each row, the same for those of which the same is to be expected.

        That is their first category, as the sky is smooth in all pictures of skies; and -1 for those without one, or
        with one of fewer than ``FEWEST_PEERS`` pictures, which are compared with the whole set.
        """
        first = next((one for one in self.heads if one.head.kind == "categories"), None)
        names = {row: value.name for row, value in first.values.items() if isinstance(value, Category)} if first else {}
        enough = sorted(name for name, count in Counter(names.values()).items() if count >= FEWEST_PEERS)
        numbers = {name: number for number, name in enumerate(enough)}
        return np.array([numbers.get(names.get(row, ""), -1) for row in range(self.count)], np.intp)

    def learned(self, one: HeadFacts) -> Learned | None:
        """What the labels of a question with one of its categories teach; None where they are too few."""
        if one.head.name not in self._learned:
            self._learned[one.head.name] = self._learn(one) if one.head.kind == "categories" else None
        return self._learned[one.head.name]

    def _learn(self, one: HeadFacts) -> Learned | None:
        columns = {name: column for column, name in enumerate(one.head.categories)}
        labelled = {
            row: columns[value.name]
            for row, value in sorted(one.values.items())
            if isinstance(value, Category) and self.embedded[row]
        }
        rows = np.array(list(labelled), np.intp)
        labels = np.array(list(labelled.values()), np.intp)
        told = np.array([row not in one.guessed for row in labelled], bool)
        # Copies under one label would confirm each other. A copy with another label is evidence, and stays.
        groups = list(zip(self.pictured[rows].tolist(), labels.tolist(), strict=True))
        return learn(
            rows,
            self.embeddings[rows],
            labels,
            told,
            len(columns),
            groups=groups,
            blocks=self.blocks,
            stop=self.stop,
        )

    def items(self, rows: Sequence[int] | NDArray[np.intp]) -> tuple[int, ...]:
        """The ids of rows."""
        return tuple(self.ids[list(rows)].tolist()) if len(rows) else ()


def counted(count: int, one: str, many: str = "") -> str:
    """Such as "1 picture" and "1,200 pictures"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
