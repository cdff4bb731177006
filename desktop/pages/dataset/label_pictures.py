"""The pictures around the one that is labelled, decoded before they are wanted; their labels; and small ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.jobs import Loader
from desktop.pages.dataset.state import DatasetState
from desktop.widgets.canvas import Pyramid
from desktop.widgets.lru import Lru
from desktop.widgets.pixels import to_image
from models.errors import FileError

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from models.sources import Source
    from training.datasets.records import Item

__all__ = ["LabelPictures", "LargePicture"]

_KEPT = 320 << 20
"""Bytes of decoded pictures that are kept; the one that is shown is kept in any case."""

_KEPT_ITEMS = 400


@dataclass(frozen=True, slots=True, eq=False)
class LargePicture:
    """One picture to label.

    Attributes:
        item: its id.
        name: of its file.
        path: as a person reads it.
        pyramid: the picture; None where there is none to be had.
        width: pixels at full size.
        height: likewise.
        problem: why there is no picture, or in what it is another than the one that was labelled, a sentence; "" for
            nothing.
        pixels: reads it at full size, uint8 (H, W, 3) RGB; for background threads; raises ``FileError``.
    """

    item: int
    name: str
    path: str
    pyramid: Pyramid | None
    width: int
    height: int
    problem: str
    pixels: Callable[[], NDArray[np.uint8]]


class LabelPictures(QObject):
    """Loads in threads of its own.

    Signals:
        picture_ready: item whose picture is there now.
        item_ready: item that was read, anew where it was known.
        thumbnail_ready: item, and its small picture or None.
    """

    picture_ready = Signal(int)
    item_ready = Signal(int)
    thumbnail_ready = Signal(int, object)

    def __init__(self, state: DatasetState, parent: QObject) -> None:
        super().__init__(parent)
        self._state = state
        self._side = 64
        self._pictures: Lru[int, LargePicture] = Lru(_KEPT)
        self._items: Lru[int, Item] = Lru(_KEPT_ITEMS)
        self._fresh: set[int] = set()
        self._large: Loader[LargePicture] = Loader(self._load_picture, self._take_picture, self)
        self._rows: Loader[Item] = Loader(self._load_item, self._take_item, self)
        self._small: Loader[QImage] = Loader(self._load_thumbnail, self.thumbnail_ready.emit, self)

    def picture(self, item: int) -> LargePicture | None:
        """The picture, if it is there."""
        return self._pictures.get(item)

    def item(self, number: int) -> Item | None:
        """The item with its labels, as it was read last; None before."""
        return self._items.get(number)

    def put_item(self, item: Item) -> None:
        """An item is known to be so now."""
        self._items.put(item.id, item)
        self._fresh.discard(item.id)

    def want(self, items: Sequence[int]) -> None:
        """Load these, the first ones first, in place of what was wanted so far."""
        self._large.want([item for item in items if item not in self._pictures])
        self._rows.want([item for item in items if item not in self._fresh])

    def want_small(self, items: Sequence[int], side: int) -> None:
        """Load small pictures, ``side`` pixels wide and high at most."""
        self._side = side
        self._small.want(items)

    def outdate(self) -> None:
        """Labels may be others now; what is known is good enough until it was read anew."""
        self._fresh.clear()

    def forget(self) -> None:
        """Another dataset."""
        self._pictures.clear()
        self._items.clear()
        self._fresh.clear()

    def close(self) -> None:
        """Stop loading."""
        for loader in (self._large, self._rows, self._small):
            loader.close()

    # -- background ---------------------------------------------------------------------------------------------------

    def _load_item(self, number: int) -> Item | None:
        from training.datasets.records import Query

        shown = self._state.shown
        if shown is None:
            return None
        return next(iter(self._state.store.items(shown.dataset.id, where=Query(ids=[number]))), None)

    def _load_picture(self, number: int) -> LargePicture | None:
        from desktop.actions.pictures import load_picture

        item = self._load_item(number)  # what is at hand is the page's thread's
        if item is None:
            return None
        source = item.place.source
        pixels = partial(_pixels, source)
        try:
            shown, facts = load_picture(source)
        except FileError as error:
            problem = f"{str(error).rstrip('.')}. Its labels are kept."
            return LargePicture(number, item.name, item.place.text, None, item.width, item.height, problem, pixels)
        width, height = facts.width, facts.height
        problem = _changed(item, width, height)
        pyramid = Pyramid(to_image(shown.width, shown.height, shown.data), width=width, height=height)
        return LargePicture(number, item.name, item.place.text, pyramid, width, height, problem, pixels)

    def _load_thumbnail(self, number: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        item = self._state.load_item(number)
        if item is None:
            return None
        pixels = load_thumbnail(item.place.source, self._side)
        return to_image(pixels.width, pixels.height, pixels.data)

    # -- what came ----------------------------------------------------------------------------------------------------

    def _take_item(self, number: int, item: Item | None) -> None:
        if item is None:
            self._items.discard(number)
        else:
            self._items.put(number, item)
        self._fresh.add(number)
        self.item_ready.emit(number)

    def _take_picture(self, number: int, picture: LargePicture | None) -> None:
        if picture is not None:
            self._pictures.put(number, picture, 4 * picture.width * picture.height + 1)
        self.picture_ready.emit(number)


def _pixels(source: Source) -> NDArray[np.uint8]:
    from models.images.decode import decode

    return decode(source.read_picture(), source.name).on_grey()


def _changed(item: Item, width: int, height: int) -> str:
    """In what a file is another than the one that came into the dataset; "" for nothing."""
    source = item.place.source
    changed = source.path.stat().st_mtime_ns != item.mtime_ns if source.member is None else False
    if not changed or hashlib.sha256(source.read()).digest() == item.content:
        return ""
    if item.width and (width, height) != (item.width, item.height):
        said = f"it is {width:,} × {height:,} pixels now, and was {item.width:,} × {item.height:,}"
    else:
        said = "its content is another now"
    return f"{item.name} was changed after it came in: {said}. Its labels are kept; look whether they still fit."
