"""From somebody's folder or zip into the store: recognised, read, checked picture by picture; whole or not at all."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import DatasetError, FileError, one_line
from models.files import trouble
from models.progress import Meter, Progress
from models.sources import Source
from training.datasets.adding import unread_content
from training.datasets.copying import keep_copy
from training.datasets.formats import ReadOptions
from training.datasets.formats.measuring import picture_size
from training.datasets.formats.plan import MaskFile, Plan, PlannedItem, stop_if
from training.datasets.heads import check_value
from training.datasets.planned_values import PlannedValues
from training.datasets.records import Dataset, Label, NewItem, Place, Query, Split, Status
from training.datasets.store import DatasetStore
from training.datasets.unpacking import as_folder, file_place
from training.datasets.values import Boxes, Value
from training.datasets.wording import pictures

__all__ = ["Bringing", "Imported", "bring_in", "no_picture"]

PIECE = 2000
"""Items a transaction: a second or two in which nobody else can write."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What has come in.

    Attributes:
        dataset: the new one.
        format: name of the format that the folder was read as.
        items: pictures in it.
        known: files left out because their content had come in already; it is one item with several places.
        unreadable: how many of ``items`` are no picture that can be read.
        labels: question -> how many items have an answer.
        problems: a sentence each about what was left out.
    """

    dataset: Dataset
    format: str
    items: int
    known: int
    unreadable: int
    labels: Mapping[str, int]
    problems: tuple[str, ...]


def bring_in(
    store: DatasetStore,
    path: Path,
    *,
    name: str = "",
    format: str | None = None,  # noqa: A002 - the word that people know
    copy: bool = False,
    options: ReadOptions | None = None,
    annotator: str = "",
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Imported:
    """Make a dataset of a folder or file of somebody's, or of a zip of one: of that, copies are kept.

    It comes in by pieces but shows only when it is complete, as one step; of a program that is killed it stays in the
    trash.

    Args:
        store: that it comes into.
        path: of the folder, file or zip.
        name: of the new dataset; "" for the folder's.
        format: a key of ``FORMATS``; None to recognise it.
        copy: keep copies of the pictures in the workspace; else they stay where they are.
        options: what the format leaves open.
        annotator: who gave the labels.
        cancel: set it to stop; then nothing has come in.
        on_progress: called in this thread.

    Raises:
        DatasetError: the folder is in no known format, or holds no picture.
        WorkspaceError: the workspace can't be written.
        Cancelled: ``cancel`` was set.
    """
    with as_folder(path, store.folder / "datasets", cancel=cancel) as unpacked:
        plan = unpacked.plan(format, options or ReadOptions())
        whole = path.resolve()
        called = name or (whole.stem if unpacked.is_zip else whole.name) or "dataset"
        begun = store.begin_import(called, plan.heads)
        try:
            bringing = Bringing(
                store,
                begun,
                plan,
                copy=copy or unpacked.is_zip,
                annotator=annotator,
                cancel=cancel,
                on_progress=on_progress,
                place_of=unpacked.place,
            )
            bringing.run()
            if not bringing.seen:
                raise no_picture(path, plan)
            count = len(bringing.seen)
            dataset = store.finish_import(begun.id, called, f"Imported {pictures(count)} from {one_line(path.name)}")
        except BaseException:
            store.discard_import(begun.id)
            raise
    labels = {
        head.name: count - store.count(dataset.id, Query(head=head.name, unlabelled=True)) for head in dataset.heads
    }
    unreadable = store.count(dataset.id, Query(status="unreadable"))
    problems = (*unpacked.problems.sentences(), *plan.problems.sentences())
    return Imported(dataset, plan.format, count, bringing.known, unreadable, labels, problems)


def no_picture(path: Path, plan: Plan) -> DatasetError:
    """The sentence for a folder of which nothing can come in, and the first of what was left out."""
    said = " ".join(plan.problems.sentences()[:1])
    return DatasetError(f"{one_line(path)} holds no picture that can come in. {said}".rstrip())


class Bringing:
    """One import while it runs; ``place_of`` says where a file lies for good, if its folder goes away again.

    Attributes:
        seen: contents that have come in.
        known: how many came in before.
        frozen: contents of those that ``items`` has given whose split is fixed.
    """

    def __init__(
        self,
        store: DatasetStore,
        dataset: Dataset,
        plan: Plan,
        *,
        copy: bool,
        annotator: str,
        cancel: threading.Event | None,
        on_progress: Callable[[Progress], None] | None,
        place_of: Callable[[Path], Place] = file_place,
    ) -> None:
        self.seen: set[bytes] = set()
        self.known = 0
        self.frozen: set[bytes] = set()
        self._store = store
        self._dataset = dataset
        self._heads = {head.name: head for head in dataset.heads}
        self._plan = plan
        self._problems = plan.problems
        self._copy = copy
        self._place_of = place_of
        self._annotator = annotator
        self._cancel = cancel
        self._on_progress = on_progress
        self._values = PlannedValues(store.blobs, copy=copy)

    def run(self) -> None:
        """Bring everything in, but leave the dataset hidden."""
        piece: list[NewItem] = []
        again: list[NewItem] = []
        for item in self.items():
            if item.content in self.seen:
                again.append(item)
                continue
            self.seen.add(item.content)
            piece.append(item)
            if len(piece) >= PIECE:
                self._store.add_import(self._dataset.id, piece, self.frozen)
                piece = []
        self._store.add_import(self._dataset.id, piece, self.frozen)
        if again:
            # Only now: what several pieces did to one item could not become one step.
            added = self._store.add_import(self._dataset.id, again)
            self.known = len(again)
            names = {item.content: item.path for item in again}
            for conflict in added.conflicts[:]:
                self._problems.note(
                    "{n:,} more pictures come twice with different labels; the first counts.",
                    f"Of a picture that comes twice, {one_line(conflict.head)} is said differently; the first counts.",
                )
            self._problems.say(
                f"{pictures(len(again))} {'has' if len(again) == 1 else 'have'} the content of another one, such as "
                f"{one_line(os.fsdecode(next(iter(names.values()))))}; each content is one item."
            )

    def items(self) -> Iterator[NewItem]:
        """What is planned, looked at and read, one by one; raises ``Cancelled``."""
        meter = Meter()
        for planned in self._plan.items():
            stop_if(self._cancel)
            item = self._item(planned)
            meter.count(1, int(item.status != "ok"))
            if self._on_progress is not None:
                self._on_progress(meter.progress(self._plan.total))
            yield item

    def _item(self, planned: PlannedItem) -> NewItem:
        path = planned.path.absolute()
        status: Status = "ok"
        note, data, size, modified = "", b"", (0, 0), 0
        place = self._place_of(path)
        content = unread_content(place)
        try:
            data = Source(path).read()
            content = hashlib.sha256(data).digest()
            modified = path.stat().st_mtime_ns
            size = picture_size(path, data)
        except (FileError, OSError) as error:
            status = "unreadable"
            note = str(trouble(path, error) if isinstance(error, OSError) else error)
            self._problems.note("{n:,} more files are no picture that can be read; they are marked.", note)
        labels = self._labels(planned, size)
        if planned.frozen:
            self.frozen.add(content)
        if self._copy and status == "ok" and content not in self.seen:  # a broken one is mended where it lies
            place = file_place(keep_copy(self._store.copies(self._dataset.id), content, data, path.name))
        split: Split = planned.split if planned.split in ("train", "val", "test") else ""  # type: ignore[assignment]
        return NewItem(
            content=content,
            path=place.path,
            member=place.member,
            source=_plain(planned.source),
            group=_plain(planned.group),
            width=size[0],
            height=size[1],
            size=len(data),
            mtime_ns=modified,
            labels=labels,
            split=split,
            status=status,
            note=note,
            annotator=self._annotator,
            metadata=planned.metadata,
        )

    def _labels(self, planned: PlannedItem, size: tuple[int, int]) -> dict[str, Value | Label | None]:
        found: dict[str, Value | Label | None] = {}
        wrong = planned.size is not None and size != (0, 0) and planned.size != size
        if wrong and planned.size is not None:
            self._problems.note(
                "{n:,} more pictures have another size than is said of them; their boxes and masks were left out.",
                f"{one_line(planned.path.name)} has {size[0]} x {size[1]} pixels where {planned.size[0]} x "
                f"{planned.size[1]} are said; its boxes and masks were left out.",
            )
        for name, label in planned.labels.items():
            if wrong and isinstance(label, Boxes | MaskFile):
                continue
            try:
                value = self._values.value(label, size)
                check_value(self._heads[name], value)
            except (DatasetError, FileError) as error:
                self._problems.note(
                    "{n:,} more labels can't be used.",
                    f"The {one_line(name)} of {one_line(planned.path.name)} was left out: {error}",
                )
            else:
                said = planned.said.get(name)
                found[name] = Label(value, said.annotator, said.time, said.origin) if said else value
        return found


def _plain(text: str) -> str:
    """Text as SQLite can hold it."""
    return text.encode("utf-8", "replace").decode()
