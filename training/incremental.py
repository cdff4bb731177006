"""A classifier that learns one example at a time and is always what a fit from scratch would give. NumPy only.

Ridge regression on one-hot labels with fixed features (``training.features``). Its weights depend on the set of
labelled examples alone, not on the order in which they came; so to take a correction back is to learn the reverse.
After RanPAC (McDonnell et al., NeurIPS 2023), with G = sum h h' and Q = sum h y' of that paper kept as P = (G + ridge
I)^-1 and W = P Q, which can be updated fast, and the examples beside them, from which both can be made again. Their
random projection lost on our embeddings (docs/learning.md), so features are standardised embeddings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from training.features import Features
from training.inverse import RegularisedInverse

__all__ = ["Example", "IncrementalHead", "Snapshot", "WeightChange"]

TOLERANCE = 1e-9
"""The relative error of the weights at which all is made anew from the examples; 1,000 times under what is promised."""

_REMEMBERED = 64
"""Changes of the weights that are kept for those who follow them."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What was learned from one picture: its embedding, float16 (D,), and its category."""

    embedding: NDArray[np.float16]
    category: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a head had learned at some time. Shares the embeddings with the head: some 100 bytes an example."""

    categories: tuple[str, ...]
    examples: Mapping[bytes, Example]


@dataclass(frozen=True, slots=True, eq=False)
class WeightChange:
    """Weights after = weights before + left @ right; left (F, m), right (m, n), float64."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]


