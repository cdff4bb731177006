"""From the store into a folder that other programs read: written beside its place, and put there whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from models.errors import DatasetError, FileError, one_line
from models.progress import Meter, Progress
from models.workspace import reason
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats import Contents, Problems, find_format
from training.datasets.formats.naming import UNSPLIT, Names, is_picture, safe_part, split_of
from training.datasets.formats.plan import ContentsItem, Said, stop_if
from training.datasets.formats.targets import ending_of
from training.datasets.records import Item, Query
from training.datasets.store import DatasetStore
from training.datasets.values import Mask, Targets, Value
from training.datasets.versions import Version, VersionRow

__all__ = ["Sent", "new_folder", "send_out"]

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Sent:
    """What has gone out.

    Attributes:
        folder: where it lies.
        items: pictures written.
        problems: a sentence each about what was left out, by the format or because a file is gone.
    """

    folder: Path
    items: int
    problems: tuple[str, ...]


def send_out(
    store: DatasetStore,
    dataset_id: int,
    folder: Path,
    format: str = "layout",  # noqa: A002 - the word that people know
    *,
    where: Query = Query(),  # noqa: B008 - frozen
    version: Version | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sent:
    """Write a dataset into a new folder, with copies of its pictures.

    Args:
        store: that it is in.
        dataset_id: of the dataset.
        folder: to make; what is there already must be an empty folder.
        format: a key of ``FORMATS``.
        where: which items; of a version, all are written.
        version: write what the dataset was then, in place of what it is.
        cancel: set it to stop; then nothing is written.
        on_progress: called in this thread.

    Raises:
        DatasetError: the folder is not empty or can't be written, or the dataset has nothing that the format can say.
        Cancelled: ``cancel`` was set.
    """
    chosen = find_format(format)
    folder = folder.absolute()
    problems = Problems()
    with new_folder(folder) as beside, tempfile.TemporaryDirectory() as scratch:
        sending = _Sending(store, dataset_id, where, version, problems, Path(scratch), cancel, on_progress)
        chosen.write(sending.contents(), beside, problems, cancel=cancel)
    return Sent(folder, sending.furthest, problems.sentences())


@contextlib.contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A hidden folder beside ``folder``, to be filled, that takes its place when the block ends well.

    Raises:
        DatasetError: ``folder`` is not empty, or can't be written.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise DatasetError(f"{one_line(folder)} is there already; name a folder that is not, or an empty one.")
    beside = folder.parent / f".sortwerk-{os.urandom(8).hex()}.part"
    try:
        beside.mkdir(parents=True)
        yield beside
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
    except OSError as error:
        raise DatasetError(f"{one_line(folder)} can't be written ({reason(error)}); choose another place.") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)


class _Sending:
    """One export while it runs."""

    def __init__(
        self,
        store: DatasetStore,
        dataset_id: int,
        where: Query,
        version: Version | None,
        problems: Problems,
        scratch: Path,
        cancel: threading.Event | None,
        on_progress: Callable[[Progress], None] | None,
    ) -> None:
        self.furthest = 0
        self._store = store
        self._dataset = store.dataset(dataset_id)
        self._problems = problems
        self._scratch = scratch
        self._cancel = cancel
        self._on_progress = on_progress
        self._snapshot = store.snapshot(version) if version is not None else None
        self._heads = self._snapshot.heads if self._snapshot is not None else self._dataset.heads
        self._ids = store.ids(dataset_id, where) if self._snapshot is None else range(len(self._snapshot.rows))
        self._names = self._named()
        self._meter = Meter()

    def contents(self) -> Contents:
        """What goes out."""
        return Contents(self._dataset.name, self._heads, self._items, self._store.blobs.path)

    def _pages(self) -> Iterator[list[Item]]:
        rows = self._snapshot.rows if self._snapshot is not None else ()
        for start in range(0, len(rows), PAGE):
            stop_if(self._cancel)
            yield [_was(self._dataset.id, number, rows[number]) for number in range(len(rows))[start : start + PAGE]]
        if self._snapshot is not None:
            return
        for start in range(0, len(self._ids), PAGE):
            stop_if(self._cancel)
            yield self._store.items(self._dataset.id, where=Query(ids=self._ids[start : start + PAGE]))

    def _said(self, page: list[Item]) -> dict[int, dict[str, Said]]:
        """Item -> question -> who gave the label."""
        found: dict[int, dict[str, Said]] = defaultdict(dict)
        if self._snapshot is not None:
            return found  # a version does not keep it
        for head in self._dataset.heads:
            facts = self._store.label_facts(self._dataset.id, head.name, [item.id for item in page])
            for item, label in facts.items():
                found[item][head.name] = Said(label.annotator, label.time, label.origin)
        return found

    def _known(self, page: list[Item]) -> Mapping[int, Attributes]:
        """Item -> its metadata, of those that have any."""
        if self._snapshot is not None:
            return {item.id: self._snapshot.rows[item.id].metadata for item in page}
        return self._store.metadata(self._dataset.id, [item.id for item in page])

    def _named(self) -> dict[int, str]:
        """A name for every item: where it lies below the folder that they all share, as any system takes it."""
        places = {item.id: (_parts(item), item.split) for page in self._pages() for item in page}
        shared = _shared([parts[:-1] for parts, _ in places.values()])
        names = Names()
        found = {}
        for number, (parts, split) in places.items():
            below = [safe_part(part) for part in parts[shared:]]
            if len(below) > 1 and split_of(below[0]) == split and (split or below[0] == UNSPLIT):
                below = below[1:]  # the folder of a part, which the format makes anew
            found[number] = names.take("/".join(below))
        return found

    def _items(self) -> Iterator[ContentsItem]:
        count = 0
        for made in self._made():
            if made is None:
                continue
            yield made
            if made.path.parent == self._scratch:
                made.path.unlink(missing_ok=True)
            count += 1
            if count > self.furthest:
                self.furthest = count
                self._meter.count(1, 0)
                if self._on_progress is not None:
                    self._on_progress(self._meter.progress(len(self._ids)))

    def _made(self) -> Iterator[ContentsItem | None]:
        for page in self._pages():
            said, known = self._said(page), self._known(page)
            for one in page:
                yield self._item(one, said.get(one.id, {}), known.get(one.id, NOTHING))

    def _item(self, item: Item, said: Mapping[str, Said], metadata: Attributes) -> ContentsItem | None:
        source = item.place.source
        path = source.path
        name = self._names[item.id]
        try:
            if source.member is not None:
                path = self._scratch / f"{item.id}{PurePosixPath(name).suffix}"
                path.write_bytes(source.read())
            elif not path.is_file():
                raise FileNotFoundError
            ending = "" if is_picture(name) else ending_of(path)
        except (FileError, DatasetError, FileNotFoundError):
            self._problems.note(
                "{n:,} more pictures are not where they were.",
                f"{one_line(item.place.text)} is not there any more and was left out; bring it back, or find it anew.",
            )
            return None
        labels = {head: value for head, value in item.labels.items() if self._whole(head, item, value)}
        return ContentsItem(
            path,
            name + ending,
            item.width,
            item.height,
            labels,
            item.split,
            item.source,
            item.group,
            {head: one for head, one in said.items() if head in labels},
            item.frozen,
            metadata,
        )

    def _whole(self, head: str, item: Item, value: Value) -> bool:
        """Whether the files that a label names are there; else it is said."""
        paths: list[Path] = []
        if isinstance(value, Mask):
            paths = [self._store.blobs.path(value.blob)]
        elif isinstance(value, Targets):
            paths = [self._store.blobs.path(one.blob) if one.blob else Path(one.path) for one in value.targets]
        gone = next((one for one in paths if not one.is_file()), None)
        if gone is not None:
            self._problems.note(
                "{n:,} more labels have lost their file.",
                f"The {one_line(head)} of {item.name} was left out: {one_line(gone)} is not there any more.",
            )
        return gone is None


def _was(dataset: int, number: int, row: VersionRow) -> Item:
    """An item of a version; ``number`` is its place there."""
    return Item(
        id=number,
        dataset=dataset,
        content=row.content,
        place=row.place,
        source=row.source,
        group=row.group,
        width=row.width,
        height=row.height,
        size=0,
        mtime_ns=0,
        status="ok",
        note="",
        split=row.split,
        frozen=False,
        added="",
        trashed=None,
        labels=row.labels,
    )


def _parts(item: Item) -> tuple[str, ...]:
    source = item.place.source
    parts = source.path.parts
    return (*parts, *source.member.split("/")) if source.member is not None else parts


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """How many parts all ``folders`` begin with."""
    low, high = (min(folders), max(folders)) if folders else ((), ())
    pairs = enumerate(zip(low, high, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(low), len(high)))
