"""The card on which the online model is set up: off at first, and saying what leaves the computer when it is on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.settings.state import SettingsState
from desktop.settings import PER_HOUR, PER_MINUTE
from desktop.theme import GAP
from desktop.widgets.card import Card
from desktop.widgets.choice import Choice
from desktop.widgets.labels import button, label

if TYPE_CHECKING:
    from models.blending import Prediction

__all__ = ["OnlineCard"]

_NUMBERS = 72
_OFF = "Nothing leaves this computer."
_ON = (
    "Only when you press “Ask online” beside a picture, that one picture is sent to the address below, reduced to "
    "512 pixels, with the names of your categories. Neither its name nor its place is sent."
)


class OnlineCard(Card):
    """Shows and changes the settings of the online model."""

    def __init__(self, state: SettingsState, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__("Online model", parent)
        self._state, self._jobs, self._notices = state, jobs, notices
        settings = state.settings
        switch = Choice({"off": "Off", "on": "On"}, "on" if settings.online else "off")
        switch.chosen.connect(self._switch)
        self.add_row("Second opinion", switch)
        self._words = label(_ON if settings.online else _OFF, "secondary", wrap=True)
        self.add_row("What leaves", self._words)
        self._url = self._field(settings.online_url, "https://", lambda text: state.change(online_url=text))
        self._url.setAccessibleName("Address of the online model")
        self.add_row("Address", self._url)
        kind = Choice(
            {"auto": "By its address", "classify": "Another Sortwerk, or like it", "openai": "OpenAI, or like it"},
            settings.online_kind,
        )
        kind.chosen.connect(lambda value: state.change(online_kind=value))
        self.add_row("Spoken to as", kind)
        model = self._field(settings.online_model, "", lambda text: state.change(online_model=text))
        self.add_row("Model", model)
        self._key = QLineEdit(echoMode=QLineEdit.EchoMode.Password, placeholderText="Kept in the system's keyring")
        self._key.setAccessibleName("Key of the online model")
        self._key.returnPressed.connect(self._keep)
        self.add_row("Key", self._key, button("Keep", on_click=self._keep), button("Forget", on_click=self._forget))
        self.add_row("At most", self._limits())
        self._verdict = label("", "secondary", wrap=True)
        self.add_row(
            "", self._verdict, QWidget(), button("Try it", on_click=self._try, tip="Asks about a picture of our own")
        )

    def _field(self, text: str, hint: str, keep: Callable[[str], None]) -> QLineEdit:
        field = QLineEdit(text, placeholderText=hint)
        field.editingFinished.connect(lambda: keep(field.text().strip()))
        return field

    def _limits(self) -> QWidget:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.s)
        settings = self._state.settings
        minute = self._number(settings.online_per_minute, PER_MINUTE, lambda n: self._state.change(online_per_minute=n))
        hour = self._number(settings.online_per_hour, PER_HOUR, lambda n: self._state.change(online_per_hour=n))
        row.addWidget(minute)
        row.addWidget(label("questions a minute,", "secondary"))
        row.addWidget(hour)
        row.addWidget(label("an hour", "secondary"))
        row.addStretch(1)
        both = QWidget()
        both.setLayout(row)
        return both

    def _number(self, value: int, allowed: range, keep: Callable[[int], None]) -> QLineEdit:
        field = QLineEdit(str(value))
        field.setFixedWidth(_NUMBERS)
        field.setValidator(QIntValidator(allowed.start, allowed.stop - 1, field))
        field.editingFinished.connect(lambda: keep(int(field.text())))
        return field

    # -- what a person does -------------------------------------------------------------------------------------------

    def _switch(self, value: str) -> None:
        self._state.change(online=value == "on")
        self._words.setText(_ON if value == "on" else _OFF)

    def _keep(self) -> None:
        key = self._key.text()
        self._key.clear()
        self._run("Keeping the key", lambda: self._state.keep_key(key), "The key is kept.")

    def _forget(self) -> None:
        self._run("Forgetting the key", self._state.forget_key, "The key is forgotten.")

    def _run(self, title: str, act: Callable[[], None], done: str) -> None:
        self._jobs.start(
            title,
            lambda _: act(),
            on_done=lambda _: self._verdict.setText(done),
            on_error=self._verdict.setText,
            visible=False,
        )

    def _try(self) -> None:
        self._verdict.setText("Asking…")
        self._jobs.start(
            "Asking the online model",
            lambda _: self._state.try_online(),
            on_done=self._show,
            on_error=self._verdict.setText,
            visible=False,
        )

    def _show(self, predictions: list[Prediction]) -> None:
        said = ", ".join(f"{one['category']} {one['confidence'] * 100:.0f} %" for one in predictions[:3])
        self._verdict.setText(f"It answers. Of our picture of a brick wall it says: {said}.")
