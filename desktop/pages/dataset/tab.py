"""What every tab of the Dataset page is, and what the page gives to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.dataset.acting import Acting
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wanted import Wanted

__all__ = ["Around", "Tab"]


class Tab(QWidget):
    """A tab."""

    def refresh(self) -> None:
        """Follow the state; called while the tab is the one that is shown."""
        raise NotImplementedError

    def close_view(self) -> None:
        """Stop what runs on its own, for good."""


@dataclass(frozen=True, slots=True)
class Around:
    """What the page gives to a tab.

    Attributes:
        state: what is known.
        jobs: the background.
        notices: for what there is to tell.
        acting: does things with the store.
        told: says in the job bar what came of something, with links to act on it.
        show_items: shows these items only, under a name, in the first tab.
        want: shows other pictures in the first tab.
        show_panel: shows a form at the right; None for none.
        chosen: the items that are chosen in the first tab.
        ask_name: title, words, name, verb, and what is called with the name that the person gives.
    """

    state: DatasetState
    jobs: Jobs
    notices: Notices
    acting: Acting
    told: Callable[[str, list[tuple[str, Callable[[], None]]]], None]
    show_items: Callable[[list[int], str], None]
    want: Callable[[Wanted], None]
    show_panel: Callable[[QWidget | None], None]
    ask_name: Callable[[str, str, str, str, Callable[[str], None]], None]
    chosen: Callable[[], list[int]]
