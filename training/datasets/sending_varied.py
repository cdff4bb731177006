"""Augmented copies of a dataset, written into a folder in any format: picture by picture, labels going along."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import cv2

from models.errors import DatasetError, FileError, one_line
from models.progress import Meter, Progress
from training.augmentation.augmenter import Augmenter
from training.datasets.attributes import NOTHING
from training.datasets.blobs import BlobStore
from training.datasets.formats import Contents, Problems, find_format
from training.datasets.formats.naming import Names, safe_part
from training.datasets.formats.plan import ContentsItem, stop_if
from training.datasets.masks import put_mask
from training.datasets.records import Item, Query
from training.datasets.sending import PAGE, Sent, new_folder
from training.datasets.store import DatasetStore
from training.datasets.varying import Loaded, labels_after, load, no_picture, variant_index

__all__ = ["send_varied"]

_PNG = [cv2.IMWRITE_PNG_COMPRESSION, 1]  # a sixth larger than with the usual 3, in a third of the time


def send_varied(
    store: DatasetStore,
    dataset_id: int,
    folder: Path,
    format: str,  # noqa: A002 - the word that people know
    augment: Augmenter,
    *,
    count: int = 1,
    side: int | None = None,
    where: Query = Query(),  # noqa: B008 - frozen
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Sent:
    """Write variants of a dataset's pictures, with their labels, into a new folder, as PNG.

    Every variant stays in the split of its picture and in one group with the other variants. What else is known of the
    picture is said of each.

    Args:
        store: that it is in.
        dataset_id: of the dataset.
        folder: to make; what is there already must be an empty folder.
        format: a key of ``FORMATS``.
        augment: makes them; variant n of an item is that of ``variant_index``.
        count: variants of each picture, 1 or more.
        side: pixels of the longer side at most; None for the full size.
        where: of which items.
        cancel: set it to stop; then nothing is written.
        on_progress: called in this thread.

    Raises:
        DatasetError: the folder is not empty or can't be written, or there is no picture, or nothing to say of one.
        Cancelled: ``cancel`` was set.
    """
    chosen, problems, folder = find_format(format), Problems(), folder.absolute()
    if not 1 <= count <= 1000:
        raise DatasetError(f"Between 1 and 1,000 copies of each picture can be made, not {count}; name another number.")
    with new_folder(folder) as beside, tempfile.TemporaryDirectory() as scratch:
        sending = _Varying(store, dataset_id, where, augment, count, side, Path(scratch), problems)
        sending.cancel, sending.on_progress = cancel, on_progress
        chosen.write(sending.contents(), beside, problems, cancel=cancel)
        if not sending.furthest:
            raise no_picture(store.dataset(dataset_id).name)
    return Sent(folder, sending.furthest, problems.sentences())


class _Varying:
    """One writing while it goes on."""

    cancel: threading.Event | None = None
    on_progress: Callable[[Progress], None] | None = None

    def __init__(
        self,
        store: DatasetStore,
        dataset_id: int,
        where: Query,
        augment: Augmenter,
        count: int,
        side: int | None,
        scratch: Path,
        problems: Problems,
    ) -> None:
        self.furthest = 0
        self._store, self._augment, self._count, self._side = store, augment, count, side
        self._dataset = store.dataset(dataset_id)
        self._ids = store.ids(dataset_id, where)
        self._scratch, self._problems = scratch, problems
        self._blobs = BlobStore(scratch / "masks")
        self._heads = tuple(head for head in self._dataset.heads if head.kind != "image")
        for head in self._dataset.heads:
            if head.kind == "image":
                problems.say(
                    f"The target pictures of {one_line(head.name)} are left out: they would have to be varied."
                )
        self._meter = Meter()

    def contents(self) -> Contents:
        """What goes out."""
        return Contents(self._dataset.name, self._heads, self._items, self._blobs.path)

    def _items(self) -> Iterator[ContentsItem]:
        names, done = Names(stems=True), 0
        for start in range(0, len(self._ids), PAGE):
            page = self._ids[start : start + PAGE]
            known = self._store.metadata(self._dataset.id, page)
            for item in self._store.items(self._dataset.id, where=Query(ids=page)):
                stop_if(self.cancel)
                try:
                    loaded = load(item, self._heads, self._store.blobs, self._side)
                except FileError as error:
                    self._problems.note("{n:,} more pictures can't be read and were left out.", str(error))
                    continue
                for variant in range(self._count):
                    stop_if(self.cancel)
                    made = replace(self._made(loaded, variant, names), metadata=known.get(item.id, NOTHING))
                    yield made
                    made.path.unlink(missing_ok=True)
                    done += 1
                    self._tell(done)

    def _tell(self, done: int) -> None:
        if done > self.furthest:
            self.furthest = done
            self._meter.count(1, 0)
            if self.on_progress is not None:
                self.on_progress(self._meter.progress(len(self._ids) * self._count))

    def _made(self, loaded: Loaded, variant: int, names: Names) -> ContentsItem:
        item = loaded.item
        made = self._augment(loaded.sample, variant_index(item.id, variant))
        name = names.take(f"{safe_part(PurePosixPath(item.name).stem)}-{variant + 1:02d}.png")
        path = self._scratch / f"{item.id}-{variant}.png"
        written, data = cv2.imencode(".png", cv2.cvtColor(made.sample.image, cv2.COLOR_RGB2BGR), _PNG)
        if not written:
            raise DatasetError(f"A copy of {item.name} could not be written as PNG; make the copies smaller.")
        path.write_bytes(data.tobytes())
        labels = labels_after(loaded, made, lambda mask: put_mask(self._blobs, mask))
        width, height = made.sample.size
        return ContentsItem(path, name, width, height, labels, item.split, item.source, _group(item))


def _group(item: Item) -> str:
    """That of the picture, or one of its own: a variant in another split than the others would be a leak."""
    return item.group or f"variants-{item.content.hex()[:12]}"
