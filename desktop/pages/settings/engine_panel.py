"""What is to be installed, before anything is fetched: how large, where, how long, for which device; then how far."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.jobs import Job
from desktop.pages.settings.engine_control import EngineControl
from desktop.pages.settings.engine_progress import EngineProgress
from desktop.pages.settings.engine_words import PURPOSES, command_free, device_choices, plan_rows
from desktop.pages.settings.engines import Wish
from desktop.pages.settings.own_python import OwnPython
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.facts import Facts
from desktop.widgets.fold import Fold
from desktop.widgets.labels import button, label
from desktop.widgets.side_panel import SidePanel

if TYPE_CHECKING:
    from desktop.actions.engine import Plan

__all__ = ["EnginePanel"]

_ASIDE = (
    "It goes into a folder of its own, and changes nothing else on this computer. Settings > Engine removes it again."
)
_LARGER = "The small build for the processor can't be reached, so the large one is taken, which works as well."
_ON = "You can go on working meanwhile, and hide this: the installation goes on."


class EnginePanel(SidePanel):
    """The first-run dialogue, beside whatever needs an engine.

    Args:
        control: what does it.
        leaves: whether it goes as soon as something begins, because progress is shown elsewhere on the page.

    Signals:
        ready: name of the variant of which there is an engine now; what needed it may go on.
    """

    ready = Signal(str)

    def __init__(self, control: EngineControl, *, leaves: bool = False, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._control, self._leaves = control, leaves
        self._variant = "torch"
        self._plan: Plan | None = None
        self._planning: Job | None = None
        self._problem = ""  # why there is no plan
        self._wanted = False  # whether somebody still waits for the engine
        self._why = label("", wrap=True)
        self.column.addWidget(self._why)
        self.devices = Choice({}, "")
        self.devices.chosen.connect(self._set_device)
        self._for = self._section("Install for", self.devices)
        self._facts = Facts()
        self._note = label("", "secondary", wrap=True)
        self._wrong = label("", "bad", wrap=True)
        self._wrong.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._progress = EngineProgress(control)
        for one in (self._facts, self._progress, self._wrong, self._note):
            self.column.addWidget(one)
        self.own = OwnPython()
        self.own.agreed.connect(self._use)
        self.fold = Fold("Use my own Python", self.own)
        self.column.addWidget(self.fold)
        self.install = button("Install", "primary", on_click=self._install)
        self._not_now = button("Not now", on_click=self.dismissed.emit, tip="Leave this (Esc)")
        self.dismissed.connect(self._leave)
        self.add_buttons(self.install, self._not_now)
        control.engines.changed.subscribe(lambda _: self._refresh())
        control.ready.connect(self._heard)
        control.add_view(self)

    def _section(self, title: str, shown: QWidget) -> QWidget:
        around = QWidget()
        column = QVBoxLayout(around)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.xs)
        column.addWidget(label(title, "secondary"))
        column.addWidget(shown)
        self.column.addWidget(around)
        return around

    def begin(self, variant: str, why: str = "", *, own: bool = False) -> None:
        """Say what installing ``variant`` costs.

        Args:
            variant: a key of ``PURPOSES``.
            why: what needs it, a sentence; "" for what it is there for.
            own: whether the person wants to bring a Python.
        """
        self._variant, self._wanted = variant, True
        self._control.engines.forgive(variant)
        purpose = PURPOSES[variant]
        self.title.setText(f"{purpose.title} is needed" if why else f"Install {purpose.title}")
        self._why.setText(why or purpose.words)
        choices = device_choices(self._control.engines.device(variant))
        self.devices.set_options(choices, self._control.engines.device(variant))
        self.own.begin(purpose.title)
        self.fold.set_open(own)
        self.area.verticalScrollBar().setValue(0)
        self._ask()
        if own:
            self.own.focus()
        else:
            self._not_now.setFocus(Qt.FocusReason.OtherFocusReason)  # until it is known what there is to agree to

    # -- what a person does -------------------------------------------------------------------------------------------

    def _install(self) -> None:
        if self._plan is None or not self._plan.enough:
            self._ask()
        else:
            self._start(Wish("install", self._variant))

    def _use(self, path: Path) -> None:
        self._start(Wish("use", self._variant, path))

    def _start(self, wish: Wish) -> None:
        self._control.start(wish)
        if self._leaves:
            self.dismissed.emit()

    def _leave(self) -> None:
        self._wanted = False

    def _set_device(self, device: str) -> None:
        self._control.engines.set_device(device)
        self._control.engines.forgive(self._variant)
        self._ask()

    # -- showing ------------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        if self._planning is not None:
            self._planning.cancel()
        self._plan, self._problem = None, ""

        def planned(plan: Plan) -> None:
            if job is self._planning:
                self._planning, self._plan = None, plan
                self._facts.set_facts(plan_rows(plan))
                self._refresh()
                if self._not_now.hasFocus():
                    self.install.setFocus(Qt.FocusReason.OtherFocusReason)

        def failed(sentence: str) -> None:
            if job is self._planning:
                self._planning, self._problem = None, command_free(sentence)
                self._refresh()

        job = self._control.plan(self._variant, planned, failed)
        self._planning = job
        self._refresh()

    def _heard(self, variant: str) -> None:
        if variant == self._variant and self._wanted:
            self._wanted = False
            self.ready.emit(variant)

    def _refresh(self) -> None:
        plan, idle = self._plan, self._control.engines.work is None
        devices = PURPOSES[self._variant].devices and len(device_choices("auto")) > 2
        self._for.setVisible(devices and idle)  # while it works, only how far it is
        self._facts.setVisible(plan is not None and idle)
        self.fold.setVisible(idle)
        self._progress.refresh(self._variant, others=True)
        self._show_wrong()
        self._note.setText(self._words(plan, working=not idle))
        self._note.setVisible(bool(self._note.text()))
        self.install.setText(self._verb(plan))
        self.install.setEnabled(idle and self._planning is None)
        self._not_now.setText("Not now" if idle else "Hide")

    def _show_wrong(self) -> None:
        """Why it did not work, or would not; where several things are wrong, what was tried last comes first."""
        engines, plan = self._control.engines, self._plan
        problem = engines.problems.get(self._variant)
        wrong = problem.sentence if problem is not None else self._problem
        if not wrong and plan is not None and not plan.enough:
            wrong = plan.too_little
        wrong = wrong if engines.work is None else ""
        told = wrong != self._wrong.text()
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        if wrong and told:
            self.area.ensureWidgetVisible(self._wrong)

    def _words(self, plan: Plan | None, *, working: bool) -> str:
        if working:
            return _ON
        if self._planning is not None:
            return "Asking how large it is…"
        if plan is None:
            return ""
        if plan.there:
            return "It is installed already, and whole."
        return f"{_LARGER} {_ASIDE}" if plan.fallback else _ASIDE

    def _verb(self, plan: Plan | None) -> str:
        problem = self._control.engines.problems.get(self._variant)
        if self._problem or (problem is not None and problem.wish.deed == "install"):
            return "Try again"
        if plan is not None and not plan.enough:
            return "Look again"
        return "Use it" if plan is not None and plan.there else "Install"
