"""One engine on its card: how it stands, what it is, what goes on, what went wrong, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.actions.facts import file_size
from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_progress import EngineProgress
from desktop.pages.settings.engine_words import PURPOSES, engine_rows, standing
from desktop.pages.settings.engines import Deed, Wish
from desktop.theme import GAP
from desktop.widgets.facts import Facts
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import button, label
from desktop.widgets.wrap import Wrap

if TYPE_CHECKING:
    from desktop.actions.engine import Status

__all__ = ["EngineRow"]

_REMOVING = "{title} goes, and {size} are free again. What needs it then fetches it anew."


class EngineRow(QWidget):
    """The row of one variant.

    Args:
        variant: a key of ``PURPOSES``.
        control: what does things to it.

    Signals:
        install_wanted: the person wants to see what installing costs; whether to bring a Python of their own.
        log_wanted: the log is to be shown.
    """

    install_wanted = Signal(bool)
    log_wanted = Signal()

    def __init__(self, variant: str, control: EngineControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._variant, self._control = variant, control
        self._asking = False  # whether removing waits for a second word
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, GAP.s)
        column.setSpacing(GAP.s)
        self._standing = IconLabel()
        self._more = label("", "secondary", wrap=True)
        self._facts = Facts()
        self._progress = EngineProgress(control)
        self._wrong = label("", "bad", wrap=True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sure = label("", wrap=True)
        for one in (self._standing, self._more, self._facts, self._progress, self._wrong, self._sure):
            column.addWidget(one)
        self._add_buttons(column)
        control.engines.changed.subscribe(lambda _: self.refresh())
        self.refresh()

    def _add_buttons(self, column: QVBoxLayout) -> None:
        row = Wrap(spacing=GAP.s)
        self.again = self._button("Try again", self._retry)
        self.install = self._button("Install…", lambda: self.install_wanted.emit(False))
        self.repair = self._button("Repair", lambda: self._start("repair"))
        self.own = self._button("Use my own Python…", lambda: self.install_wanted.emit(True))
        self.remove = self._button("Remove…", self._remove)
        self.sure = self._button("Remove", lambda: self._start("remove"))
        self.keep = self._button("Keep it", lambda: self._ask(False))
        self.log = button("Show log", "link", on_click=self.log_wanted.emit)
        self._buttons = (self.again, self.install, self.repair, self.own, self.remove, self.sure, self.keep, self.log)
        for one in self._buttons:
            row.addWidget(one)
        row.begin_second()
        column.addLayout(row)

    def _button(self, words: str, act: Callable[[], None]) -> QPushButton:
        made = button(words, on_click=act)
        made.setAccessibleName(f"{words.rstrip('…')}: {PURPOSES[self._variant].title}")
        return made

    # -- what a person does -------------------------------------------------------------------------------------------

    def _start(self, deed: Deed) -> None:
        self._asking = False
        self._control.start(Wish(deed, self._variant))

    def _retry(self) -> None:
        problem = self._control.engines.problems.get(self._variant)
        if problem is not None:
            self._control.start(problem.wish)

    def _remove(self) -> None:
        status = self._control.engines.statuses.get(self._variant)
        if status is not None and (status.size or status.engine is None or not status.engine.own):
            self._ask(True)
        else:
            self._start("remove")  # a Python of their own is only forgotten

    def _ask(self, asking: bool) -> None:
        self._asking = asking
        self.refresh()
        (self.keep if asking else self.remove).setFocus(Qt.FocusReason.OtherFocusReason)

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show how things stand."""
        engines = self._control.engines
        status = engines.statuses.get(self._variant)
        mine = engines.work is not None and engines.work.variant == self._variant
        self._show_standing(status)
        self._progress.refresh(self._variant, others=False)
        problem = engines.problems.get(self._variant) if not mine else None
        self._wrong.setText(problem.sentence if problem is not None else "")
        self._wrong.setVisible(problem is not None)
        asking = self._asking and not mine and status is not None
        if asking and status is not None:
            self._sure.setText(_REMOVING.format(title=status.title, size=file_size(status.size)))
        self._sure.setVisible(asking)
        self._show_buttons(status, asking=asking, failed=problem is not None, mine=mine)

    def _show_standing(self, status: Status | None) -> None:
        if status is None:
            self._standing.show_words("loader", "secondary", "Looking…")
            self._more.setText(PURPOSES[self._variant].words)
            self._facts.hide()
            return
        now = standing(status)
        self._standing.show_words(now.icon, now.colour, now.words)
        self._more.setText(now.more or PURPOSES[self._variant].words)
        rows = engine_rows(status)
        self._facts.set_facts(rows)
        self._facts.setVisible(bool(rows))

    def _show_buttons(self, status: Status | None, *, asking: bool, failed: bool, mine: bool) -> None:
        state = status.state if status is not None else ""
        own = status is not None and status.engine is not None and status.engine.own
        lost_own = status is not None and state == "broken" and (status.engine is not None or not status.size)
        usual = not asking and not mine and status is not None
        self.install.setText("Update…" if state == "outdated" else "Install…")
        self.repair.setText("Prove it again" if own else "Repair")
        self.own.setText("Use another Python…" if own or lost_own else "Use my own Python…")
        self.remove.setText("Forget it" if (own or lost_own) and not (status and status.size) else "Remove…")
        shown = {
            self.again: usual and failed,
            self.install: usual and (state in ("none", "half", "outdated") or own or lost_own),
            self.repair: usual and state in ("ready", "drifted", "outdated", "broken") and not lost_own,
            self.own: usual,
            self.remove: usual and state != "none",
            self.sure: asking,
            self.keep: asking,
            self.log: usual and failed,
        }
        for one, wanted in shown.items():
            one.setVisible(wanted)
            one.setEnabled(self._control.engines.work is None or one is self.log)
