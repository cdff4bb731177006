"""Carries the wish for a second opinion from the inspector to the online model, and its answer back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.jobs import Jobs
from desktop.pages.sort.asking import Asking
from desktop.pages.sort.items import Item
from desktop.pages.sort.second_opinion import SecondOpinion
from desktop.settings import Settings

if TYPE_CHECKING:
    from models.blending import Prediction

__all__ = ["AskingControl"]


class AskingControl(QObject):
    """Between the inspector's part, the jobs and the state.

    Args:
        state: whom to ask.
        jobs: the background.
        pane: in the inspector.
        asked_about: the item that is shown, and the names it may have; None when there is none.
    """

    def __init__(
        self,
        state: Asking,
        jobs: Jobs,
        pane: SecondOpinion,
        asked_about: Callable[[], tuple[Item, Sequence[str]] | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._state, self._jobs, self._pane, self._asked_about = state, jobs, pane, asked_about
        pane.asked.connect(self._ask)
        pane.set_host(state.host)

    def configure(self, settings: Settings) -> None:
        """The settings are others now."""
        before = self._state.settings
        parts = ("online", "online_url", "online_kind", "online_model", "online_per_minute", "online_per_hour")
        if any(getattr(before, part) != getattr(settings, part) for part in parts):
            self._state.configure(settings)
            self._pane.set_host(self._state.host)

    def close(self) -> None:
        """Close the connection."""
        self._state.close()

    def _ask(self) -> None:
        about = self._asked_about()
        if about is None:
            return
        item, names = about

        def still_shown() -> bool:
            now = self._asked_about()
            return now is not None and now[0] is item

        def answered(predictions: Sequence[Prediction]) -> None:
            if still_shown():
                self._pane.show_answer([(one["category"], one["confidence"]) for one in predictions])

        def failed(sentence: str) -> None:
            if still_shown():
                self._pane.show_problem(sentence)

        self._jobs.start(
            f"Asking {self._state.host}",
            lambda _: self._state.ask(item, names),
            on_done=answered,
            on_error=failed,
        )
