"""What the Dataset page knows: the datasets, one of them, which of its pictures are shown, and the last steps. No Qt.

Reading and writing is for background threads, ``take`` and ``choose`` for the page's. The store is opened by whoever
needs it first, and is one for the whole page.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.pages.dataset.answering import HAND
from desktop.pages.dataset.items import ItemCache
from desktop.pages.dataset.wanted import Wanted

if TYPE_CHECKING:  # NumPy comes with them, and the page is made before that is needed
    import numpy as np
    from numpy.typing import NDArray

    from models.database import Database
    from training.datasets.heads import HeadDef
    from training.datasets.outcomes import Step
    from training.datasets.records import Dataset, Item
    from training.datasets.store import DatasetStore

__all__ = ["PAGE", "DatasetState", "Entry", "HeadFacts", "Read", "Shown", "fitting"]

PAGE = 200
"""Items that are read at once."""

_STEPS = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset in the list: itself, and how many pictures it has."""

    dataset: Dataset
    items: int


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """A question and how far it is answered.

    Attributes:
        head: the question.
        labelled: pictures that have an answer.
        counts: category -> pictures, in the order of the categories.
        colours: category -> its colour, #RRGGBB.
    """

    head: HeadDef
    labelled: int
    counts: Mapping[str, int]
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One dataset as it was read.

    Attributes:
        dataset: itself.
        wanted: what was asked for.
        ids: of the pictures that are wanted, int64 (N,), in order.
        places: item -> its place among them.
        items: pictures of the whole dataset.
        heads: its questions.
        splits: split -> pictures.
        sources: source -> pictures.
        faulty: pictures that can't be read.
        trashed: pictures in the trash.
        undo: what can be undone; None for nothing.
        redo: what can be done again.
        steps: the last ones, the last one first.
        fresh: items that were read along.
    """

    dataset: Dataset
    wanted: Wanted
    ids: NDArray[np.int64]
    places: Mapping[int, int]
    items: int
    heads: tuple[HeadFacts, ...]
    splits: Mapping[str, int]
    sources: Mapping[str, int]
    faulty: int
    trashed: int
    undo: Step | None
    redo: Step | None
    steps: tuple[Step, ...] = ()
    fresh: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """All that was read in one go: the datasets, the chosen one, and the store's version then."""

    entries: tuple[Entry, ...]
    shown: Shown | None
    version: int


