"""The one way to tell the person something. Logs it and emits it; one widget draws it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from desktop.observable import Event

__all__ = ["Action", "Level", "Notice", "Notices"]

_log = logging.getLogger(__name__)


class Level(Enum):
    """How much a notice matters."""

    INFO = logging.INFO
    WARN = logging.WARNING
    ERROR = logging.ERROR


@dataclass(frozen=True, slots=True)
class Action:
    """Something the person may do about a notice: a button with a verb."""

    label: str
    run: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``repeats`` counts how often the same text came in a row, this time included."""

    level: Level
    text: str
    actions: tuple[Action, ...] = ()
    repeats: int = 1


class Notices:
    """Collects notices; a repeat of the latest one raises its count and makes no second notice."""

    def __init__(self) -> None:
        self.changed: Event[Notice | None] = Event()
        self.latest: Notice | None = None

    def info(self, text: str, *actions: Action | None) -> None:
        """Tell something that went as wished."""
        self._tell(Level.INFO, text, actions)

    def warn(self, text: str, *actions: Action | None) -> None:
        """Tell something the person should look at."""
        self._tell(Level.WARN, text, actions)

    def error(self, text: str, *actions: Action | None) -> None:
        """Tell that something did not work, and what to do."""
        self._tell(Level.ERROR, text, actions)

    def dismiss(self) -> None:
        """The person has seen the latest notice."""
        self.latest = None
        self.changed.fire(None)

    def log(self, text: str) -> None:
        """Write down what is too much to tell at once."""
        _log.warning("%s", text)

    def _tell(self, level: Level, text: str, actions: tuple[Action | None, ...]) -> None:
        _log.log(level.value, "%s", text)
        last = self.latest
        again = last is not None and (last.level, last.text) == (level, text)
        offered = tuple(action for action in actions if action is not None)
        self.latest = Notice(level, text, offered, last.repeats + 1 if again and last is not None else 1)
        self.changed.fire(self.latest)