class IncrementalHead:
    """Ridge regression from embeddings to categories, updated exactly. Not for several threads at once.

    A change of one example takes some milliseconds at 2,337 features, whatever the number of examples. The first change
    of a new or loaded head, and a change of very many examples, waits for one fit from scratch (``prepare``).

    Args:
        features: fixed from here on.
        ridge: the penalty on squared weights, more than 0.
        categories: names, none twice.

    Attributes:
        features: as given.
        ridge: as given.
        version: grows with each change of the weights.
    """

    def __init__(self, features: Features, *, ridge: float, categories: Sequence[str] = ()) -> None:
        if not ridge > 0 or not np.isfinite(ridge):
            raise ValueError(f"the ridge penalty must be more than 0, not {ridge}")
        if len(set(categories)) != len(categories):
            raise ValueError("a category is listed twice")
        self.features = features
        self.ridge = ridge
        self.version = 0
        self._columns = {name: index for index, name in enumerate(categories)}
        self._examples: dict[bytes, Example] = {}
        self._weights = np.zeros((features.count, len(categories)))
        self._stale = False
        self._inverse: RegularisedInverse | None = None
        self._changes: deque[WeightChange] = deque(maxlen=_REMEMBERED)
        # For the check of drift: with G = sum h h', Q = sum h y' and a fixed vector z, (G z + ridge z)' W must be z' Q.
        self._probe = np.random.RandomState(0).standard_normal(features.count)
        self._left = ridge * self._probe
        self._right = np.zeros(len(categories))

    @classmethod
    def of_state(
        cls,
        features: Features,
        *,
        ridge: float,
        categories: Sequence[str],
        examples: Mapping[bytes, Example],
        weights: NDArray[np.float64],
        inverse: RegularisedInverse | None = None,
    ) -> IncrementalHead:
        """A head as it was: what ``examples`` and ``weights`` said then. Weights that do not belong are made anew.

        With ``inverse``, that of these very examples, which becomes the head's own, it is prepared as well.

        Raises:
            ValueError: a shape does not fit, or a number is not finite.
            KeyError: an example of no category.
        """
        head = cls(features, ridge=ridge, categories=categories)
        head.add_many((key, example.embedding, example.category) for key, example in examples.items())
        if weights.shape != head._weights.shape or not np.isfinite(weights).all():
            raise ValueError(f"weights are {head._weights.shape} finite numbers")
        head._weights = weights.astype(np.float64)
        head._stale = False
        head._inverse = inverse
        head._sum_up()
        if head.drift() > TOLERANCE:
            head._forget()
        return head

    @property
    def categories(self) -> tuple[str, ...]:
        """Names, in the order of the logits."""
        return tuple(self._columns)

    @property
    def examples(self) -> Mapping[bytes, Example]:
        """All that was learned, by key, in the order in which it came. A view; it changes with the head."""
        return MappingProxyType(self._examples)

    @property
    def weights(self) -> NDArray[np.float64]:
        """W, (F, n): features @ W are the logits. Read-only."""
        if self._stale:
            self._prepared()
        view = self._weights.view()
        view.flags.writeable = False
        return view

    def logits(self, embeddings: NDArray[np.floating]) -> NDArray[np.float32]:
        """Embeddings (N, D) to float32 (N, n): about 1 for what a picture is and 0 for what it is not."""
        return (self.features(embeddings) @ self.weights).astype(np.float32)

    def add_category(self, name: str) -> None:
        """A new category with no examples, last.

        Raises:
            ValueError: it is there.
        """
        if name in self._columns:
            raise ValueError(f"the category {name!r} is there")
        self._columns[name] = len(self._columns)
        self._weights = np.append(self._weights, np.zeros((self.features.count, 1)), axis=1)
        self._right = np.append(self._right, 0.0)
        self._break_changes()

    def remove_category(self, name: str) -> None:
        """Take a category away.

        Raises:
            KeyError: there is no such category.
            ValueError: it has examples.
        """
        if any(example.category == name for example in self._examples.values()):
            raise ValueError(f"the category {name!r} has examples; remove or relabel them first")
        column = self._columns[name]
        names = [other for other in self._columns if other != name]
        self._columns = {other: index for index, other in enumerate(names)}
        self._weights = np.delete(self._weights, column, axis=1)
        self._right = np.delete(self._right, column)
        self._break_changes()

    def add(self, key: bytes, embedding: NDArray[np.floating], category: str) -> None:
        """Learn one example; as ``add_many``."""
        self.add_many([(key, embedding, category)])

    def add_many(self, examples: Iterable[tuple[bytes, NDArray[np.floating], str]]) -> None:
        """Learn examples: key (the content's hash), embedding (D,), category. All or none.

        Raises:
            KeyError: no such category.
            ValueError: a key is there already or comes twice, or an embedding has another shape or is not finite.
        """
        new: dict[bytes, Example] = {}
        for key, embedding, category in examples:
            if key in self._examples or key in new:
                raise ValueError(f"the example {key.hex()} is there; relabel it")
            if category not in self._columns:
                raise KeyError(category)
            with np.errstate(over="ignore"):
                rounded = np.array(embedding, np.float16)
            if rounded.shape != (self.features.dimensions,) or not np.isfinite(rounded).all():
                raise ValueError(f"an embedding is {self.features.dimensions} finite numbers that half floats can hold")
            new[key] = Example(rounded, category)
        self._examples |= new
        self._learn(list(new), 1)

    def relabel(self, key: bytes, category: str) -> None:
        """What was learned as one category is another; as ``relabel_many``."""
        self.relabel_many({key: category})

    def relabel_many(self, categories: Mapping[bytes, str]) -> None:
        """Give examples other categories. All or none.

        Raises:
            KeyError: no such example or no such category.
        """
        missing = [name for name in categories.values() if name not in self._columns]
        if missing:
            raise KeyError(missing[0])
        keys = [key for key, name in categories.items() if self._examples[key].category != name]
        if not keys:
            return
        before = self._targets(keys)
        for key in keys:
            self._examples[key] = Example(self._examples[key].embedding, categories[key])
        difference = self._targets(keys) - before
        rows = self._rows(keys)
        self._right += (rows @ self._probe) @ difference
        if self._inverse is None:
            self._forget()
        elif len(keys) <= len(self._columns):
            self._step(self._inverse @ rows.T, difference)
        else:
            self._step(self._inverse @ (rows.T @ difference), np.eye(len(self._columns)))

    def remove(self, key: bytes) -> None:
        """Unlearn one example; as ``remove_many``."""
        self.remove_many([key])

    def remove_many(self, keys: Iterable[bytes]) -> None:
        """Unlearn examples. All or none.

        Raises:
            KeyError: no such example.
        """
        gone = list(dict.fromkeys(keys))
        for key in gone:
            if key not in self._examples:
                raise KeyError(key)
        self._learn(gone, -1)

    def snapshot(self) -> Snapshot:
        """What is known now, for ``restore``. Takes the time of copying a dictionary."""
        return Snapshot(self.categories, dict(self._examples))

    def restore(self, snapshot: Snapshot) -> None:
        """Know again what was known then, no more and no less. Costs what the changes since then cost."""
        for name in snapshot.categories:
            if name not in self._columns:
                self.add_category(name)
        then, now = snapshot.examples, self._examples
        self.remove_many([key for key in now if key not in then or then[key].embedding is not now[key].embedding])
        self.relabel_many({key: then[key].category for key in now})
        self.add_many((key, kept.embedding, kept.category) for key, kept in then.items() if key not in now)
        for name in self.categories:
            if name not in snapshot.categories:
                self.remove_category(name)
        if self.categories != snapshot.categories:
            order = [self._columns[name] for name in snapshot.categories]
            self._columns = {name: index for index, name in enumerate(snapshot.categories)}
            self._weights, self._right = self._weights[:, order], self._right[order]
            self._break_changes()
        # ``dict`` keeps the order of arrival; put back what was removed and added again where it was.
        self._examples = {key: now[key] for key in then}

    def table(self, keys: Sequence[bytes]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Features (m, F) and one-hot targets (m, n) of the examples ``keys``."""
        return self._rows(keys), self._targets(keys)

    def inverse_times(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """P @ columns, (F, m) to (F, m), P = (features' features + ridge I)^-1 over all examples."""
        return self._prepared() @ columns

    def prepare(self, stop: Callable[[], None] = lambda: None) -> None:
        """Do now, in a quiet moment, what would make a coming change slow.

        Args:
            stop: called between two pieces of a fit; may raise to end the work, which then is begun anew next time.
        """
        self._prepared(stop).fold()

    def twin(self) -> IncrementalHead:
        """A head that knows the same, for work in another thread while this one learns on. Shares nothing with it."""
        return IncrementalHead.of_state(
            self.features,
            ridge=self.ridge,
            categories=self.categories,
            examples=dict(self._examples),
            weights=self.weights,
            inverse=self._inverse.copy() if self._inverse is not None else None,
        )

    def adopt(self, twin: IncrementalHead) -> None:
        """Take over what a ``twin`` has prepared, unless examples have come or gone meanwhile. The twin is used up."""
        # Labels don't matter: the inverse is of the embeddings alone.
        if twin._inverse is not None and not self._stale and twin._examples.keys() == self._examples.keys():
            self._inverse = twin._inverse

    def drift(self) -> float:
        """An estimate of the weights' relative error: how far they miss their equation along one vector."""
        weights = self.weights
        size = float(np.linalg.norm(self._right)) + float(np.finfo(np.float64).tiny)
        return float(np.linalg.norm(self._left @ weights - self._right)) / size

    def changes_since(self, version: int) -> list[WeightChange] | None:
        """What turned the weights of ``version`` into those of now; None when that is not known any more."""
        behind = self.version - version
        if self._stale or behind > len(self._changes):
            return None
        return list(self._changes)[len(self._changes) - behind :]

    def _learn(self, keys: list[bytes], sign: int) -> None:
        """The examples ``keys``, which are there, have come (1) or go (-1)."""
        if not keys:
            return
        rows, targets = self._rows(keys), self._targets(keys)
        along = rows @ self._probe
        self._left += sign * (along @ rows)
        self._right += sign * (along @ targets)
        if sign == -1:
            for key in keys:
                del self._examples[key]
        if self._inverse is None or len(keys) > min(self._inverse.capacity, len(self._examples)):
            self._forget()
            return
        residuals = targets - rows @ self._weights
        self._step(self._inverse.change(rows, sign), sign * residuals)

    def _step(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> None:
        self._weights += left @ right
        self._changes.append(WeightChange(left, right))
        self.version += 1
        if self.drift() > TOLERANCE:
            self._forget()

    def _forget(self) -> None:
        """Make weights and inverse anew from the examples when they are next asked for."""
        self._inverse = None
        self._stale = True
        self._break_changes()

    def _break_changes(self) -> None:
        self._changes.clear()
        self.version += 1

    def _prepared(self, stop: Callable[[], None] = lambda: None) -> RegularisedInverse:
        if self._inverse is None:
            self._inverse = self._refit(stop)
        return self._inverse

    def _refit(self, stop: Callable[[], None]) -> RegularisedInverse:
        keys, count = list(self._examples), self.features.count
        inverse = RegularisedInverse(count, self.ridge)
        if len(keys) <= inverse.capacity:
            inverse.change(self._rows(keys), 1)
        else:
            gram = np.zeros((count, count))
            for rows, _ in self._chunks(keys):
                stop()
                gram += rows.T @ rows
            stop()
            inverse = RegularisedInverse(count, self.ridge, gram)
        totals = self._sum_up()
        self._weights = inverse @ totals
        # One step of iterative refinement takes back what rounding did to the inverse.
        for rows, _ in self._chunks(keys):
            totals -= rows.T @ (rows @ self._weights)
        self._weights += inverse @ (totals - self.ridge * self._weights)
        self._stale = False
        return inverse

    def _sum_up(self) -> NDArray[np.float64]:
        """Q, (F, n); and what ``drift`` needs, made anew."""
        totals = np.zeros((self.features.count, len(self._columns)))
        self._left = self.ridge * self._probe
        for rows, targets in self._chunks(list(self._examples)):
            totals += rows.T @ targets
            self._left += (rows @ self._probe) @ rows
        self._right = self._probe @ totals
        return totals

    def _chunks(self, keys: Sequence[bytes]) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Features and targets of examples, some at a time: those of 10,000 would take 200 MB."""
        for start in range(0, len(keys), 1024):
            some = keys[start : start + 1024]
            yield self._rows(some), self._targets(some)

    def _rows(self, keys: Sequence[bytes]) -> NDArray[np.float64]:
        if not keys:
            return np.empty((0, self.features.count))
        return self.features(np.stack([self._examples[key].embedding for key in keys]))

    def _targets(self, keys: Sequence[bytes]) -> NDArray[np.float64]:
        targets = np.zeros((len(keys), len(self._columns)))
        targets[np.arange(len(keys)), [self._columns[self._examples[key].category] for key in keys]] = 1
        return targets
