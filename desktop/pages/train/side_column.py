"""At the right of the curves: how long still, how fast, what is in use, what is answered worst; or what came of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.actions.facts import file_size
from desktop.pages.train.entries import Entry
from desktop.pages.train.figures import FigureFacts, short
from desktop.pages.train.history import History
from desktop.pages.train.words import STATES, device_words, finished_words, how_long, left_words, rate_words
from desktop.theme import GAP, sized
from desktop.widgets.labels import label
from desktop.widgets.meter_rows import Meter, MeterRows

__all__ = ["SideColumn"]

_WEAKEST = 8
_LARGE = 26
_SHARE = FigureFacts("share")
_WORDS = {
    "prepared": "It was prepared and has not begun.",
    "paused": "Everything is kept. Resume goes on exactly where it was.",
    "lost": "Its process is gone without a word: the computer was switched off, or it was ended from outside. Resume "
    "goes on from the last checkpoint.",
    "pausing": "It finishes its step and keeps everything.",
    "stopping": "It finishes its step; then the best weights become the model.",
}


class SideColumn(QFrame):
    """Shows one run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        body = QWidget()
        body.setObjectName("inspector_body")
        body.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never wider than the column
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        self.column.setSpacing(GAP.s)
        self.large = label("", wrap=True)
        font = sized(self.large.font(), _LARGE)
        font.setWeight(QFont.Weight.DemiBold)
        self.large.setFont(font)
        self.quiet = label("", "secondary", wrap=True)
        self.said = label("", wrap=True)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.wrong = label("", "bad", wrap=True)
        self.wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.meters = MeterRows("How far it is, and what is in use", quiet=True)
        self._weakest_title = label("", "secondary", wrap=True)
        self.weakest = MeterRows("What is answered worst")
        for one in (self.large, self.quiet, self.said, self.wrong, self.meters):
            self.column.addWidget(one)
        self.after = QVBoxLayout()
        self.after.setSpacing(GAP.s)
        self.column.addLayout(self.after)
        self.column.addSpacing(GAP.s)
        self.column.addWidget(self._weakest_title)
        self.column.addWidget(self.weakest)
        self.column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)  # beside the edge
        outer.addWidget(area)

    def refresh(self, entry: Entry, history: History | None, head: str) -> None:
        """Show how a run stands; ``head`` is the question whose categories are shown."""
        said = history or History()
        self.large.setText(_large(entry, said))
        self.quiet.setText(_quiet(entry, said))
        self.quiet.setVisible(bool(self.quiet.text()))
        sentences = finished_words(entry, said) if entry.state == "finished" else []
        words = "\n".join(sentences) or _WORDS.get(entry.state, "")
        self.said.setText(words)
        self.said.setVisible(bool(words))
        wrong = entry.problem or (entry.sentence if entry.state == "failed" else "")
        self.wrong.setText(wrong)
        self.wrong.setVisible(bool(wrong))
        meters = _meters(entry, said)
        self.meters.set_rows(meters)
        self.meters.setVisible(bool(meters))
        self._show_weakest(entry, said, head)

    def _show_weakest(self, entry: Entry, said: History, head: str) -> None:
        best = said.best
        by_epoch = said.classes.get(head, {})
        at_best = entry.state == "finished" and best is not None and best.epoch in by_epoch
        figures = by_epoch[best.epoch] if at_best and best is not None else said.latest_classes(head)
        known = sorted((one for one in figures if one.value is not None), key=lambda one: one.value or 0.0)
        rows = [
            Meter(one.name, one.value, short(one.value, _SHARE), f"Of {one.images:,} validation pictures")
            for one in known[:_WEAKEST]
        ]
        more = f" of {len(known):,}" if len(known) > _WEAKEST else ""
        self._weakest_title.setText(f"Weakest in {head}{more}")
        self.weakest.set_rows(rows)
        for one in (self._weakest_title, self.weakest):
            one.setVisible(bool(rows))


def _large(entry: Entry, said: History) -> str:
    if entry.state == "running":
        if said.step is not None and said.step.seconds_left is not None:
            return left_words(said.step.seconds_left)
        return "Beginning…" if said.step is None else "Running"
    words = STATES.get(entry.state, entry.state)
    if entry.state == "finished":
        return f"Finished in {how_long(entry.seconds)}" if entry.seconds else "Finished"
    return words[:1].upper() + words[1:]


def _quiet(entry: Entry, said: History) -> str:
    if entry.state == "running" and said.step is not None and said.begun is not None:
        on = device_words(said.begun.device)
        return f"{rate_words(said.step.images_per_second)} on {on}"
    if entry.state == "finished" and said.best is not None:
        return f"The best was epoch {said.best.epoch + 1} of {entry.epochs}"
    return ""


def _meters(entry: Entry, said: History) -> list[Meter]:
    rows = []
    begun = said.begun
    if begun is not None and begun.epochs and entry.state != "finished":
        rows.append(Meter("Epoch", said.share, f"{said.epoch} / {begun.epochs}", _step_words(said)))
    if entry.state != "running":
        return rows
    if said.resources:
        now = said.resources[-1]
        rows.append(Meter("CPU", now.cpu, f"{now.cpu:.0%}".replace("%", "\N{NO-BREAK SPACE}%")))
        if now.gpu is not None:
            rows.append(Meter("GPU", now.gpu, f"{now.gpu:.0%}".replace("%", "\N{NO-BREAK SPACE}%")))
        if now.gpu_memory is not None:
            memory = f"{now.gpu_memory:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
            rows.append(Meter("GPU memory", now.gpu_memory, memory))
        rows.append(Meter("Memory", now.memory, f"{now.memory:.0%}".replace("%", "\N{NO-BREAK SPACE}%")))
        disk = now.disk_read + now.disk_write
        most = max((one.disk_read + one.disk_write for one in said.resources), default=0.0)
        share = disk / most if most > 0 else 0.0
        rows.append(Meter("Disk", share, f"{file_size(round(disk))}/s", "The bar: of the most it has been so far"))
    if said.step is not None and said.step.rate:
        most = max(said.rates.y, default=said.step.rate)
        rows.append(Meter("Learning rate", said.step.rate / most if most else None, f"{said.step.rate:.2g}"))
    return rows


def _step_words(said: History) -> str:
    return f"Step {said.step.step:,}" if said.step is not None else ""
