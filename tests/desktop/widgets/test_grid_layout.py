from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.grid_layout import Cell, GridLayout, Section

counts = st.lists(st.integers(0, 60), min_size=0, max_size=6)
widths = st.integers(64, 1600)
sides = st.integers(32, 256)


def layout(numbers: list[int], width: int = 500, side: int = 100) -> GridLayout:
    sections = [Section(str(i), f"Section {i}", count) for i, count in enumerate(numbers)]
    return GridLayout(sections, width=width, side=side, gap=8, header=40, footer=8)


def all_cells(grid: GridLayout) -> list[Cell]:
    return [grid.cell(i, j) for i, section in enumerate(grid.sections) for j in range(section.count)]


def test_tiles_widen_until_the_row_is_full() -> None:
    grid = layout([10], width=500, side=100)
    assert grid.columns == 4
    assert grid.columns * grid.side + 3 * grid.gap == 500


@given(counts, widths, sides)
def test_tiles_stay_inside_and_never_overlap(numbers: list[int], width: int, side: int) -> None:
    grid = layout(numbers, width, side)
    taken: set[tuple[int, int]] = set()
    for cell in all_cells(grid):
        assert cell.x >= 0
        assert cell.x + cell.width <= max(width, grid.side)
        assert cell.y + cell.height <= grid.height
        assert (cell.x, cell.y) not in taken
        taken.add((cell.x, cell.y))


@given(counts, widths, sides, st.integers(0, 5000), st.integers(1, 2000))
def test_visible_are_exactly_the_tiles_whose_row_touches_the_screen(
    numbers: list[int], width: int, side: int, top: int, height: int
) -> None:
    grid = layout(numbers, width, side)
    seen = list(grid.visible(top, top + height))
    expected = [c for c in all_cells(grid) if c.y < top + height and c.y + grid.row_height > top]
    assert seen == expected


@given(counts, widths, sides)
def test_every_tile_is_hit_in_its_middle_and_not_between(numbers: list[int], width: int, side: int) -> None:
    grid = layout(numbers, width, side)
    for cell in all_cells(grid):
        assert grid.hit(cell.x + cell.width // 2, cell.y + cell.height // 2) == cell
        assert grid.hit(cell.x + cell.width // 2, cell.y + cell.height + grid.gap - 1) is None


@given(counts)
def test_left_undoes_right_and_down_reaches_the_end(numbers: list[int]) -> None:
    grid = layout(numbers)
    cells = all_cells(grid)
    for before, after in pairwise(cells):
        assert grid.step(before.section, before.index, "right") == (after.section, after.index)
        assert grid.step(after.section, after.index, "left") == (before.section, before.index)
    if cells:
        place = grid.step(0, 0, "home")
        for _ in range(len(cells)):
            place = grid.step(*place, "down")
        assert place[0] == cells[-1].section
        assert grid.step(*place, "end") == (cells[-1].section, cells[-1].index)


def test_the_cost_of_a_screen_does_not_grow_with_the_number_of_tiles() -> None:
    few, many = layout([200]), layout([100_000])
    assert len(list(few.visible(0, 800))) == len(list(many.visible(0, 800)))
    deep = many.height // 2
    assert len(list(many.visible(deep, deep + 800))) <= len(list(few.visible(0, 800))) + 2 * few.columns
