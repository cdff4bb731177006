"""One finding of the quality report: what is wrong, its pictures, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.pages.dataset.checking import SEVERITY_ICONS
from desktop.theme import GAP, draw_icon, tokens
from desktop.widgets.labels import button, label
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.picture_row import PictureRow
from desktop.widgets.wrap import Wrap

__all__ = ["THUMB_SIDE", "FindingRow"]

THUMB_SIDE = 48


class FindingRow(QFrame):
    """A card.

    Args:
        severity: of ``training.datasets.quality.finding``.
        words: what is wrong.
        count: pictures concerned.
        ways: what each way to put it right does, the best first.
        thumbs: pictures that there is room for.

    Signals:
        show_wanted: its pictures are to be shown.
        fix_wanted: it is to be put right, by the way at this place.
    """

    show_wanted = Signal()
    fix_wanted = Signal(int)

    def __init__(self, severity: str, words: str, count: int, ways: Sequence[str], thumbs: int) -> None:
        super().__init__()
        self.setObjectName("card")
        self.words, self.ways = words, tuple(ways)
        self.pictures = PictureRow(THUMB_SIDE)
        self.pictures.set_count(thumbs)
        first = ways[0] if ways else ""
        said = label(words, wrap=True)
        self.show_button = button(f"Show {count:,}", on_click=self.show_wanted.emit)
        self.show_button.setVisible(count > 0)
        self.fix_button = button("Fix", on_click=partial(self.fix_wanted.emit, 0), tip=f"{first}; it can be undone")
        self.others_button = MenuButton("Other ways", self._fill)
        self._fix_words = label(first, "secondary", wrap=True)
        self._fixed = label("Fixed", "accent")
        top = QHBoxLayout()
        top.setSpacing(GAP.m)
        top.addWidget(_Sign(severity), 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(said, 1)
        foot = Wrap(spacing=GAP.s)
        foot.setContentsMargins(18 + GAP.m, 0, 0, 0)
        for one in (self.show_button, self.fix_button, self.others_button, self._fixed):
            foot.addWidget(one)
        foot.begin_second()  # all of them stand at the left
        thumbs_row = QHBoxLayout()
        thumbs_row.setContentsMargins(18 + GAP.m, 0, 0, 0)
        thumbs_row.addWidget(self.pictures)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.m, GAP.m, GAP.m, GAP.m)
        column.setSpacing(GAP.s)
        column.addLayout(top)
        if thumbs:
            column.addLayout(thumbs_row)
        if ways:
            said_row = QHBoxLayout()
            said_row.setContentsMargins(18 + GAP.m, 0, 0, 0)
            said_row.addWidget(self._fix_words)
            column.addLayout(said_row)
        if count or ways:
            column.addLayout(foot)
        self.set_fixed(False)

    def set_fixed(self, fixed: bool) -> None:
        """Whether it was put right."""
        self._fixed.setVisible(fixed)
        self._fix_words.setVisible(bool(self.ways) and not fixed)
        self.fix_button.setVisible(bool(self.ways) and not fixed)
        self.others_button.setVisible(len(self.ways) > 1 and not fixed)

    def _fill(self, menu: QMenu) -> None:
        for place, words in enumerate(self.ways[1:], start=1):
            menu.addAction(words.replace("&", "&&")).triggered.connect(
                lambda _checked=False, place=place: self.fix_wanted.emit(place)
            )


class _Sign(QWidget):
    """How bad it is."""

    def __init__(self, severity: str) -> None:
        super().__init__()
        self._severity = severity
        words = {"error": "Spoils training or measuring", "warning": "Probably a problem", "hint": "Worth a look"}
        self.setToolTip(words.get(severity, ""))
        self.setAccessibleName(words.get(severity, ""))
        self.setFixedSize(QSize(18, 18))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens(self.palette())
        colour = {"error": colours.bad, "warning": colours.caution}.get(self._severity, colours.secondary)
        painter = QPainter(self)
        draw_icon(painter, SEVERITY_ICONS.get(self._severity, "info"), colour, QRectF(self.rect()))
        event.accept()