@dataclass(slots=True, weakref_slot=True)
class DatasetState:
    """Everything the page shows.

    Attributes:
        changed: fires (with None) whenever something that is shown has changed.
        entries: the datasets, the oldest first; None before they were read.
        selected: id of the dataset that is looked at; None for none.
        wanted: which of its pictures.
        shown: what was read of it.
        head: the question that the keys are for; "" for none.
        cache: items at hand.
        annotator: the person's name, which goes with their labels; "" for nobody in particular.
    """

    changed: Event[None] = field(default_factory=Event)
    entries: tuple[Entry, ...] | None = None
    selected: int | None = None
    wanted: Wanted = field(default_factory=Wanted)
    shown: Shown | None = None
    head: str = ""
    cache: ItemCache = field(default_factory=ItemCache)
    annotator: str = ""
    _version: int = -1
    _database: Database | None = None
    _store: DatasetStore | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    # -- what is shown; for the page's thread -------------------------------------------------------------------------

    @property
    def dataset(self) -> Dataset | None:
        """The dataset that is looked at, as it was read."""
        return self.shown.dataset if self.shown is not None else None

    @property
    def facts(self) -> HeadFacts | None:
        """The question that the keys are for."""
        heads = self.shown.heads if self.shown is not None else ()
        return next((one for one in heads if one.head.name == self.head), None)

    @property
    def keys(self) -> Sequence[str]:
        """The categories that the keys 1 to 9 stand for, in order; none where the question has none."""
        facts = self.facts
        return facts.head.categories[:9] if facts is not None and facts.head.kind in ("categories", "tags") else ()

    def select(self, dataset: int | None) -> None:
        """Look at another dataset, all of it; it is still to be read."""
        if dataset != self.selected:
            self.selected, self.wanted, self.head = dataset, Wanted(order=self.wanted.order), ""

    def want(self, wanted: Wanted) -> bool:
        """Show other pictures; whether that is a change, to be read."""
        if wanted == self.wanted:
            return False
        self.wanted = wanted
        if wanted.head is not None:
            self.head = wanted.head
        return True

    def show_only(self, items: Sequence[int], said: str) -> bool:
        """Show these items, whatever was filtered before; as ``want``."""
        return self.want(Wanted(chosen=tuple(items), said=said, order=self.wanted.order))

    def take(self, read: Read) -> None:
        """What was read, if it is still what is looked at."""
        self.entries, self._version = read.entries, read.version
        shown = read.shown
        if shown is None or shown.dataset.id != self.selected:
            if all(one.dataset.id != self.selected for one in read.entries):
                self.selected = self.shown = None
                self.wanted, self.head = Wanted(order=self.wanted.order), ""
                self.cache.renew(())
        else:
            self.cache.renew(shown.fresh)
            self.shown = shown
            if all(one.head.name != self.head for one in shown.heads):
                self.head = _first([one.head for one in shown.heads])
        self.changed.fire(None)

    def set_head(self, head: str) -> None:
        """Let the keys be for another question."""
        if head != self.head:
            self.head = head
            self.changed.fire(None)

    def next_head(self) -> None:
        """Let the keys be for the next question."""
        names = [one.head.name for one in self.shown.heads] if self.shown is not None else []
        if self.head in names:
            self.set_head(names[(names.index(self.head) + 1) % len(names)])

    # -- the grid -----------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Pictures that are shown."""
        return len(self.shown.ids) if self.shown is not None else 0

    def number(self, place: int) -> int:
        """The item at a place."""
        assert self.shown is not None  # noqa: S101 - without it there is no place
        return int(self.shown.ids[place])

    def place(self, item: int) -> int | None:
        """Where an item is shown; None when it isn't."""
        return self.shown.places.get(item) if self.shown is not None else None

    # -- reading; each for a background thread ------------------------------------------------------------------------

    @property
    def store(self) -> DatasetStore:
        """The datasets, opened when they are asked for first.

        Raises:
            WorkspaceError: the workspace can't be used.
        """
        with self._opening:
            if self._store is None:
                from models.database import open_workspace
                from training.datasets.store import DatasetStore

                self._database = open_workspace()
                self._store = DatasetStore(self._database)
            return self._store

    def read(self, dataset: int | None, wanted: Wanted, fresh: Sequence[int] = ()) -> Read:
        """Read everything that is shown.

        Args:
            dataset: of the one to look at; None, or one that is gone, for the first there is.
            wanted: which of its pictures.
            fresh: items to read along, those on screen.

        Raises:
            WorkspaceError: the workspace can't be used.
        """
        store = self.store
        version = store.version()
        known = version == self._version and self.entries is not None
        entries = self.entries if known and self.entries is not None else self._list()
        found = next((one.dataset for one in entries if one.dataset.id == dataset), None)
        if found is None:
            return Read(entries, None, version)
        shown = self.shown if known else None
        if shown is None or shown.dataset.id != found.id:
            shown = self._counted(found)
        return Read(entries, self._chosen(shown, fitting(wanted, found.heads), fresh), version)

    def _list(self) -> tuple[Entry, ...]:
        return tuple(Entry(one, self.store.count(one.id)) for one in self.store.datasets())

    def _counted(self, dataset: Dataset) -> Shown:
        """All that does not depend on what is wanted."""
        import numpy as np

        from models.heads.painting import hex_colour
        from training.datasets.records import Query

        store = self.store
        heads = tuple(
            HeadFacts(
                head,
                store.labelled_count(dataset.id, head.name),
                store.category_counts(dataset.id, head.name) if head.categories else {},
                {name: hex_colour(place) for place, name in enumerate(head.categories)},
            )
            for head in dataset.heads
        )
        return Shown(
            dataset=dataset,
            wanted=Wanted(),
            ids=np.empty(0, np.int64),
            places={},
            items=store.count(dataset.id),
            heads=heads,
            splits={str(split): count for split, count in store.split_counts(dataset.id).items()},
            sources=store.source_counts(dataset.id),
            faulty=store.count(dataset.id, Query(status="unreadable")),
            trashed=store.count(dataset.id, Query(trashed=True)),
            undo=store.next_undo(dataset.id),
            redo=store.next_redo(dataset.id),
            steps=tuple(store.steps(dataset.id, _STEPS)),
        )

    def _chosen(self, shown: Shown, wanted: Wanted, fresh: Sequence[int]) -> Shown:
        """``shown`` with the pictures that are wanted."""
        from training.datasets.records import Query

        store, dataset = self.store, shown.dataset.id
        ids = store.ids(dataset, wanted.query(), order=wanted.order)
        some = Query(ids=list(fresh), trashed=wanted.trashed)
        return replace(
            shown,
            wanted=wanted,
            ids=ids,
            places=dict(zip(ids.tolist(), range(len(ids)), strict=True)),
            fresh=tuple(store.items(dataset, where=some)) if fresh else (),
        )

    def outdated(self) -> bool:
        """Whether another window or the command line has changed something since. Raises ``WorkspaceError``."""
        return self.store.version() != self._version

    def load_page(self, page: int) -> tuple[list[Item], int] | None:
        """The items at places ``page * PAGE`` and on of what is shown, and the generation they are of."""
        shown, generation = self.shown, self.cache.generation
        if shown is None:
            return None
        ids = shown.ids[page * PAGE : (page + 1) * PAGE]
        return self._items(shown, ids.tolist()), generation

    def load_item(self, number: int) -> Item | None:
        """One item, from the cache or the store; None when it is gone."""
        shown = self.shown
        found = self.cache.get(number)
        if found is None and shown is not None:
            found = next(iter(self._items(shown, [number])), None)
        return found

    def _items(self, shown: Shown, ids: list[int]) -> list[Item]:
        from training.datasets.records import Query

        return self.store.items(shown.dataset.id, where=Query(ids=ids, trashed=shown.wanted.trashed))

    def close(self) -> None:
        """Close the database; nothing is read any more."""
        with self._opening:
            if self._database is not None:
                self._database.close()
            self._database = self._store = None


def _first(heads: Sequence[HeadDef]) -> str:
    """The question that the keys are for at first: one that is answered by a key, else one with categories."""
    by_hand = [one for one in heads if one.kind in HAND]
    named = [one for one in heads if one.categories]
    return next((one.name for one in (*by_hand, *named, *heads)), "")


def fitting(wanted: Wanted, heads: Sequence[HeadDef]) -> Wanted:
    """``wanted`` without what the questions do not know any more."""
    head = next((one for one in heads if one.name == wanted.head), None)
    if wanted.head is not None and head is None:
        return replace(wanted, head=None, category=None, unlabelled=False)
    if wanted.category is not None and head is not None and wanted.category not in head.categories:
        return replace(wanted, category=None)
    return wanted
