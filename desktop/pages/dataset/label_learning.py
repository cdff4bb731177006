"""What learns while one labels, one apprentice a question, and what a model proposes. No Qt.

``tell`` and ``propose``d things are for the page's thread; everything else for background threads, one at a time.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from models.errors import SortwerkError
from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.quality.facts import Facts
    from training.datasets.store import DatasetStore
    from training.datasets.values import Value
    from training.labelling.active_learning import Suggestion
    from training.labelling.apprentice import Apprentice
    from training.labelling.pool import Pool
    from training.labelling.proposals import Proposal
    from training.labelling.proposing import Proposer

__all__ = ["Learning", "Modelling"]


class Learning:
    """The apprentices of one dataset.

    Attributes:
        dataset: its id.
        facts: what was gathered of its pictures; None before.
    """

    def __init__(self, dataset: int) -> None:
        self.dataset = dataset
        self.facts: Facts | None = None
        self._pool: Pool | None = None
        self._apprentices: dict[int, Apprentice | None] = {}
        self._told: deque[tuple[str, int, Value | None]] = deque()
        self._lock = threading.Lock()

    @property
    def gathered(self) -> bool:
        """Whether the pictures have been looked at."""
        return self._pool is not None

    def tell(self, head: str, item: int, value: Value | None) -> None:
        """An item is ``value`` now; learned with the next question. Takes no time."""
        if self._pool is not None:
            self._told.append((head, item, value))

    def gather(
        self, store: DatasetStore, cancel: threading.Event, on_progress: Callable[[Progress], None] | None = None
    ) -> None:
        """Look at all pictures; those that were looked at before, by anything, cost nothing.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the backbone can't be run.
            DatasetError, WorkspaceError: the dataset or the workspace can't be used.
        """
        from desktop.pages.dataset.checking import gather_facts
        from training.labelling.pool import Pool

        facts = gather_facts(store, self.dataset, cancel=cancel, on_progress=on_progress)
        pool = Pool.of_facts(facts)
        with self._lock:
            self.facts, self._pool = facts, pool
            self._apprentices.clear()
            self._told.clear()

    def propose(self, store: DatasetStore, head: HeadDef, items: Sequence[int]) -> dict[int, Proposal]:
        """Item -> what it may be, as far as anything was learned."""
        with self._lock:
            apprentice = self._apprentice(store, head)
            return {one.item: one for one in apprentice.propose(items)} if apprentice is not None else {}

    def label_next(self, store: DatasetStore, head: HeadDef, count: int, among: Collection[int]) -> list[Suggestion]:
        """What would teach most, first one first."""
        with self._lock:
            apprentice = self._apprentice(store, head)
            return apprentice.label_next(count, among) if apprentice is not None else []

    def words(self, store: DatasetStore, head: HeadDef) -> str:
        """Where learning stands, a sentence."""
        with self._lock:
            apprentice = self._apprentice(store, head)
            return apprentice.words if apprentice is not None else ""

    def _apprentice(self, store: DatasetStore, head: HeadDef) -> Apprentice | None:
        """That of a question, taught all that was told."""
        from training.labelling.apprentice import Apprentice, can_learn

        if self._pool is None:
            return None
        while self._told:
            name, item, value = self._told.popleft()
            for one in self._apprentices.values():
                if one is not None and one.head.name == name:
                    with contextlib.suppress(SortwerkError):  # a label of another kind: the question was made anew
                        one.learn_many({item: value})
        found = self._apprentices.get(head.id)
        if found is None and can_learn(head):
            found = Apprentice(self._pool, head, store.labels(self.dataset, head.name))
            self._apprentices[head.id] = found
        return found


class Modelling:
    """One loaded model that proposes, kept while labelling. For background threads, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack = contextlib.ExitStack()
        self._key: tuple[str, tuple[HeadDef, ...]] | None = None
        self._proposer: Proposer | None = None

    def propose(
        self,
        store: DatasetStore,
        dataset: int,
        model: str,
        heads: Sequence[HeadDef],
        items: Sequence[int],
        cancel: threading.Event,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> tuple[list[Proposal], Mapping[int, str], tuple[str, ...]]:
        """Proposals, item -> why its picture could not be looked at, and what to know of the model, a sentence each.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the model can't be loaded or run.
            DatasetError: it answers none of ``heads``.
            WorkspaceError: the workspace can't be used.
        """
        from desktop.actions.labelling import opened_proposer
        from training.datasets.records import Query
        from training.labelling.proposing import NotProposed

        with self._lock:
            if (model, tuple(heads)) != self._key or self._proposer is None:
                self._close()
                self._proposer = self._stack.enter_context(opened_proposer(model, list(heads)))
                self._key = (model, tuple(heads))
            rows = store.items(dataset, where=Query(ids=list(items)))
            found: list[Proposal] = []
            failed: dict[int, str] = {}
            places = store.further_places(dataset)
            made = self._proposer.propose(rows, places=places, threshold=0.0, cancel=cancel, on_progress=on_progress)
            for some in made:
                for one in some:
                    if isinstance(one, NotProposed):
                        failed[one.item] = one.words
                    else:
                        found.append(one)
            return found, failed, self._proposer.words

    def close(self) -> None:
        """Let the model go."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        self._proposer, self._key = None, None
        self._stack.close()
        self._stack = contextlib.ExitStack()
