"""Where the tiles of a sectioned grid are. Arithmetic only: no Qt, and nothing that grows with the number of tiles."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["Cell", "GridLayout", "Section"]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled run of ``count`` tiles. ``key`` stays the same while titles and counts change; tiles may be dropped on
    it where it is ``droppable``.
    """

    key: str
    title: str
    count: int
    droppable: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One tile: which section (by position), which tile of it, and its rectangle in content pixels."""

    section: int
    index: int
    x: int
    y: int
    width: int
    height: int


class GridLayout:
    """Rows of equal tiles under section headers; tiles widen until the row is full.

    Args:
        sections: from top to bottom.
        width: of the content, pixels.
        side: wished side of a tile, pixels; the real one is up to a column's share larger.
        gap: between tiles, pixels.
        header: height of a section header, pixels.
        footer: height under each picture, pixels.
        margin: left and right of the tiles, pixels; room for the ring of a selected tile.
    """

    def __init__(
        self,
        sections: Sequence[Section],
        *,
        width: int,
        side: int,
        gap: int,
        header: int,
        footer: int,
        margin: int = 0,
    ) -> None:
        self.sections = tuple(sections)
        self.width = width
        self.gap = gap
        self.header = header
        self.footer = footer
        room = width - 2 * margin
        self.margin = margin
        self.columns = max(1, (room + gap) // (side + gap))
        self.side = max(16, (room - gap * (self.columns - 1)) // self.columns)
        self.row_height = self.side + footer + gap
        self.tops: list[int] = []
        top = 0
        for section in self.sections:
            self.tops.append(top)
            top += header + self.rows(section) * self.row_height + gap
        self.height = top

    def rows(self, section: Section) -> int:
        """How many rows ``section`` fills."""
        return -(-section.count // self.columns)

    def section_at(self, y: int) -> int:
        """Position of the section that covers content height ``y``; the nearest one outside the content."""
        return max(0, bisect_right(self.tops, y) - 1)

    def cell(self, section: int, index: int) -> Cell:
        """The tile ``index`` of the section at position ``section``."""
        row, column = divmod(index, self.columns)
        x = self.margin + column * (self.side + self.gap)
        y = self.tops[section] + self.header + row * self.row_height
        return Cell(section, index, x, y, self.side, self.side + self.footer)

    def visible(self, top: int, bottom: int) -> Iterator[Cell]:
        """The tiles that touch content heights ``top`` to ``bottom``, in reading order."""
        for position in range(self.section_at(top), len(self.sections)):
            section = self.sections[position]
            start = self.tops[position] + self.header
            if start - self.header >= bottom:
                return
            first = max(0, (top - start) // self.row_height)
            last = min(self.rows(section) - 1, (bottom - 1 - start) // self.row_height)
            for index in range(first * self.columns, min(section.count, (last + 1) * self.columns)):
                yield self.cell(position, index)

    def hit(self, x: int, y: int) -> Cell | None:
        """The tile at a content point, or None between tiles."""
        if not self.sections or y < 0 or y >= self.height:
            return None
        position = self.section_at(y)
        below = y - self.tops[position] - self.header
        row, column = below // self.row_height, (x - self.margin) // (self.side + self.gap)
        if below < 0 or x < self.margin or column >= self.columns:
            return None
        index = row * self.columns + column
        if index >= self.sections[position].count:
            return None
        cell = self.cell(position, index)
        inside = cell.x <= x < cell.x + cell.width and cell.y <= y < cell.y + cell.height
        return cell if inside else None

    def step(self, section: int, index: int, move: str) -> tuple[int, int]:
        """Where the keyboard goes from a tile: ``move`` is left, right, up, down, home or end."""
        filled = [i for i, s in enumerate(self.sections) if s.count]
        if not filled:
            return section, index
        if move == "home":
            return filled[0], 0
        if move == "end":
            return filled[-1], self.sections[filled[-1]].count - 1
        before = [i for i in filled if i < section]
        after = [i for i in filled if i > section]
        count = self.sections[section].count
        if move == "left":
            if index > 0:
                return section, index - 1
            return (before[-1], self.sections[before[-1]].count - 1) if before else (section, index)
        if move == "right":
            if index + 1 < count:
                return section, index + 1
            return (after[0], 0) if after else (section, index)
        column = index % self.columns
        if move == "up":
            if index >= self.columns:
                return section, index - self.columns
            if not before:
                return section, index
            target = self.sections[before[-1]].count
            return before[-1], min(target - 1, (target - 1) // self.columns * self.columns + column)
        if index // self.columns < (count - 1) // self.columns:
            return section, min(count - 1, index + self.columns)
        return (after[0], min(self.sections[after[0]].count - 1, column)) if after else (section, index)
