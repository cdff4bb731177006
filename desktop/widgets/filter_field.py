"""A field to type a name into: what fits is listed under it at once, and what doesn't exist yet can be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.theme import GAP, tokens
from desktop.widgets.key_cap import cap_size, draw_cap
from desktop.widgets.labels import label
from desktop.widgets.name_match import Fit, rank, same, tidy
from desktop.widgets.row_list import Row, RowList

__all__ = ["FilterField"]

_MOST = 8
_LOOSE = 5  # guesses that are offered where nothing contains what was typed
_ROW = 28


class FilterField(QWidget):
    """Up and Down choose from the list, Enter or a click takes, Esc leaves.

    What is typed is what Enter gives: the first name that begins with or contains the text, else a new one. Names that
    only resemble it are offered above that, not taken.

    Args:
        noun: what is named, such as "category".
        key: the key that leads here from elsewhere, shown while the field is empty and somewhere else is typed.

    Signals:
        picked: a name, and whether it is new.
        left: the person has left with Esc.
    """

    picked = Signal(str, bool)
    left = Signal()

    def __init__(self, noun: str = "category", key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._noun = noun
        self._names: tuple[str, ...] = ()
        self._offered: list[tuple[str, bool]] = []
        self._refusal: Callable[[str], str | None] = lambda _: None
        self._edit = _Edit(key, self._keyed)
        self._edit.setPlaceholderText(f"Type a {noun}…")
        self._edit.setAccessibleName(f"Type a {noun}")
        self._edit.textChanged.connect(lambda _: self._refresh())
        self._list = RowList(row=_ROW, most=_MOST)
        self._list.clicked.connect(self._take)
        self._list.hovered.connect(lambda place: self._choose(place, scroll=False))
        self._refused = label("", "bad", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        self._menu = QFrame()
        self._menu.setObjectName("card")
        framed = QVBoxLayout(self._menu)
        framed.setContentsMargins(GAP.xs, GAP.xs, GAP.xs, GAP.xs)
        framed.addWidget(self._list)
        for one in (self._edit, self._menu, self._refused):
            column.addWidget(one)
        self.setFocusProxy(self._edit)
        self._refresh()

    # -- what the owner says ------------------------------------------------------------------------------------------

    def set_names(self, names: Sequence[str]) -> None:
        """The names there are; in any order."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._refresh()

    def set_refusal(self, refusal: Callable[[str], str | None]) -> None:
        """Ask ``refusal`` about each new name: None where it may be, else a sentence for the person."""
        self._refusal = refusal
        self._refresh()

    def begin(self, text: str) -> None:
        """Take the keyboard, with ``text`` typed already."""
        self._edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._edit.setText(text)
        self._edit.end(False)

    def text(self) -> str:
        """What is typed, as a name."""
        return tidy(self._edit.text())

    def clear(self) -> None:
        """Empty the field."""
        self._edit.clear()

    # -- the list -----------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        text = self.text()
        matches = rank(text, self._names)
        loose = bool(matches) and matches[0].fit is Fit.LOOSE
        if loose:
            matches = matches[:_LOOSE]
        rows = [Row(match.name, letters=match.letters) for match in matches]
        self._offered = [(match.name, False) for match in matches]
        if text and not any(same(name, text) for name in self._names):
            rows.append(Row(f"New {self._noun} “{text}”", icon="plus"))
            self._offered.append((text, True))
        self._menu.setVisible(bool(rows))
        self._list.set_rows(rows, (len(rows) - 1 if loose else 0) if rows else -1)
        self._say()

    def _choose(self, place: int, *, scroll: bool = True) -> None:
        self._list.set_hot(place, scroll=scroll)
        self._say()

    def _say(self) -> None:
        """What is wrong with the chosen row, in red; and the row itself to those who listen."""
        hot = self._list.hot
        self._edit.setAccessibleDescription(
            f"{self._list.rows[hot].title}, {hot + 1} of {len(self._offered)}" if hot >= 0 else ""
        )
        problem = self._problem(hot)
        self._refused.setText(problem or "")
        self._refused.setVisible(bool(problem))

    def _problem(self, place: int) -> str | None:
        if place < 0 or not self._offered[place][1]:
            return None
        return self._refusal(self._offered[place][0])

    def _take(self, place: int) -> None:
        if place < 0 or self._problem(place) is not None:
            self._choose(place)
            return
        name, new = self._offered[place]
        self.clear()
        self.picked.emit(name, new)

    def _keyed(self, event: QKeyEvent) -> bool:
        """Keys the line edit leaves to the list; whether it was one."""
        count = len(self._offered)
        match event.key():
            case Qt.Key.Key_Down if count:
                self._choose((self._list.hot + 1) % count)
            case Qt.Key.Key_Up if count:
                self._choose((self._list.hot - 1) % count)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._take(self._list.hot)
            case Qt.Key.Key_Escape:
                self.clear()
                self.left.emit()
            case _:
                return False
        return True


class _Edit(QLineEdit):
    """A line edit that offers its keys first, and shows the key that leads to it while it is empty."""

    def __init__(self, key: str, keyed: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self._key, self._keyed = key, keyed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._keyed(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        key = self._key if not self.hasFocus() else "Enter"
        if not key or self.hasFocus() != bool(self.text()):
            return
        size = cap_size(self.font(), key)
        if self.fontMetrics().horizontalAdvance(self.text()) + size.width() + 3 * GAP.s > self.width():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = (self.height() - size.height()) // 2
        box = QRectF(self.width() - size.width() - GAP.s, top, size.width(), size.height())
        draw_cap(painter, self.font(), tokens(self.palette()), box, key)
