"""The frame of the views that ask models about labelled pictures: choices at the left, and beside them a place to drop
pictures on, then what came of it.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.actions.labelled import ChosenDataset, list_choices
from desktop.jobs import Jobs
from desktop.notices import Notices
from desktop.pages.models.labelled_menu import LabelledMenu
from desktop.pages.models.model_view import ModelView
from desktop.theme import GAP
from desktop.widgets.drop_area import DropArea
from desktop.widgets.labels import Elided, button, label
from desktop.widgets.side_scroll import SideScroll

__all__ = ["LabelledView"]


class LabelledView(ModelView):
    """The frame; :meth:`lay_out` fills it.

    Args:
        title: what is done here.
        drop: what is said while pictures hover over it.
        folder: the title of the dialogue that asks for a folder.
        labelled: whether only datasets are offered that can say what is right.
        jobs: the background.
        notices: for what there is to tell.

    Attributes:
        choices: the column at the left.
        menu: asks for pictures; its ``chosen`` is emitted for what is dropped too.
    """

    def __init__(
        self,
        title: str,
        drop: str,
        folder: str,
        *,
        labelled: bool,
        jobs: Jobs,
        notices: Notices,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, drop, jobs, notices, parent)
        self._labelled = labelled
        self.menu = LabelledMenu(folder, self)
        self.dropped.connect(lambda paths: self.menu.chosen.emit(paths[0]))
        self._inside = QWidget()
        self.choices = QVBoxLayout(self._inside)
        self.choices.setContentsMargins(GAP.xl, GAP.xs, GAP.lg, GAP.xl)
        self.choices.setSpacing(GAP.s)
        self._place = Elided("None chosen")
        self._stack = QStackedWidget()

    def add_section(self, title: str, *widgets: QWidget) -> None:
        """Add ``widgets`` under a title to the choices."""
        if self.choices.count():
            self.choices.addSpacing(GAP.s)
        self.choices.addWidget(label(title, "section", wrap=True))
        for one in widgets:
            self.choices.addWidget(one)

    def add_pictures(self, title: str, words: str) -> None:
        """Add the choice of pictures; ``words`` say which will do."""
        self.add_section(title, self._place)
        choose = button("Choose…")
        choose.setMenu(self.menu)
        self.choices.addWidget(choose, 0, Qt.AlignmentFlag.AlignLeft)
        self.choices.addWidget(label(words, "secondary", wrap=True))

    def lay_out(self, width: int, icon: str, title: str, words: str, result: QWidget) -> None:
        """Put everything in its place.

        Args:
            width: of the choices.
            icon: of the place to drop pictures on.
            title: of that place.
            words: beneath its title.
            result: is shown in its place by :meth:`show_result`.
        """
        self.choices.addStretch(1)
        browse = button("Browse…")
        browse.setMenu(self.menu)
        area = DropArea(icon, title, words, [browse])
        self.hot.connect(area.set_hot)
        empty = QWidget()
        column = QVBoxLayout(empty)
        column.setContentsMargins(GAP.s, GAP.xs, GAP.xl, GAP.xl)
        column.addWidget(area)
        self._stack.addWidget(empty)
        self._stack.addWidget(result)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(SideScroll(self._inside, width))
        row.addWidget(self._stack, 1)
        self.body.addLayout(row)

    def show_result(self, shown: bool) -> None:
        """Show what came of it, or the place to drop pictures on."""
        self._stack.setCurrentIndex(1 if shown else 0)

    def show_place(self, pictures: Path | ChosenDataset | None) -> None:
        """Say which pictures are chosen."""
        self._place.set_text(str(pictures) if pictures is not None else "None chosen")

    def look_for_datasets(self) -> None:
        """See which datasets there are to choose from."""
        self._jobs.start(
            "Looking for datasets",
            lambda _: list_choices(labelled=self._labelled),
            on_done=self.menu.set_datasets,
            on_error=self._notices.error,
            visible=False,
        )
