"""What differs between two versions: a row of pictures for each kind of difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.jobs import Loader
from desktop.pages.dataset.freezing import Difference
from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.picture_row import PictureRow
from desktop.widgets.pixels import to_image

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.records import Place

__all__ = ["DifferenceView"]

_SIDE = 64


class DifferenceView(QWidget):
    """The rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[Difference, PictureRow]] = []
        self._wanted: dict[int, tuple[PictureRow, int, Place]] = {}  # key -> where a picture goes, where it lies
        self._next = 0  # no key comes twice: a picture may come late
        self._thumbs: Loader[QImage] = Loader(self._load, self._show_thumb, self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP.lg)

    def show_differences(self, found: Sequence[Difference]) -> None:
        """Show these, none of those before."""
        if [one for one, _ in self.rows] == list(found):
            return
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        self.rows, self._wanted = [], {}
        for one in found:
            whole = QWidget()
            column = QVBoxLayout(whole)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(GAP.xs)
            column.addWidget(label(one.title, wrap=True))
            column.addWidget(label(one.words, "secondary", wrap=True))
            pictures = PictureRow(_SIDE)
            pictures.set_count(len(one.places))
            pictures.setAccessibleName(f"{one.title}, {one.words}")
            pictures.setVisible(bool(one.places))
            column.addWidget(pictures)
            self._column.addWidget(whole)
            self.rows.append((one, pictures))
            for at, place in enumerate(one.places):
                self._wanted[self._next] = pictures, at, place
                self._next += 1
        self._thumbs.want(list(self._wanted))

    def close_view(self) -> None:
        """Stop loading, for good."""
        self._thumbs.close()

    def _load(self, key: int) -> QImage | None:
        from desktop.actions.pictures import load_thumbnail

        wanted = self._wanted.get(key)
        if wanted is None:
            return None  # others are shown by now
        pixels = load_thumbnail(wanted[2].source, _SIDE * 2)
        return to_image(pixels.width, pixels.height, pixels.data)

    def _show_thumb(self, key: int, picture: QImage | None) -> None:
        if key in self._wanted:
            row, at, _ = self._wanted[key]
            row.set_picture(at, picture)
