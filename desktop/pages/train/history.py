"""What a run has said so far, gathered from its events as they come. No Qt.

Events are handed over in order, a few or all at once; nothing is read here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pydantic comes with them
    from training.runs.events import Begun, Classes, Epoch, Event, Exported, Resources, Sample, Step

__all__ = ["ClassFigure", "History", "LogLine", "Points"]

_RESOURCES = 180
"""Readings that are kept: six minutes of them."""

_LOG = 2000
_SKIPPED = 500


@dataclass(slots=True)
class Points:
    """A curve: values over epochs."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)

    def add(self, x: float, y: float | None) -> None:
        """Add a value; None is a gap."""
        self.x.append(x)
        self.y.append(float("nan") if y is None else y)

    def cut(self, end: float) -> None:
        """Forget what lies behind ``end``."""
        while self.x and self.x[-1] > end + 1e-9:
            self.x.pop()
            self.y.pop()


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log: seconds since 1970, "debug", "info", "warning" or "error", and what was said."""

    time: float
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class ClassFigure:
    """How one category is answered: 0 to 1, None where nothing can be said; of how many pictures."""

    name: str
    value: float | None
    images: int


@dataclass(slots=True)
class History:
    """Everything that was said, and nothing that was taken back by a resumption.

    Attributes:
        begun: how the latest process began.
        step: the latest step.
        losses: training loss by head, "" for all together, over epochs.
        rates: the learning rate over epochs.
        epochs: those that have ended, in order.
        classes: head -> epoch -> figures of its categories.
        samples: epoch -> answers to the sample pictures.
        resources: what was in use, the latest last.
        log: what a person may read, the latest last.
        skipped: (file, sentence) of pictures that can't be used.
        test: figures on the test split, as "head.figure".
        exported: what was written at the end.
        ended: the kind of the last word ("paused", "failed", "finished"), "" while there is none.
        sentence: why it failed.
        reason: why it finished: "epochs", "early" or "stopped".
        generation: another number whenever points were taken back; curves are drawn anew then.
        first: when it began, seconds since 1970; 0.0 before.
        last: when something was said last.
        worked: seconds that its processes have worked, pauses left out.
    """

    begun: Begun | None = None
    step: Step | None = None
    losses: dict[str, Points] = field(default_factory=lambda: {"": Points()})
    rates: Points = field(default_factory=Points)
    epochs: list[Epoch] = field(default_factory=list)
    classes: dict[str, dict[int, tuple[ClassFigure, ...]]] = field(default_factory=dict)
    samples: dict[int, tuple[Sample, ...]] = field(default_factory=dict)
    resources: deque[Resources] = field(default_factory=lambda: deque(maxlen=_RESOURCES))
    log: deque[LogLine] = field(default_factory=lambda: deque(maxlen=_LOG))
    skipped: list[tuple[str, str]] = field(default_factory=list)
    test: dict[str, float] = field(default_factory=dict)
    exported: Exported | None = None
    ended: str = ""
    sentence: str = ""
    reason: str = ""
    generation: int = 0
    first: float = 0.0
    last: float = 0.0
    worked: float = 0.0
    logged: int = 0
    _finished_best: int | None = None

    # -- taking in ----------------------------------------------------------------------------------------------------

    def feed(self, events: Iterable[Event]) -> None:
        """Take in what was said next."""
        for event in events:
            if not self.first:
                self.first = event.time
            elif event.event not in ("begun", "resumed") and not self.ended:
                self.worked += max(0.0, event.time - self.last)
            self.last = event.time
            self._take(event)

    def _take(self, event: Event) -> None:
        if event.event == "step":
            self._take_step(event)
        elif event.event == "epoch":
            self.epochs.append(event)
        elif event.event == "resources":
            self.resources.append(event)
        elif event.event == "classes":
            self._take_classes(event)
        elif event.event == "samples":
            self.samples[event.epoch] = tuple(event.answers)
        elif event.event == "begun":
            self._begin(event)
        elif event.event == "log":
            self._say(event.time, event.level, event.text)
        elif event.event == "skipped":
            self.skipped = [*self.skipped[1 - _SKIPPED :], (event.path, event.sentence)]
            self._say(event.time, "warning", event.sentence)
        elif event.event == "unfrozen":
            free = 1 - event.freeze_ratio
            self._say(event.time, "info", f"From epoch {event.epoch + 1} on, {free:.0%} of the backbone learns too.")
        elif event.event == "test":
            self.test = {name: value for name, value in event.figures.items() if value is not None}
        elif event.event == "exported":
            self.exported = event
        elif event.event == "failed":
            self.ended, self.sentence = "failed", event.sentence
            self._say(event.time, "error", event.sentence)
        elif event.event == "finished":
            self.ended, self.reason, self._finished_best = "finished", event.reason, event.best_epoch
        elif event.event == "paused":
            self.ended = "paused"
            self._say(event.time, "info", "Paused.")

    def _take_step(self, event: Step) -> None:
        self.step = event
        where = self.place(event.step)
        self.losses[""].add(where, event.loss)
        for head, loss in event.losses.items():
            self.losses.setdefault(head, Points()).add(where, loss)
        self.rates.add(where, event.rate)

    def _take_classes(self, event: Classes) -> None:
        figures = tuple(ClassFigure(name, value, images) for name, value, images in event.figures)
        self.classes.setdefault(event.head, {})[event.epoch] = figures

    def _begin(self, event: Begun) -> None:
        """A process begins; what was said of later steps is void."""
        again = self.begun is not None
        self.begun, self.ended, self.sentence = event, "", ""
        if not again:
            return
        end = self.place(event.step)
        for points in (*self.losses.values(), self.rates):
            points.cut(end)
        self.epochs = [one for one in self.epochs if one.step <= event.step]
        kept = {one.epoch for one in self.epochs}
        self.samples = {epoch: said for epoch, said in self.samples.items() if epoch in kept}
        for by_epoch in self.classes.values():
            for epoch in [one for one in by_epoch if one not in kept]:
                del by_epoch[epoch]
        self.resources.clear()
        self.step = None if self.step is None or self.step.step > event.step else self.step
        self.generation += 1
        self._say(event.time, "info", f"Goes on in epoch {event.epoch + 1}.")

    def _say(self, time: float, level: str, text: str) -> None:
        self.log.append(LogLine(time, level, text))
        self.logged += 1

    # -- what it comes to ---------------------------------------------------------------------------------------------

    def place(self, step: int) -> float:
        """Where a step lies on the axis of the curves, in epochs."""
        each = self.begun.steps_per_epoch if self.begun is not None else 0
        return step / each if each else float(step)

    def end_of(self, epoch: Epoch) -> float:
        """Where the end of an epoch lies on it."""
        each = self.begun.steps_per_epoch if self.begun is not None else 0
        return epoch.step / each if each else float(epoch.epoch + 1)

    def curve(self, figure: str, split: str = "val") -> Points:
        """A figure, such as "loss" or "part.accuracy", over epochs; ``split`` is "val" or "train"."""
        made = Points()
        for epoch in self.epochs:
            said = epoch.val if split == "val" else epoch.train
            if figure in said:
                made.add(self.end_of(epoch), said[figure])
        return made

    @property
    def best(self) -> Epoch | None:
        """The epoch whose weights are kept."""
        if self._finished_best is not None:
            return next((one for one in self.epochs if one.epoch == self._finished_best), None)
        return next((one for one in reversed(self.epochs) if one.best), None)

    @property
    def share(self) -> float:
        """How much of what is planned is done, 0 to 1."""
        begun = self.begun
        if begun is None or not begun.steps_per_epoch or not begun.epochs:
            return 0.0
        done = self.step.step if self.step is not None else begun.step
        return min(1.0, done / (begun.steps_per_epoch * begun.epochs))

    @property
    def epoch(self) -> int:
        """The epoch that is going on or was the last one, counted from 1; 0 before the first."""
        if self.step is not None:
            return self.step.epoch + 1
        return self.epochs[-1].epoch + 1 if self.epochs else (self.begun.epoch + 1 if self.begun is not None else 0)

    def figure_at_best(self, figure: str) -> float | None:
        """A figure of the validation in the epoch that is kept, else the last one known."""
        best = self.best
        if best is not None and best.val.get(figure) is not None:
            return best.val[figure]
        known = [one.val[figure] for one in self.epochs if one.val.get(figure) is not None]
        return known[-1] if known else None

    def latest_classes(self, head: str) -> Sequence[ClassFigure]:
        """The categories of a head as they were answered last."""
        by_epoch = self.classes.get(head, {})
        return by_epoch[max(by_epoch)] if by_epoch else ()
