"""How the mask editor is worked: its tools with their keys, and its rows at the right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from desktop.labelling.answer_editor import UNKNOWN_KEY
from desktop.labelling.editor import ToolButton
from desktop.widgets.bar import percent
from desktop.widgets.swatch_rows import HATCHED, SwatchRow
from models.heads.painting import hex_colour
from training.datasets.masks import UNKNOWN_PIXEL
from training.labelling.mask_painting import MaskPainting, ground_of

__all__ = [
    "KEEP_KEY",
    "NUMBERS",
    "category_rows",
    "key_hints",
    "proposed_rows",
    "tool_buttons",
    "tool_of",
]

NUMBERS = 9
"""Categories that have a key."""
KEEP_KEY = "K"

_BUTTONS = (
    ("brush", "Brush", "mask-brush", "B"),
    ("eraser", "Eraser", "mask-eraser", "E"),
    ("fill", "Fill", "mask-fill", "F"),
    ("polygon", "Polygon", "pentagon", "P"),
    ("lasso", "Lasso", "mask-lasso", "L"),
    ("scissors", "Scissors, along edges", "scissors", "C"),
    ("rough", "Rough box, finds the thing", "mask-rough-box", "R"),
    ("patches", "Patches of one colour", "mask-patches", "S"),
    ("outlines", "Move outlines", "mask-outlines", "O"),
)
_USES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "brush": (("[ ]", "smaller, larger"),),
    "eraser": (("[ ]", "smaller, larger"),),
    "polygon": (("Enter", "close"), ("Backspace", "take a point back")),
    "scissors": (("Enter", "close"), ("Backspace", "take a point back")),
    "rough": (("Shift drag", "that too"), ("Ctrl drag", "not that")),
    "patches": (("[ ]", "smaller, larger"),),
    "outlines": (("Delete", "remove"), ("double click", "add a point")),
}


def tool_of(letter: str) -> str | None:
    """The key of the tool that a capital letter takes."""
    return next((key for key, _, _, shortcut in _BUTTONS if shortcut == letter), None)


def tool_buttons(
    take: Callable[[str], object],
    turn_keep: Callable[[], object],
    *,
    keeps: Callable[[], bool],
    ready: Callable[[], bool],
) -> Sequence[ToolButton]:
    """Brushes, outlines, assists, and the switch that keeps what is painted."""
    made = [
        ToolButton(key, words, icon, partial(take, key), shortcut, enabled=ready)
        for key, words, icon, shortcut in _BUTTONS
    ]
    keep = ToolButton(
        "keep",
        "Keep what is painted",
        "mask-keep",
        turn_keep,
        KEEP_KEY,
        lasting=False,
        checkable=True,
        checked=keeps,
        enabled=ready,
    )
    return [*made, keep]


def key_hints(tool: str, categories: int) -> Sequence[tuple[str, str]]:
    """Keys that choose what to paint with, and those of the tool in hand."""
    keys = min(NUMBERS, categories)
    numbers = [(f"1–{keys}" if keys > 1 else "1", "paint with")] if keys else []
    return [*numbers, (UNKNOWN_KEY, "unknown"), *_USES.get(tool, ())]


def category_rows(names: Sequence[str], painting: MaskPainting | None) -> list[SwatchRow]:
    """A row for each category with its part of the picture, and one for the unknown; all 0 without a mask."""
    ground = ground_of(names)
    pixels = painting.indices.size if painting is not None else 1

    def words(index: int) -> str:
        return _share(int(painting.counts[index]) / pixels) if painting is not None else ""

    rows = [
        SwatchRow(
            name,
            hex_colour(index) if index != ground else "",
            str(index + 1) if index < NUMBERS else "",
            words(index),
        )
        for index, name in enumerate(names)
    ]
    return [*rows, SwatchRow("Unknown", HATCHED, UNKNOWN_KEY, words(UNKNOWN_PIXEL))]


def proposed_rows(names: Sequence[str], left: Sequence[int], share: Callable[[int], float]) -> list[SwatchRow]:
    """A row for each category that is proposed and still open; ``share``: its part of the picture."""
    return [SwatchRow(names[one], hex_colour(one), "", _share(share(one))) for one in left]


def _share(part: float) -> str:
    """Part of a picture, 0 to 1, in words; "" for nothing."""
    if part <= 0:
        return ""
    return percent(part) if part >= 0.005 else "< 1 %"
