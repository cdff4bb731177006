"""What is said of the same few validation pictures after each epoch, from the first one to the latest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.pages.train.entries import Entry
from desktop.pages.train.history import History
from desktop.theme import GAP
from desktop.widgets.labels import label
from desktop.widgets.sample_strip import Caption, Sample, SampleStrip
from desktop.widgets.wrap import Wrap

if TYPE_CHECKING:  # pydantic comes with it
    from training.runs.events import Sample as Said

__all__ = ["SamplesPanel"]

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SLIDER = 160


class SamplesPanel(QWidget):
    """The pictures, and a slider over the epochs; at its end it follows the latest one.

    Args:
        jobs: the background, which reads the pictures.

    Signals:
        opened: path of a picture that the person wants to see.
    """

    opened = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._run: Entry | None = None
        self._history: History | None = None
        self._pictures: dict[str, QImage] = {}
        self._asked: set[str] = set()
        self._epochs: list[int] = []
        self._follows = True
        self._keys: list[str] = []
        self._shown: tuple[object, ...] = ()
        self._title = label("", "section")
        self._epoch = label("", "secondary")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setFixedWidth(_SLIDER)
        self.slider.setAccessibleName("Epoch")
        self.slider.setToolTip("Another epoch (arrow keys)")
        self.slider.valueChanged.connect(self._scrub)
        self.strip = SampleStrip("Sample pictures")
        self.strip.opened.connect(self._open)
        head = Wrap(spacing=GAP.s)
        head.addWidget(self._title)
        head.begin_second()
        head.addWidget(self._epoch)
        head.addWidget(self.slider)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        column.addLayout(head)
        column.addWidget(self.strip)

    def refresh(self, entry: Entry | None, history: History | None) -> None:
        """Show what a run has said of its pictures."""
        if self._run is None or entry is None or entry.id != self._run.id:
            self._pictures, self._asked = {}, set()
            self._follows = True
        self._run, self._history = entry, history
        epochs = sorted(history.samples) if history is not None else []
        if epochs != self._epochs:
            self._epochs = epochs
            self.slider.blockSignals(True)
            self.slider.setRange(0, max(0, len(epochs) - 1))
            if self._follows:
                self.slider.setValue(len(epochs) - 1)
            self.slider.blockSignals(False)
            self.slider.setEnabled(len(epochs) > 1)
        self.setVisible(bool(epochs))
        self._show()

    def _scrub(self, place: int) -> None:
        self._follows = place == self.slider.maximum()
        self._show()

    def _show(self) -> None:
        history, run = self._history, self._run
        if history is None or run is None or not self._epochs:
            return
        epoch = self._epochs[min(self.slider.value(), len(self._epochs) - 1)]
        said = history.samples[epoch]
        shown = (run.id, epoch, said, len(self._pictures))
        if shown == self._shown:
            return
        self._shown = shown
        self._keys = [one.key for one in said]
        count = _WORDS[len(said)] if len(said) < len(_WORDS) else f"{len(said)}"
        self._title.setText(
            f"On the same {count} validation pictures" if len(said) > 1 else "On one validation picture"
        )
        self._epoch.setText(f"epoch {epoch + 1}")
        self.slider.setAccessibleDescription(f"epoch {epoch + 1} of {self._epochs[-1] + 1}")
        heads = [head.name for head in run.heads]
        self.strip.set_samples([_sample(place, one, heads, self._pictures) for place, one in enumerate(said)])
        self._load(run, [one.key for one in said])

    def _load(self, run: Entry, keys: list[str]) -> None:
        """Read the pictures that are not here yet, once."""
        missing = [key for key in keys if key not in self._asked]
        if not missing:
            return
        self._asked.update(missing)

        def read(_: object) -> dict[str, QImage]:
            images = {key: QImage(str(run.path / "samples" / f"{key}.png")) for key in missing}
            return {key: image for key, image in images.items() if not image.isNull()}

        def done(found: dict[str, QImage]) -> None:
            if self._run is not None and self._run.id == run.id:
                self._pictures.update(found)
                self._show()

        self._jobs.start("Reading sample pictures", read, on_done=done, visible=False)

    def _open(self, place: int) -> None:
        if self._run is not None and place < len(self._keys):
            path: Path = self._run.path / "samples" / f"{self._keys[place]}.png"
            self.opened.emit(path)


def _sample(place: int, said: Said, heads: list[str], pictures: Mapping[str, QImage]) -> Sample:
    captions, tips = [], []
    for head in heads:
        answer = said.heads.get(head)
        if answer is None:
            continue
        words = _text(answer.said) or "nothing"
        captions.append(Caption(words, answer.right))
        sure = f" ({answer.confidence:.0%} sure)" if answer.confidence is not None else ""
        truth = f", it is {_text(answer.truth)}" if answer.truth not in (None, "") and answer.right is False else ""
        tips.append(f"{head}: {words}{sure}{truth}")
    return Sample(f"Picture {place + 1}", pictures.get(said.key), tuple(captions), "\n".join(tips))


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
