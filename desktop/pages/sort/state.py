"""What the Sort page knows and can do: files found, answers, failures; groups, filters, search, order. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from desktop.observable import Event
from desktop.pages.sort.order import Groups
from models.progress import Progress
from models.sources import Failure, Source, natural_key

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them; the page is painted before they are loaded
    from desktop.actions.classify import Answer, Classifier

__all__ = ["PENDING", "UNKNOWN", "Batch", "Filter", "Item", "Order", "SortState"]

Batch: TypeAlias = "Sequence[Source] | Sequence[Answer | Failure]"
"""What comes in together: files found, or what became of some."""

PENDING = "\x00pending"
UNKNOWN = "\x00unknown"


class Filter(Enum):
    """Which items are shown; the value is what its button says."""

    ALL = "All"
    UNSURE = "Unsure"
    UNKNOWN = "Unknown"
    FAILED = "Failed"


class Order(Enum):
    """How the items of a category are ordered; the value is what its menu says."""

    SUREST = "Surest first"
    LEAST_SURE = "Least sure first"
    NAME = "Name"


@dataclass(slots=True)
class Item:
    """One file of the page: found, then answered or failed. ``confidence`` is that of the best category."""

    source: Source
    answer: Answer | None = None
    failure: Failure | None = None
    group: str = PENDING
    confidence: float = 0.0


@dataclass(slots=True)
class SortState:
    """Everything the page shows.

    Attributes:
        device: that the model runs on, one of the settings' ``DEVICES``.
        changed: fires (with None) whenever something that is shown has changed.
        items: every file, by its number.
        roots: what was dropped.
    """

    device: str = "auto"
    changed: Event[None] = field(default_factory=Event)
    items: list[Item] = field(default_factory=list)
    roots: list[Path] = field(default_factory=list)
    filter: Filter = Filter.ALL
    order: Order = Order.SUREST
    search: str = ""
    running: bool = False
    counts: dict[Filter, int] = field(default_factory=lambda: dict.fromkeys(Filter, 0))
    _numbers: dict[Source, int] = field(default_factory=dict)
    _pending: list[int] = field(default_factory=list)
    _failed: list[int] = field(default_factory=list)
    _groups: Groups = field(init=False)
    _classifier: Classifier | None = None
    _loading: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._groups = Groups(self._rank)

    # -- what the page can do -----------------------------------------------------------------------------------------

    def prepare(self) -> Classifier:
        """The loaded model; the first call loads it and takes a second. For a background thread.

        Raises:
            ModelError: the model can't be loaded.
        """
        with self._loading:
            if self._classifier is None:
                from desktop.actions.classify import Classifier  # heavy: never before the first paint

                self._classifier = Classifier(device=self.device)
            return self._classifier

    def classify(
        self,
        paths: Sequence[Path],
        *,
        cancel: threading.Event,
        emit: Callable[[Batch], None],
        on_progress: Callable[[Progress], None],
    ) -> None:
        """Ask the model about everything under ``paths``; for a background thread.

        ``emit`` gets lists of sources as they are found, and lists of answers and failures as they are done; each is to
        be handed to :meth:`take` on the thread that shows the page.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the model can't be loaded or run.
        """
        from desktop.actions.classify import ClassifyRequest

        classifier = self.prepare()
        request = ClassifyRequest(tuple(paths))
        for answers in classifier.classify(request, cancel=cancel, on_found=emit, on_progress=on_progress):
            emit(answers)

    def export(self, path: Path) -> int:
        """Write every answer and failure to a CSV or JSON file; returns how many. For a background thread.

        Raises:
            WorkspaceError: the file can't be written.
        """
        from desktop.actions.export import export

        done = (item.answer or item.failure for item in self.items)
        return export((one for one in done if one is not None), path)

    def close(self) -> None:
        """Let go of the model and its cache."""
        with self._loading:
            if self._classifier is not None:
                self._classifier.close()
                self._classifier = None

    @property
    def model_name(self) -> str:
        """The name of the model that answers; empty until it is loaded."""
        return self._classifier.spec.name if self._classifier is not None else ""

    # -- what comes in ------------------------------------------------------------------------------------------------

    def begin(self, paths: Iterable[Path]) -> None:
        """A run over ``paths`` starts."""
        self.running = True
        self.roots += [path for path in paths if path not in self.roots]
        self.changed.fire(None)

    def take(self, batches: Iterable[Batch]) -> None:
        """What :meth:`classify` has emitted since the last time.

        Files that are known already are left as they are, and so are those that have an answer or a failure already.
        """
        for batch in batches:
            for one in batch:
                if isinstance(one, Source):
                    self._found(one)
                else:
                    self._answered(one)
        self._drop_answered()
        self.changed.fire(None)

    def end(self) -> None:
        """The run is over, done or stopped."""
        self.running = False
        self._drop_answered(everywhere=True)
        self.changed.fire(None)

    def relocate(self, moves: Iterable[tuple[Source, Source]]) -> None:
        """Files have been moved, from the first to the second of each pair; what is known of them stays."""
        for old, new in moves:
            number = self._numbers.pop(old, None)
            if number is not None:
                self._numbers[new] = number
                item = self.items[number]
                item.source = new
                item.answer = replace(item.answer, source=new) if item.answer is not None else None
        self.choose()  # a new name may have another place

    def clear(self) -> None:
        """Forget all files; nothing on disk is touched."""
        self.items, self.roots = [], []
        self._numbers, self._pending, self._failed = {}, [], []
        self.counts = dict.fromkeys(Filter, 0)
        self.filter, self.search = Filter.ALL, ""
        self._groups = Groups(self._rank)
        self.changed.fire(None)

    # -- what is shown ------------------------------------------------------------------------------------------------

    def choose(self, *, only: Filter | None = None, order: Order | None = None, search: str | None = None) -> None:
        """Change the filter, the order or the search; None leaves one as it is."""
        self.filter = only or self.filter
        self.order = order or self.order
        self.search = self.search if search is None else search.casefold()
        self._groups.fill((number, item.group) for number, item in enumerate(self.items) if self._shown(number))
        self.changed.fire(None)

    def groups(self) -> list[tuple[str, int]]:
        """(group, count) in the order shown: categories by name, then unknown, then what is still to come."""
        names = self._groups.names()
        shown = [(name, len(self._groups.items(name))) for name in names if name != UNKNOWN]
        if self._groups.items(UNKNOWN):
            shown.append((UNKNOWN, len(self._groups.items(UNKNOWN))))
        if self._pending and self.filter is Filter.ALL and not self.search:
            shown.append((PENDING, len(self._pending)))
        return shown

    def number(self, group: str, index: int) -> int:
        """The item at a place of a group."""
        return self._pending[index] if group == PENDING else self._groups.items(group)[index]

    def place(self, number: int) -> tuple[str, int] | None:
        """An item's group and index, or None when it isn't among those shown."""
        place = self._groups.place(number)
        if place is None and number in self._pending[:1000]:
            return PENDING, self._pending.index(number)
        return place

    def failures(self) -> list[int]:
        """Items without an answer that match the search, in the order they came."""
        return [n for n in self._failed if self.search in self.items[n].source.name.casefold()]

    @property
    def pending(self) -> int:
        """Files found and not answered yet."""
        return len(self._pending)

    def _found(self, source: Source) -> None:
        if source not in self._numbers:
            self._pending.append(self._new(source))

    def _answered(self, result: Answer | Failure) -> None:
        number = self._numbers.get(result.source)
        if number is None:
            number = self._new(result.source)
        item = self.items[number]
        if item.answer is not None or item.failure is not None:
            return
        self.counts[Filter.ALL] += 1
        if isinstance(result, Failure):
            item.failure = result
            self._failed.append(number)
            self.counts[Filter.FAILED] += 1
            return
        best = result.best
        item.answer, item.confidence = result, best.confidence
        item.group = UNKNOWN if result.unknown else best.category
        self.counts[Filter.UNSURE] += result.unsure
        self.counts[Filter.UNKNOWN] += result.unknown
        if self._shown(number):
            self._groups.add(number, item.group)

    def _new(self, source: Source) -> int:
        number = len(self.items)
        self.items.append(Item(source))
        self._numbers[source] = number
        return number

    def _shown(self, number: int) -> bool:
        item = self.items[number]
        if item.answer is None or (self.search and self.search not in item.source.name.casefold()):
            return False
        match self.filter:
            case Filter.UNSURE:
                return item.answer.unsure
            case Filter.UNKNOWN:
                return item.answer.unknown
            case Filter.FAILED:
                return False
            case Filter.ALL:
                return True

    def _rank(self, number: int) -> float | tuple[object, ...]:
        item = self.items[number]
        if self.order is Order.NAME or item.answer is None:
            return natural_key(item.source.name)
        return -item.confidence if self.order is Order.SUREST else item.confidence

    def _drop_answered(self, *, everywhere: bool = False) -> None:
        """Take answered items off the pending ones. They come nearly in order, so looking at the first ones will do."""
        window = len(self._pending) if everywhere else min(len(self._pending), 2048)
        kept = [n for n in self._pending[:window] if self.items[n].answer is None and self.items[n].failure is None]
        self._pending[:window] = kept
