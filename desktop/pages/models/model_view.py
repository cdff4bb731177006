"""What the views of the Models page have in common: the way back to it, the background, and what they may add to it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.widgets.sub_page import SubPage

__all__ = ["ModelView"]


class ModelView(SubPage):
    """A view within the Models page.

    Args:
        title: what is done here.
        drop: what is said while pictures hover over it.
        jobs: the background.
        notices: for what there is to tell.

    Signals:
        installed: folder of a model that has joined the library; views that make none never emit it.
    """

    installed = Signal(object)

    def __init__(self, title: str, drop: str, jobs: Jobs, notices: Notices, parent: QWidget | None = None) -> None:
        super().__init__(title, "Models", drop=drop, parent=parent)
        self._jobs, self._notices = jobs, notices
