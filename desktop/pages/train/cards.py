"""Cards that are chosen from when a training is planned: a task with its picture, and how much effort is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.pages.train.estimating import about
from desktop.pages.train.planning import KIND_WORDS, TemplateChoice
from desktop.theme import GAP, RADIUS
from desktop.widgets.card_grid import GridCard
from desktop.widgets.chips import Chip, Chips
from desktop.widgets.labels import label

__all__ = ["PresetCard", "TemplateCard"]

_FOLDER = Path(__file__).resolve().parents[3] / "assets" / "templates"
_HEIGHT = 84
_RATIO = 192 / 108
_ABOUT_TIME = "At most, on this computer; it ends sooner when nothing gets better any more."


class _Picture(QWidget):
    """A drawing that fills the width of its card, cut above and below."""

    def __init__(self, name: str) -> None:
        super().__init__()
        path = _FOLDER / f"{name}.svg"
        self._drawing = QSvgRenderer(str(path)) if path.is_file() else None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as it gets."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The drawing, with the card's round corners above."""
        if self._drawing is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect())
            shape = QPainterPath()
            shape.addRoundedRect(box.adjusted(0, 0, 0, RADIUS), RADIUS - 1, RADIUS - 1)
            painter.setClipPath(shape)
            width = max(box.width(), box.height() * _RATIO)
            height = width / _RATIO
            where = QRectF((box.width() - width) / 2, (box.height() - height) / 2, width, height)
            self._drawing.render(painter, where)
        event.accept()


class TemplateCard(GridCard):
    """A task: its picture, what comes out of it, and how that is answered."""

    def __init__(self, choice: TemplateChoice) -> None:
        super().__init__(f"{choice.title}. {choice.sentence}")
        self.name = choice.name
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, GAP.m)
        column.setSpacing(GAP.s)
        column.addWidget(_Picture(choice.picture))
        inside = QVBoxLayout()
        inside.setContentsMargins(GAP.m, 0, GAP.m, 0)
        inside.setSpacing(GAP.xs)
        inside.addWidget(label(choice.title, "section", wrap=True))
        inside.addWidget(label(choice.sentence, "secondary", wrap=True))
        column.addLayout(inside)
        column.addStretch(1)
        chips = Chips()
        chips.set_chips([Chip(KIND_WORDS.get(kind, kind), f"Answers with {kind}", quiet=True) for kind in choice.kinds])
        foot = QHBoxLayout()
        foot.setContentsMargins(GAP.m, 0, GAP.m, 0)
        foot.addWidget(chips)
        column.addLayout(foot)


class PresetCard(GridCard):
    """How much effort is made, and how long that may take."""

    def __init__(self, name: str, title: str, sentence: str) -> None:
        super().__init__(f"{title}. {sentence}")
        self.name, self._title, self._sentence = name, title, sentence
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.m, GAP.m, GAP.m, GAP.m)
        column.setSpacing(GAP.xs)
        top = QHBoxLayout()
        top.setSpacing(GAP.s)
        top.addWidget(label(title, "section"), 1)
        self._time = label("", "accent")
        self._time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._time.setToolTip(_ABOUT_TIME)
        top.addWidget(self._time)
        column.addLayout(top)
        column.addWidget(label(sentence, "secondary", wrap=True))
        column.addStretch(1)

    def set_seconds(self, seconds: float | None) -> None:
        """How long it may take; None where that can't be said."""
        words = "" if seconds is None else about(seconds)
        self._time.setText(words)
        self.setAccessibleName(
            f"{self._title}, {words}. {self._sentence}" if words else f"{self._title}. {self._sentence}"
        )
