"""Versions of a dataset: kept, compared, written for other programs; and the trash."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.jobs import Context, Jobs
from desktop.notices import Action, Notices
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.difference_view import DifferenceView
from desktop.pages.dataset.export_panel import ExportPanel, ExportWish
from desktop.pages.dataset.freezing import NOW, Difference, Kept, compare, read_kept
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Tab
from desktop.pages.dataset.wording import counted, day, moment
from desktop.theme import GAP
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.pick_button import PickButton

__all__ = ["VersionsView"]

_WHY = (
    "A version is the dataset as it is at one moment: pictures, labels and splits. It never changes, and what is "
    "trained on it can be repeated."
)
_NONE = "Once a version is kept, what has changed since is shown here with its pictures."
_NARROW = 140  # letters, under which what differs stands below the versions


class VersionsView(Tab):
    """The tab.

    Signals:
        told: what came of something, for the job bar, and links to act on it.
        panel_wanted: a form is to be shown at the right; None for none.
        naming_wanted: title, words, name, verb, and what is called with the name.
        show_trash_wanted: the pictures in the trash are to be shown.
    """

    told = Signal(str, list)
    panel_wanted = Signal(object)
    naming_wanted = Signal(str, str, str, str, object)
    show_trash_wanted = Signal()

    def __init__(
        self, state: DatasetState, jobs: Jobs, notices: Notices, acting: Acting, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._notices, self._acting = state, jobs, notices, acting
        self.kept: Kept | None = None
        self._seen: object = None
        self.panel = ExportPanel(self)
        self.panel.hide()  # until the page shows it at its right
        self.panel.dismissed.connect(lambda: self.panel_wanted.emit(None))
        self.panel.agreed.connect(self._choose_folder)
        inside = QWidget()
        self._across = QHBoxLayout(inside)
        self._across.setContentsMargins(GAP.lg, GAP.s, GAP.xl, GAP.xl)
        self._across.setSpacing(GAP.lg)
        first, second = QVBoxLayout(), QVBoxLayout()
        for column, cards in (
            (first, (self._versions_card(), self._trash_card())),
            (second, (self._compare_card(),)),
        ):
            column.setSpacing(GAP.lg)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
        self._across.addLayout(first, 2)
        self._across.addLayout(second, 3)
        area = QScrollArea(widgetResizable=True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)

    def _versions_card(self) -> QWidget:
        card, column = _card("Versions")
        column.addWidget(label(_WHY, "secondary", wrap=True))
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        self._keep = button("Freeze a version…", on_click=self._ask_name)
        self._export = button("Export…", on_click=lambda: self.export(NOW), tip="The dataset as it is now")
        row.addWidget(self._keep)
        row.addWidget(self._export)
        row.addStretch(1)
        column.addLayout(row)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        return card

    def _compare_card(self) -> QWidget:
        self._compare, column = _card("What differs")
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        self.before, self.after = PickButton("From", {}, ""), PickButton("To", {}, "")
        row.addWidget(label("From", "secondary"))
        row.addWidget(self.before, 1)
        row.addWidget(label("to", "secondary"))
        row.addWidget(self.after, 1)
        for one in (self.before, self.after):
            one.chosen.connect(lambda _: self._diff())
        row.setContentsMargins(0, 0, 0, 0)
        self.diff = DifferenceView()
        self._same = label("", "secondary", wrap=True)
        self._pair = QWidget()
        self._pair.setLayout(row)
        column.addWidget(self._pair)
        column.addWidget(self._same)
        column.addWidget(self.diff)
        return self._compare

    def _trash_card(self) -> QWidget:
        card, column = _card("Trash")
        column.addWidget(
            label("What is in the trash is kept for 30 days. Files stay where they are.", "secondary", wrap=True)
        )
        self._trashed = label("", wrap=True)
        self._show_trash = button("Show", on_click=self.show_trash_wanted.emit)
        self._restore = button("Restore all", on_click=self._restore_items)
        row = QHBoxLayout()
        row.setSpacing(GAP.s)
        row.addWidget(self._trashed, 1)
        row.addWidget(self._show_trash)
        row.addWidget(self._restore)
        column.addLayout(row)
        self._gone = QVBoxLayout()
        self._gone.setSpacing(0)
        column.addLayout(self._gone)
        return card

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        shown = self._state.shown
        if shown is None:
            return
        seen = (shown.dataset.id, shown.undo, shown.redo, shown.items, len(self._state.entries or ()))
        if seen != self._seen:
            self._seen = seen
            self.look()

    def look(self) -> None:
        """Read anew."""
        dataset = self._state.selected
        if dataset is None:
            return

        def read(kept: Kept) -> None:
            if self._state.selected == dataset:
                self.kept = kept
                self._show()

        self._jobs.start(
            "Looking at versions",
            lambda _: read_kept(self._state.store, dataset),
            on_done=read,
            on_error=self._notices.error,
            visible=False,
        )

    def _show(self) -> None:
        kept = self.kept
        if kept is None:
            return
        _clear(self._list)
        for version in kept.versions:
            about = f"{counted(version.items)}, {moment(version.created)}, {version.hash[:8]}"
            deeds = [
                ("Compare", partial(self.compare_with, version.hash)),
                ("Export…", partial(self.export, version.hash)),
            ]
            self._list.addWidget(_Row(version.name, about, deeds, version.hash))
        options = {NOW: "As it is now"} | {one.hash: f"{one.name}, {day(one.created)}" for one in kept.versions}
        first = self.before.value if self.before.value in options and self.before.value else ""
        first = first or (kept.versions[0].hash if kept.versions else NOW)
        self.before.set_options(options, first)
        self.after.set_options(options, self.after.value if self.after.value in options else NOW)
        self._pair.setVisible(bool(kept.versions))
        self._trashed.setText(
            f"{counted(kept.trashed)} of this dataset" if kept.trashed else "No picture of this dataset"
        )
        for one in (self._show_trash, self._restore):
            one.setVisible(kept.trashed > 0)
        _clear(self._gone)
        for gone in kept.datasets:
            about = f"Dataset, in the trash since {day(gone.trashed or '')}"
            self._gone.addWidget(_Row(gone.name, about, [("Restore", partial(self._restore_dataset, gone.id))]))
        if kept.versions:
            self._diff()
        else:
            self.diff.show_differences([])
            self._same.setText(_NONE)
            self._same.show()

    def compare_with(self, version: str) -> None:
        """Show what has changed since a version."""
        self.before.set_value(version)
        self.after.set_value(NOW)
        self._diff()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * self.fontMetrics().averageCharWidth()
        self._across.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    def close_view(self) -> None:
        """Stop loading."""
        self.diff.close_view()

    def _diff(self) -> None:
        dataset, before, after = self._state.selected, self.before.value, self.after.value
        if dataset is None:
            return

        def found(rows: list[Difference]) -> None:
            if (before, after) == (self.before.value, self.after.value):
                self.diff.show_differences(rows)
                self.diff.setVisible(bool(rows))
                self._same.setText("" if rows else "Nothing has changed between the two.")
                self._same.setVisible(not rows)

        self._jobs.start(
            "Comparing versions",
            lambda _: compare(self._state.store, dataset, before, after),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    # -- doing --------------------------------------------------------------------------------------------------------

    def _ask_name(self) -> None:
        count = len(self.kept.versions) + 1 if self.kept is not None else 1
        self.naming_wanted.emit("Freeze a version", _WHY, f"Version {count}", "Freeze", self.freeze)

    def freeze(self, name: str) -> None:
        """Keep the dataset as it is now."""
        dataset = self._state.selected
        if dataset is None:
            return

        def frozen(version: object) -> None:
            kept = str(getattr(version, "name", name))
            same = "" if kept == name else " Nothing has changed since, so it is the same version."
            self.told.emit(f"{kept} is kept.{same}", [])
            self.look()

        self._acting.act(lambda store: store.freeze(dataset, name), frozen)

    def export(self, version: str) -> None:
        """Ask how a version is to be written, "" for the dataset as it is."""
        dataset = self._state.dataset
        if dataset is not None:
            versions = {one.hash: one.name for one in self.kept.versions} if self.kept is not None else {}
            self.panel.begin(dataset.name, versions, version)
            self.panel_wanted.emit(self.panel)

    def _choose_folder(self, wish: ExportWish) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder; a new one is made in it")
        dataset = self._state.dataset
        if folder and dataset is not None:
            self.write(wish, _free(Path(folder), dataset.name))

    def write(self, wish: ExportWish, folder: Path) -> None:
        """Write it into ``folder``, which is made."""
        dataset = self._state.dataset
        if dataset is None:
            return

        def work(context: Context[object]) -> object:
            from desktop.actions.datasets import export_dataset

            store = self._state.store
            version = store.find_version(wish.version) if wish.version else None
            return export_dataset(
                store,
                dataset,
                folder,
                wish.format,
                version=version,
                cancel=context.cancel,
                on_progress=context.progress,
            )

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        def written(sent: object) -> None:
            self.panel_wanted.emit(None)
            problems: tuple[str, ...] = getattr(sent, "problems", ())
            self.told.emit(f"{counted(getattr(sent, 'items', 0))} written to {folder.name}.", [("Open", show)])
            if problems:
                more = f" And {len(problems) - 1:,} more notes in the log." if len(problems) > 1 else ""
                self._notices.warn(problems[0] + more, Action("Open", show))
                for sentence in problems:
                    self._notices.log(sentence)

        self._jobs.start(f"Exporting {dataset.name}", work, on_done=written, on_error=self._notices.error)

    def _restore_items(self) -> None:
        from training.datasets.records import Query

        self._acting.change(lambda store, one: store.restore_items(one, store.ids(one, Query(trashed=True)).tolist()))

    def _restore_dataset(self, dataset: int) -> None:
        self._acting.act(lambda store: store.restore(dataset), lambda _: self.look())


class _Row(QFrame):
    """A name, a few words, and buttons."""

    def __init__(self, name: str, about: str, buttons: list[tuple[str, partial[None]]], tip: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, GAP.xs, 0, GAP.xs)
        row.setSpacing(GAP.m)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(name))
        words.addWidget(Elided(about, "secondary"))
        row.addLayout(words, 1)
        for text, run in buttons:
            row.addWidget(button(text, on_click=run))
        if tip:
            self.setToolTip(tip)


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(GAP.lg, GAP.m, GAP.lg, GAP.m)
    column.setSpacing(GAP.m)
    column.addWidget(label(title, "section"))
    return card, column


def _clear(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()  # at once; deleting waits for the event loop
            widget.deleteLater()


def _free(folder: Path, name: str) -> Path:
    """A folder in ``folder`` that is not there yet."""
    safe = "".join("_" if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in name).strip(". ") or "dataset"
    count, found = 1, folder / safe
    while found.exists():
        count += 1
        found = folder / f"{safe} {count}"
    return found
