"""Answering by names: one of n (``categories``) or any of n (``tags``). The first nine have the keys 1 to 9."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.labelling.answer_editor import FIELD_KEY, OTHER_KEYS, UNKNOWN_KEY, AnswerEditor, sure_words
from desktop.labelling.editor import Proposal
from desktop.widgets.filter_field import FilterField
from desktop.widgets.suggestions import Suggestion, Suggestions

__all__ = ["CategoriesEditor", "TagsEditor"]

_KEYS = 9
_LIKELY = 3
"""Likely names beyond the first nine that are shown too."""


class _NamesEditor(AnswerEditor):
    """Rows with keys, a field for all the others, and the button for what nobody can tell."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = Suggestions()
        self._rows.chosen.connect(lambda place: self._take(self._rows.rows[place].name))
        self._field = FilterField("category", FIELD_KEY)
        self._field.picked.connect(self._picked)
        self._field.left.connect(self.released)
        for one in (self._rows, self._note, self._field, self._unknown):
            self._column.addWidget(one)

    def handle_key(self, event: QKeyEvent) -> bool:
        """1 to 9 take a name, U says that nobody can tell, Enter goes on, a slash or any other letter opens the field.

        Backspace takes the label away and stays.
        """
        if event.modifiers() & OTHER_KEYS or self._head is None or self._subject is None:
            return False
        text = event.text()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._go_on()
        elif event.key() == Qt.Key.Key_Backspace:
            if self._value is not None:
                self._value = None
                self._show()
                self.committed.emit(None, f"Took the label of {self._said()} away")
        elif text.isdigit() and 0 < int(text) <= min(_KEYS, len(self._head.categories)):
            self._take(self._head.categories[int(text) - 1])
        elif text.upper() == UNKNOWN_KEY and not shift:
            self._say_unknown()
        elif text == FIELD_KEY or text.isalpha():
            self._field.begin("" if text == FIELD_KEY else text)
        else:
            return False
        return True

    # -- showing ------------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        super()._show()
        names = self._head.categories if self._head is not None else ()
        likely = dict(self._proposal.likely) if self._proposal is not None else {}
        chosen = self._chosen()
        shown = list(names[:_KEYS])
        more = [name for name in likely if name not in shown][:_LIKELY]
        shown += [name for name in (*sorted(chosen), *more) if name not in shown]
        rows = [
            Suggestion(name, likely.get(name), str(place) if place <= _KEYS else "", name in chosen)
            for place, name in enumerate(dict.fromkeys(shown), 1)
        ]
        self._rows.set_rows(rows)
        self._field.set_names(names)

    def _chosen(self) -> frozenset[str]:
        """What has been said."""
        raise NotImplementedError

    def _take(self, name: str) -> None:
        """The person says ``name``."""
        raise NotImplementedError

    def _picked(self, name: str, _new: bool) -> None:
        self._take(name)
        self.released.emit()


class CategoriesEditor(_NamesEditor):
    """One name; it goes on by itself."""

    kind: ClassVar[str] = "categories"

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        keys = min(_KEYS, len(self._head.categories)) if self._head is not None else 0
        enter = "take what is proposed" if self._value is None and self._proposal is not None else "go on"
        numbers = [(f"1–{keys}" if keys > 1 else "1", "label")] if keys else []
        return [
            *numbers,
            ("Enter", enter),
            (FIELD_KEY, "type a name"),
            (UNKNOWN_KEY, "nobody can tell"),
            ("Backspace", "take away"),
        ]

    def _chosen(self) -> frozenset[str]:
        from training.datasets.values import Category

        return frozenset({self._value.name}) if isinstance(self._value, Category) else frozenset()

    def _words(self, proposal: Proposal) -> str:
        from training.datasets.values import Category

        if not isinstance(proposal.draft, Category):
            return ""
        return f"Enter takes {proposal.draft.name}: {sure_words(proposal)}"

    def _take(self, name: str) -> None:
        from training.datasets.values import Category

        if self._subject is None:
            return
        value = Category(name)
        if value != self._value:
            self._value = value
            self._show()
            self.committed.emit(value, f"Labelled {self._said()} {name}")
        self.advance_wanted.emit()


class TagsEditor(_NamesEditor):
    """Any number of names, each on or off; Enter goes on."""

    kind: ClassVar[str] = "tags"

    def hints(self) -> Sequence[tuple[str, str]]:
        """Keys of this kind."""
        keys = min(_KEYS, len(self._head.categories)) if self._head is not None else 0
        numbers = [(f"1–{keys}" if keys > 1 else "1", "on or off")] if keys else []
        if self._value is not None:
            enter = "go on"
        else:
            enter = "take what is proposed" if self._proposal is not None else "none of them, go on"
        return [*numbers, ("Enter", enter), (FIELD_KEY, "type a name"), (UNKNOWN_KEY, "nobody can tell")]

    def _chosen(self) -> frozenset[str]:
        from training.datasets.values import Tags

        return self._value.names if isinstance(self._value, Tags) else frozenset()

    def _words(self, proposal: Proposal) -> str:
        from training.datasets.values import Tags

        if not isinstance(proposal.draft, Tags):
            return ""
        names = ", ".join(sorted(proposal.draft.names)) or "none of them"
        return f"Enter takes {names}: {sure_words(proposal)}"

    def _take(self, name: str) -> None:
        from training.datasets.values import Tags

        if self._subject is None:
            return
        now = self._chosen() ^ {name}
        self._value = Tags(now)
        self._show()
        verb = f"Tagged {self._said()} {name}" if name in now else f"Took {name} from {self._said()}"
        self.committed.emit(self._value, verb)

    def _go_on(self) -> None:
        from training.datasets.values import Tags

        if self._value is None and (self._proposal is None or self._proposal.draft is None):
            self._value = Tags(frozenset())
            self.committed.emit(self._value, f"None of the tags for {self._said()}")
        super()._go_on()
