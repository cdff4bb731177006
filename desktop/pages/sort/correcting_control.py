"""Carries what a person says from the keyboard to what has been learned, and shows the receipt with its Undo."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.sort.correcting import Act, Correcting, News, Receipt
from desktop.pages.sort.items import Filter

if TYPE_CHECKING:
    from models.answer import Answer
    from training.calibration import Calibration

__all__ = ["CorrectingControl"]

_QUIET_MS = 1500  # without a correction, before the thresholds are found anew

Link = tuple[str, Callable[[], None]]


class CorrectingControl(QObject):
    """Between the page's widgets and :class:`Correcting`.

    Args:
        state: what can be done.
        jobs: the background.
        notices: for what went wrong.
        visible: the contents on screen, which are answered first.

    Signals:
        told: a receipt, and links to act on it.
        turned: items whose label was taken back, or given again.
        calibrated: how sure the answers sound has been found anew.
    """

    told = Signal(str, list)
    turned = Signal(list)
    calibrated = Signal(object)

    def __init__(
        self,
        state: Correcting,
        jobs: Jobs,
        notices: Notices,
        visible: Callable[[], Sequence[bytes]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.state, self._jobs, self._notices, self._visible = state, jobs, notices, visible
        self._busy = self._settling = False
        self._receipt: Receipt | None = None
        self._moved = 0
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._quiet.timeout.connect(self.settle)

    # -- what a person does -------------------------------------------------------------------------------------------

    def label(self, numbers: Iterable[int], head: str, label: str | None) -> None:
        """Items are ``label``, or can't be told (None)."""
        self._say(Act("label", head, tuple((one, label) for one in self.state.answers(numbers, head))))

    def accept(self, numbers: Iterable[int], head: str) -> None:
        """Items are what they are shown as; where that is unknown, what is most likely."""
        said: list[tuple[Answer, str | None]] = []
        for answer in self.state.answers(numbers, head):
            category = answer.category(head)
            if category is None and answer.heads[head].categories:
                category = answer.answered(head).category
            if category is not None:
                said.append((answer, category))
        self._say(Act("label", head, tuple(said)))

    def clear(self, numbers: Iterable[int], head: str) -> None:
        """Take back what was said of items."""
        labelled = [one for one in self.state.answers(numbers, head) if head in one.labels]
        self._say(Act("clear", head, tuple((one, None) for one in labelled)))

    def undo(self) -> None:
        """Take back the last act of a person, here or in another window."""
        self._do(Act("undo"))

    def redo(self) -> None:
        """Do again what was undone last."""
        self._do(Act("redo"))

    @property
    def busy(self) -> bool:
        """Whether something is being learned, or waits for it, or how sure to sound is being found."""
        return self._busy or self._settling or bool(self.state.queue)

    def follow(self) -> None:
        """Learn what other windows have recorded meanwhile."""
        if not self._busy and self.state.page.learner is not None:
            self._do(Act("follow"))

    def forget(self) -> None:
        """What was on the page is leaving it: Python's collector is to look at that again."""
        self.state.forget()
        gc.unfreeze()

    # -- the background -----------------------------------------------------------------------------------------------

    def _say(self, act: Act) -> None:
        if act.said:
            self.state.mark(act)
            self._go_on()

    def _do(self, act: Act) -> None:
        if act.verb != "follow":
            self.state.page.forget_changes()
        self.state.queue.append(act)
        self._go_on()

    def _go_on(self) -> None:
        """Do what waits, all together; what comes meanwhile waits for the next time."""
        if self._busy or not self.state.queue:
            return
        self._busy = True
        self._quiet.stop()
        acts, visible = self.state.begin(), self._visible()
        self._receipt, self._moved = None, 0

        def work(context: Context[News]) -> None:
            self.state.work(acts, visible, context.emit)

        self._jobs.start(
            "Learning",
            work,
            on_item=self._take,
            on_error=self._notices.error,
            on_end=self._ended,
            visible=False,
        )

    def _take(self, news: News) -> None:
        came = self.state.take(news)
        if isinstance(came, Receipt):
            # At once, for its Undo; how many others it has changed is told when that is known
            self._receipt = came
            self._tell(came)
            self._turn(came)
        else:
            self._moved += came

    def _ended(self, _: Job) -> None:
        self._busy = False
        if self._receipt is not None and self._moved:
            self._tell(self._receipt)
        if self.state.queue:
            self._go_on()
        else:
            self._quiet.start()

    def _tell(self, receipt: Receipt) -> None:
        if receipt.act.verb in ("undo", "redo") and not receipt.contents:
            self.told.emit(f"There is nothing to {receipt.act.verb}.", [])
            return
        text = receipt.sentence()
        links: list[Link] = []
        if self._moved:
            others = "1 other" if self._moved == 1 else f"{self._moved:,} others"
            text += f" {others} changed category."
            links.append(("Show", self._show_changed))
        if receipt.act.verb != "follow":
            links.append(("Redo", self.redo) if receipt.act.verb == "undo" else ("Undo", self.undo))
        self.told.emit(text, links)

    def _turn(self, receipt: Receipt) -> None:
        if receipt.act.verb in ("undo", "redo") and receipt.contents:
            numbers = [number for content in receipt.contents for number in self.state.page.files_of(content)]
            self.turned.emit(sorted(numbers))

    def _show_changed(self) -> None:
        self.state.page.choose(only=Filter.CHANGED)

    def settle(self) -> None:
        """Get ready for the next correction, and find anew how sure to sound. Acts don't wait for it."""
        self._quiet.stop()
        if self._settling or self._busy or self.state.page.running or self.state.page.learner is None:
            return
        self._settling = True
        visible = self._visible()

        def take(news: News) -> None:
            self.state.take(news, learned=False)

        def work(context: Context[News]) -> Calibration:
            return self.state.settle(visible, context.emit)

        def done(_: Job) -> None:
            self._settling = False
            # What is on the page stays there for a while. Python's collector would look at all of it again in the
            # middle of a correction, and hold the window up for 150 ms at 10,000 pictures. What is frozen as rubbish
            # stays until ``forget``, so the young part of it goes first.
            gc.collect(1)
            gc.freeze()

        self._jobs.start(
            "Finding how sure to sound",
            work,
            on_item=take,
            on_done=self.calibrated.emit,
            on_error=self._notices.error,
            on_end=done,
            visible=False,
        )
