"""What can be done with a dataset as a whole: call it otherwise, find its files again, put it into the trash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from desktop.jobs import Context
from desktop.notices import Action
from desktop.pages.dataset.question_control import QuestionControl
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wording import counted

if TYPE_CHECKING:
    from training.datasets.relocating import Relocated

__all__ = ["DatasetMenu"]


class DatasetMenu(QObject):
    """A menu for the dataset that is looked at, and what its lines do.

    Args:
        around: what the page gives.
        questions: adds questions and changes them.
        open_dataset: called with the id of a dataset to look at.
        parent: the page.
    """

    def __init__(
        self, around: Around, questions: QuestionControl, open_dataset: Callable[[int], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._around, self._questions, self._open, self._page = around, questions, open_dataset, parent

    def show_at(self, dataset: int, where: QPoint) -> None:
        """Open the menu of ``dataset``, which is looked at from now on, at a point of the screen."""
        if dataset != self._around.state.selected:
            self._open(dataset)
        menu = QMenu(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        self.fill(menu)
        menu.popup(where)

    def fill(self, menu: QMenu) -> None:
        """Put the lines into a menu."""
        menu.addAction("Rename…", self.rename)
        self._questions.fill(menu.addMenu("Questions"))
        menu.addAction("Look for missing files", self.check_files)
        menu.addAction("Find moved files in a folder…", self._choose_moved)
        menu.addSeparator()
        menu.addAction("To the trash", self.trash)

    def rename(self) -> None:
        """Call the dataset that is looked at otherwise."""
        dataset, around = self._around.state.dataset, self._around
        if dataset is not None:
            around.ask_name(
                "Rename the dataset",
                "",
                dataset.name,
                "Rename",
                lambda name: around.acting.change(lambda store, one: store.rename(one, name)),
            )

    def trash(self) -> None:
        """Put the dataset that is looked at into the trash."""
        dataset = self._around.state.dataset
        if dataset is None:
            return

        def trashed(_: object) -> None:
            self._around.notices.info(
                f"{dataset.name} is in the trash for 30 days; its pictures stay where they are.",
                Action("Undo", lambda: self._restore(dataset.id)),
            )

        self._around.acting.act(lambda store: store.trash(dataset.id), trashed)

    def _restore(self, dataset: int) -> None:
        def restored(_: object) -> None:
            self._around.notices.dismiss()
            self._open(dataset)

        self._around.acting.act(lambda store: store.restore(dataset), restored)

    # -- its files ----------------------------------------------------------------------------------------------------

    def check_files(self) -> None:
        """Look which files are not where they were, and show their pictures."""
        from training.datasets.relocating import check_files

        dataset, around = self._around.state.selected, self._around
        if dataset is None:
            return

        def checked(gone: list[int]) -> None:
            if gone:
                around.show_items(gone, "Missing files")
                around.notices.warn(
                    f"{counted(len(gone))} can't be found; bring the files back, or trash the pictures."
                )
            else:
                around.told("Every file is where it was.", [])

        around.acting.act(lambda store: check_files(store, dataset), checked)

    def _choose_moved(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._page, "Choose the folder that the pictures were moved to")
        if folder:
            self.find_moved(Path(folder))

    def find_moved(self, folder: Path) -> None:
        """Look in a folder, by content, for the files that are not where they were."""
        dataset, around = self._around.state.selected, self._around
        if dataset is None:
            return

        def work(context: Context[object]) -> Relocated:
            from training.datasets.relocating import relocate

            return relocate(around.state.store, dataset, [folder], cancel=context.cancel, on_progress=context.progress)

        def done(found: Relocated) -> None:
            left = f" {counted(len(found.missing))} are still missing." if found.missing else ""
            undo = [("Undo", around.acting.undo)] if found.step is not None else []
            around.told(f"Found {counted(len(found.found))} again.{left}", undo)
            around.acting.look()

        around.jobs.start("Looking for moved files", work, on_done=done, on_error=around.notices.error)
