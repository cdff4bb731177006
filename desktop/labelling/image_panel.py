"""What the editor of target pictures shows at the right: the list, what the chosen one is, and how to look at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QSlider, QVBoxLayout, QWidget

from desktop.theme import GAP
from desktop.widgets.choice import Choice
from desktop.widgets.colour_field import ColourField
from desktop.widgets.labels import button, label
from desktop.widgets.pick_button import PickButton
from desktop.widgets.tick_box import TickBox
from desktop.widgets.wrap import Wrap

__all__ = ["ImagePanel"]

_VIEWS = {"curtain": "Curtain", "map": "Differences", "none": "Picture only"}
_AT_FIRST = 16
_COLOUR = "colour"


class ImagePanel(QWidget):
    """Buttons and fields; whoever made it does what they say.

    Signals:
        choose_wanted: files are to be chosen.
        paste_wanted: what was copied is to be taken.
        remove_wanted: the chosen target goes.
        place_chosen: another target, 0 the first.
        described: role, and parameters by name, of the chosen target.
        view_changed: it is to be looked at otherwise.
        accept_wanted: what a model proposes is to be taken.
        unknown_wanted: nobody can tell.
    """

    choose_wanted = Signal()
    paste_wanted = Signal()
    remove_wanted = Signal()
    place_chosen = Signal(int)
    described = Signal(str, object)
    view_changed = Signal()
    accept_wanted = Signal()
    unknown_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._params: dict[str, str] = {}
        self._none = label("No target yet. Choose a file, drop it here, or paste a picture.", "secondary", wrap=True)
        self._list = Choice({}, "")
        self._list.chosen.connect(lambda place: self.place_chosen.emit(int(place)))
        self._facts = label("", "secondary", wrap=True)
        self._problem = label("", "caution", wrap=True)
        self._roles = PickButton("What the target is", {}, "")
        self._roles.chosen.connect(lambda _: self._describe())
        self._role = QLineEdit(placeholderText="What the target is")
        self._role.setAccessibleName("What the target is")
        self._role.editingFinished.connect(self._describe)
        self._has_colour = TickBox("For a wished colour")
        self._has_colour.toggled.connect(self._toggle_colour)
        self._colour = ColourField("Wished colour", "#808080")
        self._colour.changed.connect(lambda _: self._describe())
        self._views = Choice(_VIEWS, "curtain")
        self._view = "curtain"
        self._views.chosen.connect(self._set_view)
        self._above = QSlider(Qt.Orientation.Horizontal)
        self._above.setRange(0, 128)
        self._above.setValue(_AT_FIRST)
        self._above.setAccessibleName("Smallest difference that is shown, of 255")
        self._above.setToolTip("Smallest difference that is shown")
        self._above.valueChanged.connect(lambda _: self.view_changed.emit())
        self._proposed = label("", "secondary", wrap=True)
        self._accept = button("Take the model's picture", on_click=self.accept_wanted.emit)
        self._remove = button("Remove", on_click=self.remove_wanted.emit)
        verbs = QWidget()
        row = Wrap(verbs, spacing=GAP.xs)
        row.setContentsMargins(0, 0, 0, 0)
        for one in (
            button("Choose…", on_click=self.choose_wanted.emit),
            button("Paste", on_click=self.paste_wanted.emit),
            self._remove,
        ):
            row.addWidget(one)
        row.begin_second()
        self._role_title = label("What it is", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.s)
        for two in (
            self._none,
            self._list,
            verbs,
            self._problem,
            self._facts,
            self._views,
            self._above,
            self._role_title,
            self._roles,
            self._role,
            self._has_colour,
            self._colour,
            self._proposed,
            self._accept,
            button("Nobody can tell", on_click=self.unknown_wanted.emit, tip="Take the targets away and go on (U)"),
        ):
            column.addWidget(two)
        self.set_roles([])
        self.set_proposal("")
        self.show_targets([], 0)

    # -- what is asked ------------------------------------------------------------------------------------------------

    @property
    def view(self) -> str:
        """How the target is looked at: "curtain", "map" or "none"."""
        return self._view

    @property
    def above(self) -> int:
        """Differences of no more than this, 0 to 128, are not shown."""
        return self._above.value()

    @property
    def role(self) -> str:
        """What a new target is."""
        return self._roles.value if self._known else self._role.text().strip()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def set_roles(self, roles: Sequence[str]) -> None:
        """What targets can be; any words where there are none."""
        self._known = tuple(roles)
        chosen = self._roles.value if self._roles.value in roles else (roles[0] if roles else "")
        self._roles.set_options({one: one for one in roles} or {"": ""}, chosen)

    def show_targets(self, targets: Sequence[tuple[str, Mapping[str, str]]], place: int) -> None:
        """(role, parameters) of each; ``place`` is chosen."""
        some = bool(targets)
        self._none.setVisible(not some)
        words = {
            str(at): f"{at + 1}  {params.get('colour_name') or params.get(_COLOUR) or role or 'Target'}"
            for at, (role, params) in enumerate(targets)
        }
        self._list.set_options(words, str(place))
        self._list.setVisible(len(targets) > 1)
        for one in (self._remove, self._facts, self._views, self._role_title, self._has_colour):
            one.setVisible(some)
        self._roles.setVisible(some and len(self._known) > 1)
        self._role.setVisible(some and not self._known)
        self._role_title.setVisible(some and len(self._known) != 1)
        role, params = targets[place] if some else ("", {})
        self._params = dict(params)
        colour = self._params.get(_COLOUR, "")
        self._has_colour.blockSignals(True)
        self._has_colour.setChecked(bool(colour))
        self._has_colour.blockSignals(False)
        self._colour.setVisible(bool(colour))
        if colour:
            self._colour.set_colour(colour)
        if some:
            self._role.setText(role)
            if role in self._known:
                self._roles.set_options({one: one for one in self._known}, role)
        self._above.setVisible(some and self._view == "map")
        if not some:
            self.show_facts("", "")

    def show_facts(self, words: str, problem: str) -> None:
        """Size and difference of the chosen target, and what is wrong with it; "" for nothing."""
        self._facts.setText(words)
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def set_proposal(self, by: str) -> None:
        """A model proposes a picture; "" for none."""
        self._proposed.setText(f"There is {by}." if by else "")
        self._proposed.setVisible(bool(by))
        self._accept.setVisible(bool(by))

    def next_view(self) -> None:
        """Look at it in the next way."""
        ways = list(_VIEWS)
        self._views.set_value(ways[(ways.index(self._view) + 1) % len(ways)])
        self._set_view(ways[(ways.index(self._view) + 1) % len(ways)])

    # -- what is done -------------------------------------------------------------------------------------------------

    def _set_view(self, view: str) -> None:
        self._view = view
        self._above.setVisible(view == "map" and self._views.isVisible())
        self.view_changed.emit()

    def _toggle_colour(self, on: bool) -> None:
        self._colour.setVisible(on)
        self._describe()

    def _describe(self) -> None:
        params = {name: text for name, text in self._params.items() if name != _COLOUR}
        if self._has_colour.isChecked():
            params[_COLOUR] = self._colour.colour
        self.described.emit(self.role, params)
