"""Make a model smaller: in which form, tried on which pictures, how much may be lost; then before and after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.labelled_view import LabelledView
from desktop.pages.models.shrinking import FORMS, TOLERANCES, Shrinking
from desktop.theme import GAP
from desktop.widgets.before_after import BeforeAfter, Change
from desktop.widgets.choice import Choice
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import button, label
from desktop.widgets.radio_list import RadioList
from models.errors import Cancelled

if TYPE_CHECKING:
    from desktop.actions.quantize import Made

__all__ = ["SmallerView"]

_CHOICES = 360
_WIDEST = 820  # of the table: longer bars are not easier to compare


class SmallerView(LabelledView):
    """The view."""

    def __init__(self, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(
            "Make smaller",
            "Drop to try it on",
            "Choose a folder with pictures",
            labelled=False,
            jobs=jobs,
            notices=notices,
            parent=parent,
        )
        self.state = Shrinking()
        self._running: Job | None = None
        self._drop = button("Throw away", on_click=self.throw_away, tip="Let go of the smaller model")
        self._keep = button("Keep as a new model", "primary", on_click=self.keep)
        self._go = button("Make it smaller", "primary", on_click=self.run, tip="Make it, and compare both (Ctrl+Enter)")
        self._go.setShortcut("Ctrl+Return")
        for one in (self._drop, self._keep, self._go):
            self.add_action(one)
        self._add_choices()
        self.lay_out(
            _CHOICES,
            "images",
            "Drop pictures to try it on",
            "The smaller model is made beside the old one, which stays as it is.",
            self._result(),
        )
        self.menu.chosen.connect(lambda chosen: self.state.choose(pictures=chosen))
        self.closed.connect(self._leave)
        self.state.changed.subscribe(lambda _: self._refresh())
        self._refresh()

    # -- building -----------------------------------------------------------------------------------------------------

    def _add_choices(self) -> None:
        self._forms = RadioList(FORMS, self.state.how)
        self._forms.chosen.connect(lambda how: self.state.choose(how=how))
        self.add_section("What to make of it", self._forms)
        self.add_pictures(
            "Tried on which pictures",
            "Some such as it will see. With labels, a folder for each category, it is counted what is right; without, "
            "how often both answer the same.",
        )
        self._tolerance = Choice({key: words for key, (words, _) in TOLERANCES.items()}, self.state.tolerance)
        self._tolerance.chosen.connect(lambda key: self.state.choose(tolerance=key))
        said = label("Points of a hundred answers. Where more is lost, nothing is kept.", "secondary", wrap=True)
        self.add_section("How much may be lost", self._tolerance, said)

    def _result(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.s, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.m)
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(_WIDEST)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        self._verdict = IconLabel()
        self._verdict.setContentsMargins(GAP.lg, GAP.lg, GAP.lg, GAP.lg)
        self._table = BeforeAfter()
        inside.addWidget(self._verdict)
        inside.addWidget(self._table)
        column.addWidget(card)
        self._said = label("", "secondary", wrap=True)
        column.addWidget(self._said)
        column.addStretch(1)
        return page

    # -- what a person does -------------------------------------------------------------------------------------------

    def open(self, folder: Path | None) -> None:
        """Make the model in ``folder`` smaller."""
        self._leave()
        self.state.begin(folder)
        self.look_for_datasets()
        self.set_title("Make smaller")
        self._jobs.start(
            "Reading a model",
            lambda _: Shrinking.name_of(folder),
            on_done=lambda name: self.set_title("Make smaller", name),
            on_error=self._notices.error,
            visible=False,
        )

    def run(self) -> None:
        """Make it, and compare both, if nothing is missing."""
        state = self.state
        pictures = state.pictures
        if state.problem or pictures is None or self._running is not None:
            return
        self.throw_away()
        folder, how, points = state.folder, state.how, TOLERANCES[state.tolerance][1]

        def work(context: Context[None]) -> Made:
            made = Shrinking.make(folder, how, pictures, points, context.cancel, context.progress)
            if context.cancel.is_set():  # nobody waits for it any more
                Shrinking.drop(made)
                raise Cancelled("stopped")
            return made

        def done(made: Made) -> None:
            if job is self._running:
                state.take(made)
            else:
                self._throw(made)

        def failed(sentence: str) -> None:
            if job is self._running:
                state.refuse(sentence)

        def ended(_: Job) -> None:
            if job is self._running:
                self._running = None
                self._refresh()

        job = self._jobs.start("Making it smaller", work, on_done=done, on_error=failed, on_end=ended)
        self._running = job
        self._refresh()

    def keep(self) -> None:
        """Keep the smaller model as a new one."""
        made = self.state.let_go()
        if made is None:
            return
        name = made.done.spec.name

        def kept(folder: Path) -> None:
            self._notices.info(f"{name} is one of your models now.")
            self.installed.emit(folder)

        self._jobs.start(
            f"Keeping {name}",
            lambda context: Shrinking.keep(made, context.cancel),
            on_done=kept,
            on_error=self._notices.error,
        )
        self._refresh()

    def throw_away(self) -> None:
        """Let go of the smaller model."""
        made = self.state.let_go()
        if made is not None:
            self._throw(made)
        self.state.refuse("")

    def close_view(self) -> None:
        """The window closes, and with it all jobs: let go of what was made at once."""
        made = self.state.let_go()
        if made is not None:
            Shrinking.drop(made)

    def _throw(self, made: Made) -> None:
        self._jobs.start(
            "Throwing a model away", lambda _: Shrinking.drop(made), on_error=self._notices.error, visible=False
        )

    def _leave(self) -> None:
        """Nobody waits for what is being made, or will keep what was made."""
        if self._running is not None:
            self._running.cancel()
            self._running = None
        made = self.state.let_go()
        if made is not None:
            self._throw(made)

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self.state
        running, made = self._running is not None, state.made
        self._forms.set_value(state.how)
        self._tolerance.set_value(state.tolerance)
        self.show_place(state.pictures)
        self.set_hint("Making it, then asking both…" if running else state.problem)
        self._go.setVisible(made is None)
        self._go.setEnabled(not running and not state.problem)
        self._keep.setVisible(made is not None)
        self._drop.setVisible(made is not None)
        self.show_result(made is not None or bool(state.refusal))
        self._table.setVisible(made is not None)
        self._said.setText(state.words())
        if made is not None:
            self._verdict.show_words(
                "circle-check", "good", "It still answers as it should: keep it, or throw it away."
            )
            self._table.set_changes(
                [
                    Change(one.name, one.before, one.after, one.share_before, one.share_after, one.verdict, one.good)
                    for one in state.figures()
                ]
            )
        elif state.refusal:
            self._verdict.show_words("circle-alert", "caution", state.refusal)
