"""The page's items, as the grid wants to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.pages.sort.items import PENDING, UNKNOWN, Filter, Item
from desktop.pages.sort.state import SortState
from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_look import CORRECTED, Chip, Tile

if TYPE_CHECKING:  # NumPy comes with it
    from models.answer import Answer

__all__ = ["Tiles", "title"]


class Tiles:
    """A :class:`desktop.widgets.tile_source.TileSource`."""

    def __init__(self, state: SortState) -> None:
        self._state = state

    def sections(self) -> list[Section]:
        """A section for each group."""
        pending = "Still to come" if self._state.running else "Not looked at"
        titles = {UNKNOWN: "Unknown", PENDING: pending}
        return [
            Section(key, titles.get(key) or title(key), count, droppable=key != PENDING)
            for key, count in self._state.groups()
        ]

    def key(self, section: str, index: int) -> int:
        """The item at a place."""
        return self._state.number(section, index)

    def place(self, key: int) -> tuple[str, int] | None:
        """Where an item is shown."""
        return self._state.place(key)

    def tile(self, key: int) -> Tile:
        """How sure; and a mark where a person has said, or should look."""
        item, head = self._state.items[key], self._state.head
        answer = item.answer
        if answer is None:
            return Tile()
        chips = _chips(answer) if len(answer.heads) > 1 else ()
        if head in answer.labels:
            return Tile(None, CORRECTED, chips)
        return Tile(answer.answered(head).confidence, self._mark(item, answer), chips)

    def _mark(self, item: Item, answer: Answer) -> str:
        # A word that is on most tiles, as in a model that has only begun to learn, says nothing
        if item.changed and not self._state.mostly(Filter.CHANGED):
            return "changed"
        if item.group == UNKNOWN or self._state.mostly(Filter.UNSURE):
            return ""
        return "unsure" if answer.is_unsure(self._state.head) else ""


def title(category: str) -> str:
    """A category's name at the head of its group: its first letter large, the rest as the person wrote it."""
    return category[:1].upper() + category[1:]


def _chips(answer: Answer) -> tuple[Chip, ...]:
    chips = []
    for head in answer.heads:
        category = answer.category(head)
        labelled = head in answer.labels
        sure = None if labelled or category is None else answer.answered(head).confidence
        chips.append(Chip(category or "unknown", sure, labelled))
    return tuple(chips)
