"""The library: cards at the left, beside them what one of them is, or a form. Shows, and decides nothing."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QWidget

from desktop.pages.models.cards import Cards
from desktop.pages.models.inspector import Inspector
from desktop.pages.models.state import ModelsState
from desktop.widgets.drop_overlay import DropOverlay
from desktop.widgets.labels import button
from desktop.widgets.page import Page

__all__ = ["LibraryView"]

_ASIDE, _ASIDE_WIDE, _WIDE = 320, 400, 1500  # as on the Sort page
_LETTERS = 36  # that the inspector is wide at least, up to two fifths of the page


class LibraryView(Page):
    """The page as it is while nothing else is done with a model.

    Signals:
        import_wanted: files are to be chosen.
        new_wanted: a model that knows nothing yet.
        compare_wanted: the models are to be compared.
    """

    import_wanted = Signal()
    new_wanted = Signal()
    compare_wanted = Signal()

    def __init__(self, state: ModelsState, parent: QWidget | None = None) -> None:
        super().__init__("Models", parent)
        self.state = state
        self.inspector = Inspector()
        self.cards = Cards(button("Import…", on_click=self.import_wanted.emit))
        self.cards.selected.connect(state.select)
        self.cards.rename_wanted.connect(self.begin_rename)
        self.cards.use_wanted.connect(self.inspector.use.click)
        self.cards.remove_wanted.connect(self.inspector.remove.click)
        self.cards.menu_wanted.connect(self._menu)
        self._side = QStackedWidget()
        self._side.addWidget(self.inspector)
        self._side.setEnabled(False)
        across = QHBoxLayout()
        across.addWidget(self.cards, 1)
        across.addWidget(self._side)
        self.body.addLayout(across)
        self._compare = button("Compare…", on_click=self.compare_wanted.emit, tip="See which of the models is better")
        self._new = button("New model…", on_click=self.new_wanted.emit, tip="One that learns from you from nothing")
        self._import = button(
            "Import…", "primary", on_click=self.import_wanted.emit, tip="A .ps2model package or an .onnx file (Ctrl+O)"
        )
        self._import.setShortcut("Ctrl+O")
        for one in (self._compare, self._new, self._import):
            self.add_action(one)
        self._overlay = DropOverlay("Drop to look at it", self)
        state.changed.subscribe(lambda _: self.refresh())
        self.refresh()

    # -- beside the cards ---------------------------------------------------------------------------------------------

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a form in the inspector's place, None for the inspector; the form is kept for the next time."""
        if panel is None:
            self._side.setCurrentWidget(self.inspector)
        else:
            if self._side.indexOf(panel) < 0:
                self._side.addWidget(panel)
            self._side.setEnabled(True)
            self._side.setCurrentWidget(panel)

    @property
    def panel(self) -> QWidget | None:
        """What stands beside the cards."""
        return self._side.currentWidget()

    def begin_rename(self) -> None:
        """Let the person type another name for the model that is looked at."""
        entry = self.state.entry
        if entry is not None and entry.folder is not None:
            self.show_panel(None)
            self.inspector.name.begin()

    def set_hot(self, hot: bool) -> None:
        """Whether something that may be dropped hovers over the window."""
        self.cards.set_hot(hot)
        if hot and not self.cards.has_drop_area:
            self._overlay.cover()
        else:
            self._overlay.hide()

    # -- showing ------------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the state."""
        state = self.state
        count = len(state.entries)
        self.set_subtitle(f"{count:,} installed" if count else "")
        self._compare.setEnabled(len(state.comparable) > 1)
        self.cards.show_models(state.entries, state.selected, state.in_use())
        self._side.setEnabled(state.entry is not None)
        if state.entry is not None:
            self.inspector.show_model(
                state.entry,
                state.checks.get(state.selected),
                in_use=state.selected == state.in_use(),
                others=len(state.comparable) > 1,
            )

    def _menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        inspector = self.inspector
        rename = menu.addAction("Rename", self.begin_rename)
        rename.setEnabled(self.state.selected is not None)
        use = menu.addAction(inspector.use.text(), inspector.use.click)
        use.setEnabled(inspector.use.isEnabled())
        menu.insertAction(rename, use)
        for one in inspector.buttons:
            action = menu.addAction(one.text(), one.click)
            action.setEnabled(one.isEnabled())
        menu.popup(where)
        menu.aboutToHide.connect(menu.deleteLater)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More room for the inspector where there is more, and where letters are larger."""
        super().resizeEvent(event)
        usual = _ASIDE_WIDE if self.width() >= _WIDE else _ASIDE
        larger = min(_LETTERS * self.fontMetrics().averageCharWidth(), self.width() * 2 // 5)
        self._side.setFixedWidth(max(usual, larger))
