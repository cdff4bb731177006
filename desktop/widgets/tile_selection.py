"""Which tiles are selected and which one is current. It knows the order of the tiles, not where they are on screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.widgets.grid_layout import Section
from desktop.widgets.tile_source import TileSource

__all__ = ["TileSelection"]


class TileSelection(QObject):
    """The selection over what ``source`` shows.

    Signals:
        current_changed: key of the current tile, -1 for none.
        changed: how many tiles are selected.
    """

    current_changed = Signal(int)
    changed = Signal(int)

    def __init__(self, source: TileSource, parent: QObject) -> None:
        super().__init__(parent)
        self._source = source
        self._sections: Sequence[Section] = ()
        self._positions: dict[str, int] = {}
        self._anchor = -1
        self._last: tuple[str, int] | None = None  # where the current tile was, should it go from what is shown
        self.current = -1
        self.selected: set[int] = set()

    def set_sections(self, sections: Sequence[Section]) -> None:
        """What is shown has changed."""
        self._sections = sections
        self._positions = {section.key: position for position, section in enumerate(sections)}
        self._remember()

    # -- selecting ----------------------------------------------------------------------------------------------------

    def select(self, keys: Sequence[int], current: int | None = None) -> None:
        """Select exactly ``keys``; the last one becomes current unless another is named."""
        self.selected = set(keys)
        self._move(current if current is not None else (keys[-1] if keys else -1))
        self._anchor = self.current
        self.changed.emit(len(self.selected))

    def toggle(self, key: int) -> None:
        """Select one tile more, or one fewer."""
        rest = self.selected ^ {key}
        self.select(tuple(rest), current=key if key in rest else next(iter(rest), -1))

    def select_all(self) -> None:
        """Select every tile that is shown."""
        self.selected = {key for section in self._sections for key in self._keys(section)}
        self.changed.emit(len(self.selected))

    def select_section(self, position: int, *, more: bool = False) -> None:
        """Select every tile of a section; with ``more``, beside those that are selected already."""
        keys = list(self._keys(self._sections[position]))
        if not keys:
            return
        current = self.current if self.current in keys else keys[0]
        self.select((*self.selected, *keys) if more else keys, current=current)

    def extend_to(self, key: int, *, more: bool = False) -> None:
        """Select from where the selection began to ``key``; with ``more``, beside what is selected already."""
        start, end = self.place(self._anchor), self.place(key)
        if start is None or end is None:
            self.select((key,))
            return
        first, last = sorted((start, end))
        kept = self.selected if more else set()
        self.selected = kept | {
            self._source.key(section.key, index)
            for position, section in enumerate(self._sections[first[0] : last[0] + 1], first[0])
            for index in range(section.count)
            if first <= (position, index) <= last
        }
        self._move(key)
        self.changed.emit(len(self.selected))

    @property
    def can_extend(self) -> bool:
        """Whether a selection has begun somewhere."""
        return self._anchor >= 0

    def _move(self, key: int) -> None:
        if key != self.current:
            self.current = key
            self._remember()
            self.current_changed.emit(key)

    def _remember(self) -> None:
        self._last = self._source.place(self.current) or self._last

    def _keys(self, section: Section) -> Iterator[int]:
        return (self._source.key(section.key, index) for index in range(section.count))

    # -- places -------------------------------------------------------------------------------------------------------

    def place(self, key: int) -> tuple[int, int] | None:
        """Position of a tile's section and its index there, or None when it isn't shown."""
        place = self._source.place(key) if key >= 0 else None
        position = self._positions.get(place[0]) if place is not None else None
        if place is None or position is None or place[1] >= self._sections[position].count:
            return None
        return position, place[1]

    def where(self) -> tuple[int, int] | None:
        """The place of the current tile, or of what came into its place when it has gone; None when there is none."""
        place = self.place(self.current)
        if place is not None or self._last is None or self.current < 0:
            return place
        position = self._positions.get(self._last[0])
        if position is None or not self._sections[position].count:
            return None
        return position, min(self._last[1], self._sections[position].count - 1)

    def sections_of(self, keys: Iterable[int]) -> set[str]:
        """The keys of the sections that hold ``keys``."""
        return {place[0] for place in map(self._source.place, keys) if place is not None}

    def next_after(self, keys: set[int]) -> int:
        """The tile after the last of ``keys`` that isn't one of them, else the one before; -1 where there is none."""
        last = max((place for place in map(self.place, keys) if place is not None), default=None)
        if last is None:
            return -1
        following = (key for key in self._from(last, forward=True) if key not in keys)
        preceding = (key for key in self._from(last, forward=False) if key not in keys)
        return next(following, next(preceding, -1))

    def _from(self, place: tuple[int, int], *, forward: bool) -> Iterator[int]:
        """The tiles after or before a place, nearest first."""
        start, index = place
        if forward:
            for position in range(start, len(self._sections)):
                section = self._sections[position]
                for at in range(index + 1 if position == start else 0, section.count):
                    yield self._source.key(section.key, at)
        else:
            for position in range(start, -1, -1):
                section = self._sections[position]
                for at in range((index if position == start else section.count) - 1, -1, -1):
                    yield self._source.key(section.key, at)
