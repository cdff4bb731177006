"""What the Sort page knows and can do: files found, answers, failures; groups, filters, search, order. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from desktop.observable import Event
from desktop.pages.sort.items import PENDING, UNKNOWN, Filter, Item, Order
from desktop.pages.sort.order import Groups
from models.progress import Progress
from models.sources import Failure, Source, natural_key

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them; the page is painted before they are loaded
    from desktop.actions.classify import Answer, Classifier
    from models.answer import Reply
    from training.calibration import Calibration
    from training.learner import Learner

__all__ = ["Batch", "SortState"]

Batch: TypeAlias = "Sequence[Source] | Sequence[Answer | Failure]"
"""What comes in together: files found, or what became of some."""


@dataclass(slots=True)
class SortState:
    """Everything the page shows.

    Attributes:
        device: that the model runs on, one of the settings' ``DEVICES``.
        threads: that work on the files; None for one a core.
        changed: fires (with None) whenever something that is shown has changed.
        items: every file, by its number.
        roots: what was dropped.
        folders: those of them that are folders, and can be watched.
        model: folder of the model that answers; None for the starter model.
        wrong: share of the answers that may be wrong, 0 to 1, before they are called unknown; None for any.
        head: the question by whose answers the files are grouped; "" for the model's first.
    """

    device: str = "auto"
    threads: int | None = None
    model: Path | None = None
    wrong: float | None = 0.2
    changed: Event[None] = field(default_factory=Event)
    items: list[Item] = field(default_factory=list)
    roots: list[Path] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    filter: Filter = Filter.ALL
    order: Order = Order.SUREST
    search: str = ""
    running: bool = False
    head: str = ""
    counts: dict[Filter, int] = field(default_factory=lambda: dict.fromkeys(Filter, 0))
    _numbers: dict[Source, int] = field(default_factory=dict)
    _by_content: dict[bytes, list[int]] = field(default_factory=dict)
    _places: dict[bytes, int] = field(default_factory=dict)
    _pending: list[int] = field(default_factory=list)
    _failed: list[int] = field(default_factory=list)
    _moved: dict[Path, None] = field(default_factory=dict)
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

                self._classifier = Classifier(self.model, threads=self.threads, device=self.device, wrong=self.wrong)
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
        questions = [head.name for head in self.learner.published[1:]] if self.learner is not None else []
        return export((one for one in done if one is not None), path, questions=questions)

    def use(self, model: Path | None, classifier: Classifier) -> Classifier | None:
        """Let another model answer: what is known of the files is forgotten, and they are to be asked about again.

        Nothing may be going on with the model that has answered so far; it is returned, to be closed.
        """
        with self._loading:
            before, self._classifier = self._classifier, classifier
        self.model, self.head = model, ""
        self.items = [Item(item.source) for item in self.items]
        self._pending, self._failed, self._by_content = list(range(len(self.items))), [], {}
        self.counts = dict.fromkeys(Filter, 0)
        self.filter = Filter.ALL
        self._groups = Groups(self._rank)
        self.changed.fire(None)
        return before

    def close(self) -> None:
        """Let go of the model and its cache."""
        with self._loading:
            if self._classifier is not None:
                self._classifier.close()
                self._classifier = None

    @property
    def learner(self) -> Learner | None:
        """What answers and learns; None until it is loaded."""
        return self._classifier.learner if self._classifier is not None else None

    @property
    def notice(self) -> str:
        """What a person should know of how the model runs, a sentence; "" when there is nothing."""
        return self._classifier.notice if self._classifier is not None else ""

    @property
    def heads(self) -> tuple[str, ...]:
        """The questions that the model answers; empty until it is loaded."""
        return tuple(head.name for head in self._classifier.spec.heads) if self._classifier is not None else ()

    @property
    def calibration(self) -> Calibration | None:
        """How sure the answers sound by which the files are grouped; None until the model is loaded."""
        learner = self.learner
        return learner.head(self.head or None).calibration if learner is not None else None

    @property
    def places(self) -> list[Path]:
        """Where all files are: what was dropped, and where some have been moved to."""
        roots = set(self.roots)
        return [*self.roots, *(path for path in self._moved if roots.isdisjoint(path.parents))]

    @property
    def contents(self) -> list[bytes]:
        """What the answered files hold, each content once, as it came."""
        return list(self._by_content)

    def files_of(self, content: bytes) -> Sequence[int]:
        """The items that hold a content."""
        return self._by_content.get(content, ())

    @property
    def model_name(self) -> str:
        """The name of the model that answers; empty until it is loaded."""
        return self._classifier.spec.name if self._classifier is not None else ""

    # -- what comes in ------------------------------------------------------------------------------------------------

    def begin(self, paths: Iterable[Path]) -> None:
        """A run over ``paths`` starts."""
        self.running = True
        new = [path for path in paths if path not in self.roots and path not in self._moved]
        self.roots += new
        self.folders += [path for path in new if path.is_dir()]
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

    def take_again(self, results: Iterable[Answer | Failure]) -> tuple[int, list[int]]:
        """What has become of files that are new or may have changed since they were answered.

        Returns:
            How many are new, and the items that hold something else now.
        """
        new, changed = 0, []
        for result in results:
            number = self._numbers.get(result.source)
            if number is None:
                new += 1
            elif self._known(number) and _content(result) != _content(self.items[number]):
                self._forget(number, result.source)
                changed.append(number)
            self._answered(result)
        self._drop_answered()
        self.changed.fire(None)
        return new, changed

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
                self._moved.pop(old.path, None)
                self._moved[new.path] = None
                self._numbers[new] = number
                item = self.items[number]
                item.source = new
                item.answer = replace(item.answer, source=new) if item.answer is not None else None
        self.choose()  # a new name may have another place

    def take_replies(self, replies: Mapping[bytes, Reply], *, news: bool = True) -> int:
        """The model says something else now about some contents; returns how many files have another category by it.

        A file whose category stays keeps its place, however its confidence has changed. With ``news``, those whose
        category changes without a person's word are shown by ``Filter.CHANGED``.
        """
        moved = 0
        for content, reply in replies.items():
            for number in self._by_content.get(content, ()):
                item = self.items[number]
                before, was_shown = item.group, self._shown(number)
                self._count(item, -1)
                assert item.answer is not None  # noqa: S101  # only answered items have a content
                said = item.answer.labels.get(self.head) != reply.labels.get(self.head)
                item.answer = replace(item.answer, reply=reply)
                item.show(self.head)
                if item.group != before and not said:
                    item.changed = item.changed or news
                    moved += 1
                elif said:
                    item.changed = False
                self._count(item, 1)
                if self._shown(number) != was_shown or item.group != before:
                    self._place(number)
        self.changed.fire(None)
        return moved

    def take_labels(self, labels: Mapping[bytes, Mapping[str, str]]) -> None:
        """What a person has said of some contents, head name -> label; what the model says of them stays."""
        replies = {}
        for content, said in labels.items():
            for number in self._by_content.get(content, ())[:1]:
                answer = self.items[number].answer
                if answer is not None:
                    replies[content] = replace(answer.reply, labels=said)
        self.take_replies(replies)

    def forget_changes(self) -> None:
        """The person goes on: what the last correction has changed is not news any more, unless it is what they are
        going through. Nothing is ranked anew: nobody who walks through a group is to meet a picture twice.
        """
        if not self.counts[Filter.CHANGED] or self.filter is Filter.CHANGED:
            return
        for item in self.items:
            item.changed = False
        self.counts[Filter.CHANGED] = 0
        self.changed.fire(None)

    def clear(self) -> None:
        """Forget all files; nothing on disk is touched."""
        self.items, self.roots, self.folders, self.running = [], [], [], False
        self._numbers, self._by_content, self._pending, self._failed, self._moved = {}, {}, [], [], {}
        self._places = {}
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

    def ask(self, head: str) -> None:
        """Group by the answers to another question."""
        self.head = head
        for one in (Filter.UNSURE, Filter.UNKNOWN, Filter.CORRECTED, Filter.CHANGED):
            self.counts[one] = 0
        for item in self.items:
            item.changed = False
            item.show(head)
            if item.answer is not None:
                self._count(item, 1)
        self.choose()

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

    def mostly(self, one: Filter) -> bool:
        """Whether a filter lets more than half of the answers through."""
        return 2 * self.counts[one] > self.counts[Filter.ALL] - self.counts[Filter.FAILED]

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
        if self._known(number):
            return
        item = self.items[number]
        self.counts[Filter.ALL] += 1
        if isinstance(result, Failure):
            item.failure = result
            self._failed.append(number)
        else:
            self.head = self.head or result.first
            item.answer = result
            item.show(self.head)
            self._by_content.setdefault(result.content_hash, []).append(number)
        self._count(item, 1)
        self._place(number)

    def _known(self, number: int) -> bool:
        item = self.items[number]
        return item.answer is not None or item.failure is not None

    def _forget(self, number: int, source: Source) -> None:
        """What is known of an item is not true any more; ``source`` is its file as it is now."""
        item = self.items[number]
        self._count(item, -1)
        self.counts[Filter.ALL] -= 1
        self._groups.remove(number)
        if item.failure is not None:
            self._failed.remove(number)
        if item.answer is not None:
            same = self._by_content[item.answer.content_hash]
            same.remove(number)
            if not same:
                del self._by_content[item.answer.content_hash]
        self.items[number] = Item(source)

    def _count(self, item: Item, sign: int) -> None:
        for one in item.filters(self.head):
            self.counts[one] += sign

    def _place(self, number: int) -> None:
        if self._shown(number):
            self._groups.add(number, self.items[number].group)
        else:
            self._groups.remove(number)

    def _new(self, source: Source) -> int:
        number = len(self.items)
        self.items.append(Item(source))
        self._numbers[source] = number
        return number

    def _shown(self, number: int) -> bool:
        item = self.items[number]
        if item.answer is None or (self.search and self.search not in item.source.name.casefold()):
            return False
        return self.filter is Filter.ALL or self.filter in item.filters(self.head)

    @property
    def places_wanted(self) -> bool:
        """Whether look-alikes are to stand together, and it isn't known for all which those are."""
        return self.order is Order.ALIKE and not self.running and len(self._places) < len(self._by_content)

    def take_places(self, places: Mapping[bytes, int]) -> None:
        """What ``alike.arrange`` has found."""
        self._places = dict(places)
        self.choose()

    def _rank(self, number: int) -> float | tuple[object, ...]:
        item = self.items[number]
        if self.order is Order.NAME or item.answer is None:
            return natural_key(item.source.name)
        if self.order is Order.ALIKE:
            return float(self._places.get(item.answer.content_hash, len(self.items)))
        return -item.confidence if self.order is Order.SUREST else item.confidence

    def _drop_answered(self, *, everywhere: bool = False) -> None:
        """Take answered items off the pending ones. They come nearly in order, so looking at the first ones will do."""
        window = len(self._pending) if everywhere else min(len(self._pending), 2048)
        kept = [n for n in self._pending[:window] if self.items[n].answer is None and self.items[n].failure is None]
        self._pending[:window] = kept


def _content(one: Item | Answer | Failure) -> bytes | str:
    """What a file holds, as far as that is known: the same for the same content, or the same fault."""
    if isinstance(one, Item):
        known = one.answer if one.answer is not None else one.failure
        assert known is not None  # noqa: S101  # asked of known items only
        return _content(known)
    return str(one.error) if isinstance(one, Failure) else one.content_hash
