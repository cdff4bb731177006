"""The pictures of a dataset, as the grid wants to see them; what is not at hand is asked for."""

from __future__ import annotations

from collections.abc import Callable

from desktop.pages.dataset.state import PAGE, DatasetState, HeadFacts
from desktop.pages.dataset.wanted import SPLIT_WORDS
from desktop.pages.dataset.wording import value_words
from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_look import Chip, Tile

__all__ = ["MOST_LINES", "Tiles"]

_SECTION = "all"
MOST_LINES = 2
"""Questions of which a tile says the answer."""


class Tiles:
    """A :class:`desktop.widgets.tile_source.TileSource`.

    Args:
        state: what is shown.
        missing: called with the number of a page of items that is not at hand.
    """

    def __init__(self, state: DatasetState, missing: Callable[[int], None]) -> None:
        self._state, self._missing = state, missing

    def sections(self) -> list[Section]:
        """One, of all that is shown."""
        shown = self._state.shown
        if shown is None or not len(shown.ids):
            return []
        title = shown.wanted.title
        return [Section(_SECTION, title[:1].upper() + title[1:], len(shown.ids), droppable=False)]

    def key(self, section: str, index: int) -> int:
        """The item at a place."""
        return self._state.number(index)

    def place(self, key: int) -> tuple[str, int] | None:
        """Where an item is shown."""
        place = self._state.place(key)
        return None if place is None else (_SECTION, place)

    def tile(self, key: int) -> Tile:
        """The answers, in the colours of their categories; and a mark for what can't be read or is set apart."""
        shown = self._state.shown
        item = self._state.cache.get(key)
        if shown is None:
            return Tile()
        if item is None:
            place = self._state.place(key)
            if place is not None:
                self._missing(place // PAGE)
            return Tile()
        chips = []
        for facts in self.heads():
            value = item.labels.get(facts.head.name)
            words = value_words(facts.head, value) if value is not None else "–"
            colour = facts.colours.get(words, "") if value is not None else ""
            chips.append(Chip(words, 1.0 if colour else None, colour=colour))
        mark = "unreadable" if item.status == "unreadable" else "missing" if item.status == "missing" else ""
        if not mark and item.split in ("val", "test"):
            mark = SPLIT_WORDS[item.split].lower()
        return Tile(None, mark, tuple(chips))

    def heads(self) -> list[HeadFacts]:
        """The questions whose answers stand under the pictures: the one that the keys are for, and the next."""
        shown = self._state.shown
        if shown is None:
            return []
        first = [one for one in shown.heads if one.head.name == self._state.head]
        rest = [one for one in shown.heads if one.head.name != self._state.head]
        return [*first, *rest][:MOST_LINES] if len(shown.heads) <= MOST_LINES else first[:1]
