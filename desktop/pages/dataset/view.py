"""The Dataset page: the datasets at the left, tabs in the middle, the inspector or a form at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.category_menu import CategoryMenu
from desktop.pages.dataset.dataset_menu import DatasetMenu
from desktop.pages.dataset.images_view import ImagesView
from desktop.pages.dataset.import_control import ImportControl
from desktop.pages.dataset.inspector import Inspector
from desktop.pages.dataset.naming_panel import NamingPanel
from desktop.pages.dataset.question_control import QuestionControl
from desktop.pages.dataset.sidebar import WIDTH, Sidebar
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.tab import Around, Tab
from desktop.pages.dataset.tabs import TABS
from desktop.pages.dataset.wanted import Wanted
from desktop.pages.dataset.wording import counted
from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.drop_area import DropArea
from desktop.widgets.drop_overlay import DropOverlay
from desktop.widgets.labels import button
from desktop.widgets.menu_button import MenuButton
from desktop.widgets.page import Page

__all__ = ["DatasetPage"]

_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1500  # as on the Sort page
_LETTERS, _SIDE_LETTERS = 36, 26  # that inspector and sidebar are wide at least, with larger text too
_IMAGES = "images"


class DatasetPage(Page):
    """The page.

    Args:
        state: what is known.
        jobs: the background.
        notices: for what there is to tell.
        sample: folder of the program's own pictures.
        tile_side: wished side of a tile, pixels.

    Signals:
        told: what came of something, for the job bar, and links to act on it.
        tile_side_changed: to be kept for the next start.
        train_wanted: a network is to be trained on the dataset of this id.
    """

    told = Signal(str, list)
    tile_side_changed = Signal(int)
    train_wanted = Signal(int)

    def __init__(
        self,
        state: DatasetState,
        jobs: Jobs,
        notices: Notices,
        *,
        sample: Path,
        tile_side: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("Dataset", parent)
        self.state, self._sample = state, sample
        self.sidebar = Sidebar(state)
        self.inspector = Inspector(state)
        self.images = ImagesView(state, self.inspector, tile_side)
        self.acting = Acting(state, jobs, notices, self.images.on_screen, self)
        self.images.set_acting(self.acting)
        self.importing = ImportControl(state, jobs, notices, self.acting, self)
        self.naming = NamingPanel()
        self.questions = QuestionControl(state, self.acting, self)
        self._around = Around(
            state,
            jobs,
            notices,
            self.acting,
            self.told.emit,
            self.show_items,
            self.want,
            self.show_panel,
            self.ask_name,
            lambda: self.images.chosen,
        )
        self.dataset_menu = DatasetMenu(self._around, self.questions, self.open_dataset, self)
        self.category_menu = CategoryMenu(self._around, self.questions, self)
        self.tab = _IMAGES
        self.tabs: dict[str, Tab] = {}  # those that were shown so far
        self._lay_out()
        self._connect()
        self._add_keys()
        self.refresh()

    def _lay_out(self) -> None:
        self._name = MenuButton("", self.dataset_menu.fill)
        self.add_beside_title(self._name)
        self._add = button("Add pictures…")
        menu = QMenu(self._add)
        menu.addAction("Folder…", self.importing.add_folder)
        menu.addAction("Files or zip…", self.importing.add_files)
        self._add.setMenu(menu)
        self._new = button("New dataset…", "primary", on_click=self.importing.begin, tip="Ctrl+N")
        self._train = button("Train…", on_click=self._wish_to_train, tip="Train a network on this dataset (Ctrl+T)")
        self.add_action(self._train)
        self.add_action(self._add)
        self.add_action(self._new)
        self._tabs = Choice({_IMAGES: "Images", **{key: kind.words for key, kind in TABS.items()}}, _IMAGES)
        self._tabs.chosen.connect(self.turn_to)
        self._views = QStackedWidget()
        self._views.addWidget(self.images)
        middle = QVBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(GAP.s)
        tabs = QHBoxLayout()
        tabs.setContentsMargins(GAP.s, 0, GAP.lg, 0)
        tabs.addWidget(self._tabs, 1)
        middle.addLayout(tabs)
        middle.addWidget(self._views, 1)
        self._opened = QWidget()
        row = QHBoxLayout(self._opened)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addLayout(middle, 1)
        self._closed = self._empty()
        self._stack = QStackedWidget()
        self._stack.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._stack.addWidget(self._closed)
        self._stack.addWidget(self._opened)
        self._side = QStackedWidget()
        for one in (self.inspector, self.importing.panel, self.naming, self.questions.panel):
            self._side.addWidget(one)
        across = QHBoxLayout()
        across.addWidget(self._stack, 1)
        across.addWidget(self._side)
        self.body.addLayout(across)
        self._overlay = DropOverlay("Drop to bring it in", self)

    def _empty(self) -> QWidget:
        self._drop_area = DropArea(
            "database",
            "Drop a folder of pictures here",
            "With labels or without: folders by category, CSV, COCO, YOLO, Pascal VOC and masks are recognised.",
            [
                button("New dataset…", "primary", on_click=self.importing.begin),
                button("Try the sample", on_click=lambda: self.importing.try_sample(self._sample)),
            ],
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GAP.xl, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(self._drop_area)
        return page

    def _connect(self) -> None:
        self.state.changed.subscribe(lambda _: self.refresh())
        self.acting.told.connect(self.told)
        self.importing.told.connect(self.told)
        self.importing.panel_wanted.connect(lambda shown: self.show_panel(self.importing.panel if shown else None))
        self.questions.panel_wanted.connect(lambda shown: self.show_panel(self.questions.panel if shown else None))
        self.naming.dismissed.connect(lambda: self.show_panel(None))
        self.images.wanted.connect(self.want)
        self.images.tile_side_changed.connect(self.tile_side_changed)
        side = self.sidebar
        side.dataset_chosen.connect(self.open_dataset)
        side.all_chosen.connect(lambda: self.want(Wanted(order=self.state.wanted.order)))
        side.chosen.connect(self._filter)
        side.head_chosen.connect(self.state.set_head)
        side.dropped.connect(self.images.dropped_on)
        side.dataset_menu.connect(self.dataset_menu.show_at)
        side.category_menu.connect(self.category_menu.show_at)
        side.head_menu.connect(self.category_menu.show_head_at)
        side.question_wanted.connect(self.questions.begin)
        side.rename_wanted.connect(self.dataset_menu.rename)
        side.remove_wanted.connect(self.dataset_menu.trash)

    def _add_keys(self) -> None:
        keys = QKeySequence.StandardKey
        QShortcut(QKeySequence(keys.Undo), self, self.acting.undo)
        for redo in {*QKeySequence.keyBindings(keys.Redo), QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")}:
            QShortcut(redo, self, self.acting.redo)
        QShortcut(QKeySequence("Ctrl+Tab"), self, self.state.next_head)
        QShortcut(QKeySequence("Ctrl+N"), self, self.importing.begin)
        QShortcut(QKeySequence("Ctrl+T"), self, self._wish_to_train)

    # -- what a person does -------------------------------------------------------------------------------------------

    def take(self, paths: Sequence[Path]) -> None:
        """Look at what was dropped."""
        self.importing.take(paths)

    def open_dataset(self, dataset: int) -> None:
        """Look at another dataset."""
        self.state.select(dataset)
        self.sidebar.refresh()
        self.acting.look()

    def want(self, wanted: Wanted) -> None:
        """Show other pictures."""
        changed = self.state.want(wanted)
        self.turn_to(_IMAGES)
        if changed:
            self.refresh()
            self.acting.look()

    def show_items(self, items: Sequence[int], said: str) -> None:
        """Show only these pictures."""
        self.want(Wanted(chosen=tuple(items), said=said, order=self.state.wanted.order))

    def _wish_to_train(self) -> None:
        if self.state.shown is not None:
            self.train_wanted.emit(self.state.shown.dataset.id)

    def _filter(self, head: str, category: str | None) -> None:
        wanted = self.state.wanted
        self.want(
            Wanted(
                head=head,
                category=category,
                unlabelled=category is None,
                split=wanted.split,
                source=wanted.source,
                order=wanted.order,
            )
        )

    def turn_to(self, tab: str) -> None:
        """Show another tab; it is made when it is shown first."""
        self.tab = tab
        self._tabs.set_value(tab)
        self._views.setCurrentWidget(self._view(tab))
        self.show_panel(None)
        self.refresh()
        if tab == _IMAGES:
            self.images.grid.setFocus()

    def _view(self, tab: str) -> QWidget:
        if tab == _IMAGES:
            return self.images
        if tab not in self.tabs:
            self.tabs[tab] = TABS[tab].make(self._around)
            self._views.addWidget(self.tabs[tab])
        return self.tabs[tab]

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a form at the right, None for the inspector, which is there for pictures only."""
        if panel is not None and self._side.indexOf(panel) < 0:
            self._side.addWidget(panel)
        self._side.setCurrentWidget(panel or self.inspector)
        self._fit()

    def ask_name(self, title: str, words: str, name: str, verb: str, then: Callable[[str], None]) -> None:
        """Ask for a name at the right; ``then`` is called with it."""
        self.show_panel(self.naming)
        self.naming.ask(title, words, name, verb, then)

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self._drop_area.set_hot(hot)
        if hot and self._stack.currentWidget() is self._opened:
            self._overlay.cover()
        else:
            self._overlay.hide()

    def follow(self) -> None:
        """Read what another window or the command line has changed meanwhile."""
        if self.isVisible():
            self.acting.follow()

    def close_page(self) -> None:
        """Stop loading; the jobs are stopped by whoever made them."""
        self.images.close_loaders()
        for tab in self.tabs.values():
            tab.close_view()

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Follow the state."""
        entries, shown = self.state.entries, self.state.shown
        self._stack.setCurrentWidget(self._opened if entries else self._closed)
        self._add.setVisible(bool(entries))
        self._new.setVisible(bool(entries))
        opened = bool(entries) and shown is not None
        self._train.setVisible(opened)
        self._name.setVisible(opened)
        self._name.set_words(shown.dataset.name if shown is not None else "", "Rename it, find its files, remove it")
        self.set_subtitle(counted(shown.items) if opened and shown is not None else "")
        self.sidebar.refresh()
        self.images.refresh()
        if self.tab in self.tabs:
            self.tabs[self.tab].refresh()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the datasets anew: the command line may have changed them, or another window."""
        super().showEvent(event)
        (self.images.grid if self.state.entries else self._stack).setFocus()
        if self.state.entries is None:
            self.acting.look()
        else:
            self.acting.follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A large window gives the inspector more room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        usual = _ASIDE_WIDE if self.width() >= _WIDE else _ASIDE
        letter = self.fontMetrics().averageCharWidth()
        self._side.setFixedWidth(max(usual, min(_LETTERS * letter, self.width() // 3)))
        beside = max(WIDTH, min(_SIDE_LETTERS * letter, self.width() // 4))
        self.sidebar.setFixedWidth(max(beside, self.sidebar.minimumSizeHint().width()))
        form = self._side.currentWidget() is not self.inspector
        self._side.setVisible(form or (bool(self.state.entries) and self.tab == _IMAGES))
