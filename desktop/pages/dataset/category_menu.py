"""What can be done with a question and with one of its categories, from the sidebar."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu, QWidget

from desktop.pages.dataset.question_control import QuestionControl
from desktop.pages.dataset.tab import Around

__all__ = ["CategoryMenu"]


class CategoryMenu(QObject):
    """Menus for what lies under the pointer, and what their lines do.

    Args:
        around: what the page gives.
        questions: adds questions and changes them.
        parent: the page.
    """

    def __init__(self, around: Around, questions: QuestionControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._around, self._questions, self._page = around, questions, parent

    def show_at(self, head: str, category: str, where: QPoint) -> None:
        """Open the menu of a category at a point of the screen."""
        shown = self._around.state.shown
        facts = next((one for one in shown.heads if one.head.name == head), None) if shown is not None else None
        if facts is None:
            return
        menu = self._menu()
        menu.addAction("Rename…", partial(self.rename, head, category))
        menu.addAction("Change the question…", partial(self._questions.begin, head))
        others = menu.addMenu("Merge into")
        for name in facts.head.categories:
            if name != category:
                others.addAction(name.replace("&", "&&"), partial(self.merge, head, category, name))
        others.setEnabled(len(facts.head.categories) > 1)
        remove = menu.addAction("Remove", partial(self.remove, head, category))
        remove.setEnabled(not facts.counts.get(category))
        menu.popup(where)

    def show_head_at(self, head: str, where: QPoint) -> None:
        """Open the menu of a question."""
        menu = self._menu()
        menu.addAction("Change the question…", partial(self._questions.begin, head))
        menu.addAction("Add a question…", self._questions.begin)
        menu.popup(where)

    def _menu(self) -> QMenu:
        menu = QMenu(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def rename(self, head: str, category: str) -> None:
        """Call a category otherwise."""

        def renamed(name: str) -> None:
            self._around.acting.change(lambda store, one: store.rename_category(one, head, category, name))

        self._around.ask_name(f"Rename {category}", "All labels follow.", category, "Rename", renamed)

    def merge(self, head: str, category: str, into: str) -> None:
        """Let everything that is ``category`` be ``into``."""
        self._around.acting.change(lambda store, one: store.merge_categories(one, head, [category], into))

    def remove(self, head: str, category: str) -> None:
        """Take a category away that no picture has."""
        self._around.acting.change(lambda store, one: store.remove_category(one, head, category))
