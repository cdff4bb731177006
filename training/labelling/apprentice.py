"""What learns while one labels: an exact incremental head on the pictures of a dataset, for one of its questions."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import DatasetError
from training.datasets.heads import HeadDef
from training.datasets.values import Value
from training.datasets.wording import pictures
from training.labelling.active_learning import Novelty, Suggestion, pick
from training.labelling.answers import ANSWERS, Answers
from training.labelling.pool import Pool
from training.labelling.proposals import Proposal
from training.labelling.ridge import Ridge

__all__ = ["Apprentice", "can_learn"]

GROWN = 1.1
"""How many times as many labels as at the last calibration make a new one due."""

FEW = 10
"""Changes that make none due, whatever the share."""


def can_learn(head: HeadDef) -> bool:
    """Whether answers of this kind can be learned from vectors: categories, tags and grades."""
    return head.kind in ANSWERS


class Apprentice:
    """Learns each label at once, and proposes the others. Not for several threads at once.

    What it knows depends on the labels alone, not on the order in which they came; a label that is taken back is as if
    it had never been given. A label takes a millisecond or two among 10,000 pictures, 30 among 100,000.

    Args:
        pool: the pictures.
        head: the question.
        labels: item -> what it is; items that the pool does not have, or without an embedding, teach nothing.

    Raises:
        DatasetError: the question is answered by drawing or with a picture, or a label does not answer it.
    """

    def __init__(self, pool: Pool, head: HeadDef, labels: Mapping[int, Value]) -> None:
        if not can_learn(head):
            raise DatasetError(
                f"{head.name} is answered with {head.kind}, which is not learned here; let a model propose."
            )
        self.head = head
        self._pool = pool
        self._answers: Answers = ANSWERS[head.kind](head)
        self._ridge = Ridge(pool.features, self._answers.outputs)
        self._novelty = Novelty(pool)
        self._labels: dict[int, Value] = {}
        self._settled = (0, 0)  # labels and changes at the last calibration
        self._changes = 0
        self.learn_many(labels)

    @property
    def labels(self) -> Mapping[int, Value]:
        """Item -> label of all that it was told, also of what teaches nothing."""
        return self._labels

    @property
    def known(self) -> int:
        """Labels that it has learned from."""
        return len(self._ridge.targets)

    @property
    def ready(self) -> bool:
        """Whether it can propose anything: it has seen two different answers."""
        return self._answers.ready(self._labels.values()) and self.known >= 2

    @property
    def words(self) -> str:
        """Where it stands, a sentence."""
        if self.ready:
            return f"Learned from the labels of {pictures(self.known)}."
        if not self._pool.embedded.any():
            return "No picture has been looked at yet; nothing can be learned."
        return "Nothing to propose yet; label pictures with two different answers."

    # -- learning -----------------------------------------------------------------------------------------------------

    def learn(self, item: int, value: Value) -> None:
        """An item is ``value``, whatever it was."""
        self.learn_many({item: value})

    def forget(self, item: int) -> None:
        """Nobody knows any more what an item is."""
        self.learn_many({item: None})

    def learn_many(self, labels: Mapping[int, Value | None]) -> None:
        """Items are what ``labels`` say; None for unknown.

        Raises:
            DatasetError: a label does not answer the question; nothing is learned then.
        """
        for value in labels.values():
            if value is not None and value.kind != self.head.kind:
                raise DatasetError(f"{self.head.name} is answered with {self.head.kind}, not with {value.kind}.")
        for item, value in labels.items():
            if value is None:
                self._labels.pop(item, None)
            else:
                self._labels[item] = value
        rows, pool = self._pool.rows, self._pool
        learned = {rows[item]: value for item, value in labels.items() if item in rows and pool.embedded[rows[item]]}
        if self._answers.widen(value for value in learned.values() if value is not None):
            self._ridge.widen(self._answers.outputs)
        targets = {row: None if value is None else self._answers.target(value) for row, value in learned.items()}
        self._ridge.set(targets)
        self._novelty.add([row for row, value in learned.items() if value is not None])
        self._novelty.remove([row for row, value in learned.items() if value is None])
        self._changes += len(learned)

    def settle(self) -> None:
        """Find anew how sure to sound, from what it would say of its own labels had it not seen them."""
        rows, logits = self._ridge.held_out(self._pool.together)
        labels = [self._labels[int(self._pool.ids[row])] for row in rows]
        self._answers.calibrate(logits, labels, self._leverage(rows))
        self._settled = self.known, self._changes

    # -- proposing ----------------------------------------------------------------------------------------------------

    def propose(self, items: Sequence[int] | None = None) -> list[Proposal]:
        """What items may be, in their order; those without an embedding are left out.

        Args:
            items: None for all without a label.
        """
        if not self.ready:
            return []
        self._settle_if_due()
        rows = self._rows(items)
        said = self._answers.say(self._ridge.predict(rows), self._leverage(rows))
        return [
            Proposal(int(item), self.head.name, said.value(place), float(said.confidence[place]), said.words(place))
            for place, item in enumerate(self._pool.ids[rows].tolist())
        ]

    def label_next(self, count: int = 50, among: Collection[int] | None = None) -> list[Suggestion]:
        """Which pictures without a label would teach most, the first one first, and why.

        Args:
            count: how many at most.
            among: only of these items; None for all.
        """
        rows = self._rows(among)
        rows = rows[[int(item) not in self._labels for item in self._pool.ids[rows].tolist()]]
        if not len(rows):
            return []
        if not self.known:
            return self._first(rows, count)
        novelty = self._novelty.values[rows]
        if not self.ready:
            uncertainty, unsure = np.ones(len(rows), np.float32), None
        else:
            self._settle_if_due()
            unsure = self._answers.say(self._ridge.predict(rows), self._leverage(rows))
            uncertainty = unsure.uncertainty
        usual = float(np.quantile(novelty, 0.75))
        places, scores, novelties = pick(self._pool, rows, uncertainty, novelty, count)
        found = []
        for place, score, new in zip(places.tolist(), scores.tolist(), novelties.tolist(), strict=True):
            why = _reason(unsure.doubt(place) if unsure is not None else "", new, float(novelty[place]), usual)
            item = int(self._pool.ids[rows[place]])
            found.append(Suggestion(item, score, float(uncertainty[place]), float(novelty[place]), why))
        return found

    def _first(self, rows: NDArray[np.intp], count: int) -> list[Suggestion]:
        """Nothing is labelled: first the most ordinary picture, then ever others."""
        pool = self._pool
        middle = (pool.features[rows] / pool.lengths[rows][:, None]).mean(axis=0)
        start = rows[int((pool.features[rows] @ middle / pool.lengths[rows]).argmax())]
        twin = Novelty(pool)
        twin.add([int(start)])
        novelty = twin.values[rows]
        novelty[rows == start] = 1
        order = np.ones(len(rows), np.float32)
        order[rows == start] = 2  # before all others
        places, _, novelties = pick(pool, rows, order, novelty, count)
        words = ["Nothing is labelled yet, and many pictures are like it."]
        words += ["It looks like none of those before it."] * (len(places) - 1)
        return [
            Suggestion(int(pool.ids[rows[place]]), math.sqrt(new), 1.0, float(new), why)
            for place, new, why in zip(places.tolist(), novelties.tolist(), words, strict=False)
        ]

    def _rows(self, items: Collection[int] | None) -> NDArray[np.intp]:
        rows = self._pool.rows
        if items is None:
            chosen = np.flatnonzero(self._pool.embedded)
            return chosen[[int(item) not in self._labels for item in self._pool.ids[chosen].tolist()]]
        found = [rows[item] for item in items if item in rows]
        return np.array([row for row in found if self._pool.embedded[row]], np.intp)

    def _leverage(self, rows: NDArray[np.intp]) -> NDArray[np.float64]:
        return self._ridge.leverage(rows) if self.head.kind == "grade" else np.zeros(len(rows))

    def _settle_if_due(self) -> None:
        known, changes = self._settled
        if not known or self.known > GROWN * known or self._changes - changes > max(FEW, known // 10):
            self.settle()


def _reason(doubt: str, novelty: float, at_first: float, usual: float) -> str:
    """Why a picture is worth a label."""
    unlike = novelty >= usual and novelty > 0.3
    if unlike and novelty >= 0.7:
        return f"Nothing labelled looks like it{'; ' + doubt[:1].lower() + doubt[1:] if doubt else '.'}"
    if doubt and unlike:
        return f"{doubt[:-1]}, and little that is labelled looks like it."
    if doubt:
        return doubt
    if at_first - novelty > 0.2:
        return "It is unlike what is labelled and most of those before it."
    return "Of what is left it would teach most."
