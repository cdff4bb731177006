"""Planning a training: what it is for, with which pictures, how much effort is made; what was found, at the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.pages.train.cards import PresetCard, TemplateCard
from desktop.pages.train.checks import CheckRow, Deed
from desktop.pages.train.checks_panel import ChecksPanel
from desktop.pages.train.planning import NOW, Planning
from desktop.pages.train.settings_form import SettingsForm
from desktop.theme import GAP
from desktop.widgets.card_grid import CardGrid
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.tick_box import TickBox
from desktop.widgets.wrap import Wrap
from training.datasets.wording import pictures

__all__ = ["StartView"]

_TASK_LETTERS, _EFFORT_LETTERS = 27, 27
_PICK = 240


class StartView(QWidget):
    """Three steps on one page.

    Args:
        planning: what was chosen so far.

    Signals:
        check_wanted: something that was looked through beforehand has changed.
        dataset_wanted: the person wants to go to the dataset.
        refused: a setting can't have a value, in a sentence.
    """

    check_wanted = Signal()
    dataset_wanted = Signal()
    refused = Signal(str)

    def __init__(self, planning: Planning, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._planning = planning
        self._tasks_shown: tuple[object, ...] = ()
        self._all_tasks = False
        self.tasks = CardGrid(letters=_TASK_LETTERS)
        self.tasks.current_changed.connect(self._choose_task)
        self._more = button("", "link", on_click=self._show_all)
        self.efforts = CardGrid(letters=_EFFORT_LETTERS)
        self.efforts.current_changed.connect(self._choose_effort)
        self.dataset = PickButton("Dataset", {}, "")
        self.dataset.chosen.connect(lambda number: planning.choose_dataset(int(number)))
        self.version = PickButton("Version", {NOW: "As it is now"}, NOW)
        self.version.chosen.connect(planning.choose_version)
        self._heads = Wrap(spacing=GAP.lg)
        self._heads_shown: tuple[object, ...] = ()
        self.form = SettingsForm(planning)
        self.form.refused.connect(self.refused)
        self.checks = ChecksPanel()
        self.checks.deed_wanted.connect(self._do)
        self._lay_out()
        planning.changed.subscribe(lambda _: self.refresh())

    def _lay_out(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.setSpacing(GAP.s)
        column.addWidget(_heading("1", "What is to be learned"))
        column.addWidget(self.tasks)
        more = QHBoxLayout()
        more.addWidget(self._more)
        more.addStretch(1)
        column.addLayout(more)
        column.addSpacing(GAP.s)
        column.addWidget(_heading("2", "With which pictures"))
        picks = Wrap(spacing=GAP.s)
        for one in (self.dataset, self.version):
            one.setMinimumWidth(_PICK)
            picks.addWidget(one)
        picks.begin_second()
        column.addLayout(picks)
        column.addLayout(self._heads)
        column.addSpacing(GAP.lg)
        column.addWidget(_heading("3", "How much effort"))
        column.addWidget(self.efforts)
        column.addSpacing(GAP.s)
        column.addWidget(self.form)
        column.addStretch(1)
        self._area = QScrollArea(widgetResizable=True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inside)
        self._area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = QStackedWidget()
        self._side.addWidget(self.checks)
        row.addWidget(self._area, 1)
        row.addWidget(self._side)

    def set_aside(self, width: int) -> None:
        """How wide what was found is shown, pixels."""
        self._side.setFixedWidth(width)

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a form in place of what was found; None for that."""
        if panel is not None and self._side.indexOf(panel) < 0:
            self._side.addWidget(panel)
        self._side.setCurrentWidget(panel or self.checks)

    def show_checks(self, rows: list[CheckRow]) -> None:
        """What was found."""
        self.checks.set_rows(rows)

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the plan."""
        planning = self._planning
        if planning.datasets is None:
            return
        self._show_tasks()
        self._show_dataset()
        self._show_efforts()
        self.form.refresh()
        self.checks.set_facts(_facts(planning))
        self.checks.set_busy()
        self.check_wanted.emit()

    def _show_tasks(self) -> None:
        choices = self._planning.templates
        others = [one for one in choices if not one.fits]
        if any(one.name == self._planning.template for one in others):
            self._all_tasks = True
        offered = choices if self._all_tasks else [one for one in choices if one.fits]
        names = [one.name for one in offered]
        chosen = names.index(self._planning.template) if self._planning.template in names else -1
        if self._tasks_shown != tuple(offered):
            self._tasks_shown = tuple(offered)
            self.tasks.set_cards([TemplateCard(one) for one in offered], chosen)
        elif chosen >= 0 and chosen != self.tasks.current:
            self.tasks.set_cards([TemplateCard(one) for one in offered], chosen)
        self._more.setVisible(bool(others))
        words = "Only those that fit the dataset" if self._all_tasks else f"{len(others)} more, for other datasets"
        self._more.setText(words)

    def _show_dataset(self) -> None:
        planning = self._planning
        options = {str(one.id): one.name for one in planning.datasets or ()}
        self.dataset.set_options(options, str(planning.dataset))
        chosen = planning.chosen
        versions = {one.name: one.name for one in reversed(chosen.versions)} if chosen is not None else {}
        self.version.set_options({NOW: "As it is now", **versions}, planning.version)
        self._show_heads()

    def _show_heads(self) -> None:
        planning = self._planning
        config = planning.config
        trained = {head.name: config is None or config.head(head.name).train for head in planning.heads}
        labelled = planning.chosen.labelled if planning.chosen is not None else {}
        shown = (tuple(planning.heads), tuple(trained.items()), tuple(labelled.items()))
        if shown == self._heads_shown:
            return
        self._heads_shown = shown
        while (item := self._heads.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()  # at once; deleting waits for the event loop
                widget.deleteLater()
        several = len(planning.heads) > 1
        for head in planning.heads:
            words = f"{head.name}: {labelled.get(head.name, 0):,} labelled"
            if several:
                tick = TickBox(words)
                tick.setChecked(trained[head.name])
                tick.setToolTip("Whether this question is learned")
                tick.toggled.connect(partial(self._set, f"heads.{head.name}.train"))
                self._heads.addWidget(tick)
            else:
                self._heads.addWidget(label(words, "secondary"))
        self._heads.begin_second()

    def _show_efforts(self) -> None:
        presets = self._planning.presets
        names = [name for name, *_ in presets]
        if not self.efforts.cards:
            cards = [PresetCard(name, title, sentence) for name, title, sentence, _ in presets]
            self.efforts.set_cards(cards, names.index(self._planning.preset))
        elif self.efforts.current != names.index(self._planning.preset):
            self.efforts.set_current(names.index(self._planning.preset))
        for card, (*_, seconds) in zip(self.efforts.cards, presets, strict=True):
            if isinstance(card, PresetCard):
                card.set_seconds(seconds)

    # -- what a person does -------------------------------------------------------------------------------------------

    def _choose_task(self, place: int) -> None:
        card = self.tasks.cards[place]
        if isinstance(card, TemplateCard):
            self._planning.choose_template(card.name)

    def _choose_effort(self, place: int) -> None:
        card = self.efforts.cards[place]
        if isinstance(card, PresetCard):
            self._planning.choose_preset(card.name)

    def _show_all(self) -> None:
        self._all_tasks = not self._all_tasks
        self._show_tasks()

    def _set(self, path: str, value: object) -> None:
        from models.errors import TrainingError

        try:
            self._planning.set(path, value)
        except TrainingError as error:
            self.refused.emit(str(error))

    def _do(self, deed: Deed) -> None:
        if deed.path:
            self._set(deed.path, {"no": False, "yes": True}.get(deed.value, deed.value))
        else:
            self.dataset_wanted.emit()


def _heading(number: str, words: str) -> QWidget:
    return label(f"{number}   {words}", "section")


def _facts(planning: Planning) -> list[tuple[str, str]]:
    chosen, config = planning.chosen, planning.config
    if chosen is None or config is None:
        return []
    train, val = chosen.counts
    test = chosen.splits.get("test", 0)
    facts = [("Dataset", chosen.name), ("To learn from", pictures(train)), ("To check with", pictures(val))]
    if test:
        facts.append(("Kept for the test", pictures(test)))
    facts += [
        ("Picture size", f"{config.data.side} × {config.data.side} px"),
        ("Epochs", f"{config.schedule.epochs:,} at most" if config.stopping.early else f"{config.schedule.epochs:,}"),
    ]
    return facts
