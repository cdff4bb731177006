"""Try a model on pictures: one large with its answer painted, the others in a strip, what is said of it beside."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.facts import Pixels
from desktop.jobs import Context, Job, Jobs
from desktop.notices import Notices
from desktop.pages.models.model_view import ModelView
from desktop.pages.models.try_inspector import TryInspector
from desktop.pages.models.trying import MOST, Shown, Trying, thumbnails, to_hex, words_of
from desktop.results import PAINTED
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.film_strip import FilmStrip
from desktop.widgets.image_view import ImageView
from desktop.widgets.labels import button
from desktop.widgets.picture_menu import PictureMenu
from desktop.widgets.pixels import to_image
from desktop.widgets.toggle_button import ToggleButton
from desktop.widgets.zoom_tools import ZoomTools

if TYPE_CHECKING:
    from desktop.actions.trying import Trial
    from models.sources import Source

__all__ = ["TryView"]

_SAMPLE = Path(__file__).resolve().parents[3] / "assets" / "samples"
_LARGE = 24  # pixels of a line of text, from which on fields need more room
_WIDE = 1300  # from this width on, the inspector has room for longer bars


class TryView(ModelView):
    """The view; no model joins the library here."""

    def __init__(self, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__("Try", "Drop to try", jobs, notices, parent)
        menu = PictureMenu(self)
        menu.chosen.connect(self.look_at)
        self.state = Trying()
        self._asking: Job | None = None
        self._loading: Job | None = None
        self._small: Job | None = None
        self._shown: Shown | None = None
        self._held = False  # whether Space is down
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty(menu))
        self._stack.addWidget(self._content())
        self.body.addWidget(self._stack)
        self._choose = button("Choose pictures…")
        self._choose.setMenu(menu)
        self._save = button(
            "Save picture…", "primary", on_click=self._choose_file, tip="Save the painted answer (Ctrl+S)"
        )
        self._save.setShortcut("Ctrl+S")
        self.add_action(self._choose)
        self.add_action(self._save)
        self.dropped.connect(self.look_at)
        self.hot.connect(self._drop_area.set_hot)
        self.state.changed.subscribe(lambda _: self._refresh())
        self._refresh()

    # -- building -----------------------------------------------------------------------------------------------------

    def _empty(self, menu: PictureMenu) -> QWidget:
        browse = button("Browse…", "primary")
        browse.setMenu(menu)
        self._drop_area = DropArea(
            "images",
            "Drop pictures or a folder here",
            "The model answers each picture you look at. Nothing is moved or sent anywhere.",
            [browse, button("Try the sample", on_click=lambda: self.look_at([_SAMPLE]))],
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(self._drop_area)
        return page

    def _content(self) -> QWidget:
        page = QWidget()
        across = QHBoxLayout(page)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        column = QVBoxLayout()
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.m)
        column.setSpacing(GAP.s)
        self._view = ImageView()
        self._strip = FilmStrip("Pictures to try")
        self._strip.current_changed.connect(self.state.choose)
        column.addWidget(self._view, 1)
        column.addLayout(self._tools())
        column.addWidget(self._strip)
        across.addLayout(column, 1)
        self._aside = TryInspector()
        self._aside.wished.connect(self.state.wish)
        across.addWidget(self._aside)
        return page

    def _tools(self) -> QHBoxLayout:
        row = ZoomTools(self._view)
        self._before = ToggleButton("Without the answer", "eye")
        self._before.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # else Space, which shows it for a moment, would press it
        self._before.setToolTip("Show the picture as it is (hold Space)")
        self._before.toggled.connect(lambda _: self._show_picture(swap=True))
        row.addWidget(self._before)
        return row

    # -- what a person does -------------------------------------------------------------------------------------------

    def open(self, folder: Path | None, paths: Sequence[Path] = ()) -> None:
        """Try the model in ``folder``, None for the starter model, on ``paths``; else on what was looked at before."""
        if self._loading is not None:
            self._loading.cancel()
        self._shown = None
        self._aside.begin(())
        self._view.set_image(None)
        self.set_title("Try")
        self.state.begin()

        def loaded(trial: Trial) -> None:
            if job is self._loading:
                self.set_title("Try", trial.spec.name)
                self._aside.begin([to_hex(colour) for colour in trial.colours])
                self.state.take_model(trial)

        def failed(sentence: str) -> None:
            if job is self._loading:
                self._notices.error(sentence)
                self.closed.emit()

        job = self._jobs.start(
            "Loading the model", lambda _: Trying.load(folder), on_done=loaded, on_error=failed, visible=False
        )
        self._loading = job
        if paths:
            self.look_at(paths)

    def look_at(self, paths: Sequence[Path]) -> None:
        """Try it on what is found under ``paths``."""

        def found(result: tuple[list[Source], list[str]]) -> None:
            sources, problems = result
            for sentence in problems[:1]:
                self._notices.warn(sentence)
            if not sources:
                self._notices.warn("No picture was found there; choose a folder with pictures in it.")
                return
            self.state.take_pictures(sources)
            if self.state.left_out:
                self._notices.info(
                    f"The first {MOST} pictures are here; to sort all of them, drop them on the Sort page."
                )
            self._strip.set_names([source.name for source in self.state.sources])
            self._strip.set_current(0)
            self._strip.setFocus(Qt.FocusReason.OtherFocusReason)
            self._load_thumbnails()

        self._jobs.start(
            "Looking for pictures",
            lambda _: Trying.find(list(paths)),
            on_done=found,
            on_error=self._notices.error,
            visible=False,
        )

    def save(self, path: Path) -> None:
        """Save the painted answer that is shown as a PNG file."""
        shown = self.state.answer
        if shown is not None:
            self._jobs.start(
                "Saving",
                lambda _: Trying.save(shown, path),
                on_done=lambda _: self._notices.info(f"Saved as {path.name}."),
                on_error=self._notices.error,
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space shows the picture as it is while it is held."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space shows the answer again."""
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._hold(False)
        else:
            super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wide window has room for longer bars."""
        super().resizeEvent(event)
        self._aside.set_wide(self.width() >= _WIDE or self.fontMetrics().height() >= _LARGE)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(1000, 700)

    def _hold(self, held: bool) -> None:
        self._held = held
        self._show_picture(swap=True)

    def _choose_file(self) -> None:
        shown = self.state.answer
        if shown is None or shown.after is None:
            return
        stem = Path(self.state.sources[self.state.current].name).stem
        name, _ = QFileDialog.getSaveFileName(self, "Save the painted answer", f"{stem}-answer.png", "PNG (*.png)")
        if name:
            path = Path(name)
            self.save(path if path.suffix.lower() == ".png" else path.with_name(f"{path.name}.png"))

    # -- the background -----------------------------------------------------------------------------------------------

    def _load_thumbnails(self) -> None:
        if self._small is not None:
            self._small.cancel()
        sources, side = self.state.sources, self._strip.side

        def load(context: Context[tuple[int, Pixels | None]]) -> None:
            thumbnails(sources, side, context.emit, context.cancel)

        def came(item: tuple[int, Pixels | None]) -> None:
            place, pixels = item
            self._strip.set_picture(place, _image(pixels) if pixels is not None else None)

        def ended(job: Job) -> None:
            if job is self._small:
                self._small = None

        self._small = self._jobs.start(
            "Loading small pictures", load, on_item=came, on_error=self._notices.error, on_end=ended, visible=False
        )

    def _ask(self) -> None:
        """Ask about what is shown, unless that is known or something is being asked: then afterwards."""
        state = self.state
        if (
            self._asking is not None
            or state.trial is None
            or state.current < 0
            or state.answer is not None
            or state.problem
        ):
            return
        place, colours = state.current, state.colours
        source, trial = state.sources[place], state.trial

        def answered(shown: Shown) -> None:
            if trial is state.trial:
                state.keep(source, colours, shown)

        def failed(sentence: str) -> None:
            if trial is state.trial:
                state.fail(source, colours, sentence)

        def ended(_: Job) -> None:
            self._asking = None
            self._refresh()

        self._asking = self._jobs.start(
            "Asking the model",
            lambda _: Trying.ask(trial, source, colours, PAINTED),
            on_done=answered,
            on_error=failed,
            on_end=ended,
            visible=False,
        )

    # -- showing ------------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        state = self.state
        self._stack.setCurrentIndex(1 if state.sources else 0)
        self._choose.setVisible(bool(state.sources))
        paints = any(head.kind in PAINTED for head in state.trial.spec.heads) if state.trial is not None else False
        self._save.setVisible(bool(state.sources) and paints)
        self._before.setVisible(paints)
        self._save.setEnabled(state.answer is not None)
        if state.current < 0:
            return
        self._aside.set_name(state.sources[state.current].name)
        shown = state.answer
        if shown is not None:
            self._show(shown)
        elif state.problem:
            self._shown = None
            self._view.set_image(None, message=state.problem)
            self._aside.show_answer("", {})
        self._ask()

    def _show(self, shown: Shown) -> None:
        if shown is self._shown:
            return
        before = self._shown
        self._shown = shown
        same = before is not None and before.tried.answer.source == shown.tried.answer.source
        self._show_picture(swap=same)
        self._aside.show_answer(words_of(shown.tried), shown.tried.answer.heads)

    def _show_picture(self, *, swap: bool) -> None:
        if self._shown is None:
            return
        plain = self._held != self._before.isChecked()
        pixels = self._shown.after
        image = _image(self._shown.before if plain or pixels is None else pixels)
        if swap:
            self._view.swap_image(image)
        else:
            self._view.set_image(image)


def _image(pixels: Pixels) -> QImage:
    return to_image(pixels.width, pixels.height, pixels.data)
