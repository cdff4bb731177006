"""The Augment tab: a picture and what becomes of it at the left, live; how it is varied at the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.jobs import Context, Job, JobState, Loader
from desktop.notices import Action
from desktop.pages.dataset.augment_form import AugmentForm
from desktop.pages.dataset.augmenting import VARIANTS, Augmenting, Variant
from desktop.pages.dataset.copies_panel import CopiesPanel, CopiesWish
from desktop.pages.dataset.tab import Around, Tab
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.labels import button, label
from desktop.widgets.pixels import to_image
from desktop.widgets.preview_grid import Preview, PreviewGrid
from desktop.widgets.side_scroll import SideScroll
from desktop.widgets.toggle_button import ToggleButton

if TYPE_CHECKING:
    from desktop.actions.augmenting import AugmentationSettings

__all__ = ["AugmentView"]

_FORM = 300
_NARROW = 90  # letters, under which the form stands below
_REST_MS = 400  # after the last change, before settings are written down
_EMPTY = "Add pictures, and see here what augmentation makes of them."


class AugmentView(Tab):
    """The tab."""

    def __init__(self, around: Around, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._around = around
        self.state = Augmenting(around.state)
        self._seen: object = None
        self._chosen: int | None = None
        self._narrow = False
        self._keeping: Job | None = None
        self.form = AugmentForm(self.state)
        self.form.copies_wanted.connect(self.ask_copies)
        self.panel = CopiesPanel(self)
        self.panel.hide()  # until the page shows it at its right
        self.panel.dismissed.connect(lambda: around.show_panel(None))
        self.panel.agreed.connect(self._choose_folder)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._keep_later)
        self.grid = PreviewGrid("The picture and its variants", VARIANTS)
        self._loader: Loader[Variant] = Loader(self._make, self._take, self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GAP.lg, GAP.s, GAP.xl, GAP.lg)
        self._row.setSpacing(GAP.lg)
        self._row.addWidget(self._left(), 1)
        self._side = SideScroll(self.form, _FORM)
        self._row.addWidget(self._side)
        self.state.changed.subscribe(self._follow)

    def _left(self) -> QWidget:
        self._title = label("", "section", wrap=True)
        self._before = button("Previous", on_click=lambda: self._step(-1), tip="The picture before this one")
        self._after = button("Next", on_click=lambda: self._step(1), tip="The picture behind this one")
        self._again = button("Another", on_click=self.state.draw_again, tip="Other variants by the same settings")
        self._labels = ToggleButton("Labels", "tag")
        self._labels.setChecked(True)
        self._labels.toggled.connect(self.state.set_labels)
        tools = QHBoxLayout()
        tools.setSpacing(GAP.s)
        tools.addWidget(self._title, 1)
        for one in (self._labels, self._before, self._after, self._again):
            tools.addWidget(one)
        self._said = label("", "secondary", wrap=True)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.m)
        column.addLayout(tools)
        column.addWidget(self.grid, 1)
        column.addWidget(self._said)
        return whole

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the page's state."""
        shown = self._around.state.shown
        if shown is None:
            return
        seen = (shown.dataset.id, shown.undo, shown.redo, shown.items, shown.dataset.heads)
        if self.state.dataset is None or self.state.dataset.id != shown.dataset.id:
            self._seen = seen
            self._read()
        elif seen != self._seen:
            self._seen = seen
            self.state.dataset = shown.dataset
            self.state.forget()
        self._pick()

    def _read(self) -> None:
        """Read the settings of another dataset."""
        self.keep()
        dataset = self._around.state.dataset
        if dataset is None:
            return

        def read(settings: AugmentationSettings) -> None:
            if self._around.state.selected == dataset.id:
                self.state.take(dataset, settings)
                self._pick()

        def failed(sentence: str) -> None:
            from desktop.actions.augmenting import usual_settings

            self._around.notices.error(sentence)
            read(usual_settings(dataset))

        self._around.jobs.start(
            "Reading the augmentation",
            lambda _: self.state.read(dataset),
            on_done=read,
            on_error=failed,
            visible=False,
        )

    def _pick(self) -> None:
        """The picture that is chosen in the first tab, where that is another than before; else the one shown so far."""
        shown = self._around.state.shown
        if shown is None or self.state.settings is None:
            return
        chosen = next(iter(self._around.chosen()), None)
        item = self.state.item
        if chosen is not None and chosen != self._chosen and chosen in shown.places:
            item = chosen
        self._chosen = chosen
        if item not in shown.places:
            item = int(shown.ids[0]) if len(shown.ids) else None
        self.state.show(item)
        self._follow(None)

    def _step(self, by: int) -> None:
        shown, item = self._around.state.shown, self.state.item
        if shown is not None and item in shown.places:
            place = (shown.places[cast("int", item)] + by) % len(shown.ids)
            self.state.show(int(shown.ids[place]))

    def _follow(self, _: None) -> None:
        shown, item = self._around.state.shown, self.state.item
        there = item is not None and self.state.settings is not None
        for one in (self._before, self._after, self._again, self._labels):
            one.setEnabled(there)
        self.form.setEnabled(self.state.settings is not None)
        self.form.refresh()
        if shown is None or not there:
            self._title.setText("")
            self._said.setText(_EMPTY)
            self._show_said()
            self.grid.clear()
            return
        self._show_said()
        place = shown.places.get(cast("int", item), 0)
        self._title.setText(f"Picture {place + 1:,} of {len(shown.ids):,}")
        settings = self.state.settings
        if settings is not None:
            self._said.setText(_about(settings, any(head.kind == "boxes" for head in shown.dataset.heads)))
        self._loader.want(range(VARIANTS))
        if self.state.unkept:
            self._rest.start()

    def _make(self, place: int) -> Variant | None:
        return self.state.variant(place, self.grid.side)

    def _take(self, place: int, variant: Variant | None) -> None:
        if variant is None:
            return
        image = None
        if variant.pixels is not None:
            height, width = variant.pixels.shape[:2]
            image = to_image(width, height, variant.pixels.tobytes())
        self.grid.set_preview(place, Preview(image, "Original" if place == 0 else "", variant.words))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room; and pictures as large as they are shown."""
        super().resizeEvent(event)
        narrow = self.width() < _NARROW * self.fontMetrics().averageCharWidth()
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        self._side.setMinimumHeight(self.height() * 2 // 5 if narrow else 0)
        self._narrow = narrow
        self._show_said()
        QTimer.singleShot(0, self, lambda: self._loader.want(range(VARIANTS)))

    def _show_said(self) -> None:
        """Where there is little room it is for pictures and sliders."""
        self._said.setVisible(not self._narrow or self.state.item is None)

    def close_view(self) -> None:
        """Keep what was set, and stop making pictures."""
        self.keep()
        self._loader.close()

    # -- doing --------------------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Write the settings down, if they have changed."""
        self._rest.stop()
        dataset, settings = self.state.dataset, self.state.settings
        if dataset is None or settings is None or not self.state.unkept:
            return
        from models.errors import WorkspaceError

        try:
            self.state.keep(dataset, settings)
        except WorkspaceError as error:
            self._around.notices.error(str(error))
        else:
            self.state.kept = settings

    def _keep_later(self) -> None:
        """As ``keep``, while the window lives on."""
        dataset, settings = self.state.dataset, self.state.settings
        if dataset is None or settings is None or self._keeping is not None or not self.state.unkept:
            return

        def kept(_: object) -> None:
            if self.state.dataset is not None and self.state.dataset.id == dataset.id:
                self.state.kept = settings

        def ended(job: Job) -> None:
            self._keeping = None
            if job.state is JobState.DONE and self.state.unkept:
                self._rest.start()  # something was changed meanwhile

        self._keeping = self._around.jobs.start(
            "Keeping the augmentation",
            lambda _: self.state.keep(dataset, settings),
            on_done=kept,
            on_error=self._around.notices.error,
            on_end=ended,
            visible=False,
        )

    def ask_copies(self) -> None:
        """Ask what is to be written."""
        shown, settings = self._around.state.shown, self.state.settings
        if shown is not None and settings is not None:
            self.panel.begin(shown.dataset.name, settings.side, shown.splits.get("train", 0))
            self._around.show_panel(self.panel)

    def _choose_folder(self, wish: CopiesWish) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Choose a folder; a new one is made in it")
        dataset = self.state.dataset
        if folder and dataset is not None:
            self.write(wish, _free(Path(folder), dataset.name))

    def write(self, wish: CopiesWish, folder: Path) -> None:
        """Write copies into ``folder``, which is made."""
        dataset, settings = self.state.dataset, self.state.settings
        if dataset is None or settings is None:
            return

        def work(context: Context[object]) -> Any:
            from desktop.actions.augmenting import write_copies

            return write_copies(
                self._around.state.store,
                dataset,
                folder,
                wish.format,
                settings,
                count=wish.count,
                split=cast("Any", wish.split),
                full_size=wish.full_size,
                cancel=context.cancel,
                on_progress=context.progress,
            )

        def show() -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        def written(sent: Any) -> None:
            self._around.show_panel(None)
            self._around.told(f"{counted(sent.items)} written to {folder.name}.", [("Open", show)])
            if sent.problems:
                more = f" And {len(sent.problems) - 1:,} more notes in the log." if len(sent.problems) > 1 else ""
                self._around.notices.warn(sent.problems[0] + more, Action("Open", show))
                for sentence in sent.problems:
                    self._around.notices.log(sentence)

        self._around.jobs.start(
            f"Writing copies of {dataset.name}", work, on_done=written, on_error=self._around.notices.error
        )


def _about(settings: AugmentationSettings, boxed: bool) -> str:
    words = f"Seed {settings.seed}. What is shown is what training gets, at {settings.side} px."
    if boxed and settings.config.border == "reflect":
        words += " Where boxes are labelled, grey comes in from beyond the edge: mirrored things would have no label."
    return words


def _free(folder: Path, name: str) -> Path:
    """A folder that is not there yet."""
    from training.datasets.formats.naming import safe_part

    wanted = folder / f"{safe_part(name)} augmented"
    number = 2
    while wanted.exists():
        wanted = folder / f"{safe_part(name)} augmented {number}"
        number += 1
    return wanted
