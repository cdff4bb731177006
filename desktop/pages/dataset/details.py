"""What the inspector says of one picture beside what the grid knows: pixels, labels over them, and history. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.actions.facts import Pixels, file_size
from desktop.pages.dataset.about import about_rows
from desktop.pages.dataset.painting import PAINTED, paint
from desktop.pages.dataset.wanted import split_words
from desktop.pages.dataset.wording import day, history_rows, label_note
from models.errors import FileError

if TYPE_CHECKING:  # NumPy comes with them
    import numpy as np
    from numpy.typing import NDArray

    from desktop.pages.dataset.state import DatasetState
    from training.datasets.records import Item

__all__ = ["Details", "read_details"]

_LEAST = 900
"""Pixels along the longer side of a picture that labels are painted over."""


@dataclass(frozen=True, slots=True, eq=False)
class Details:
    """All of one picture.

    Attributes:
        item: as the store has it now.
        pixels: the picture; None where there is none to be had.
        painted: the same with its labels over it; None where none can be painted.
        reduced: pixels of the file along a side for one of ``pixels``.
        problem: why there is no picture, a sentence; "" for none.
        facts: (name, value).
        notes: question -> who says so and when.
        history: (when, what), the last thing first.
        about: (name, value), of what is known beyond labels.
    """

    item: Item
    pixels: Pixels | None
    painted: Pixels | None
    reduced: float
    problem: str
    facts: tuple[tuple[str, str], ...]
    notes: dict[str, str]
    history: tuple[tuple[str, str], ...]
    about: tuple[tuple[str, str], ...]


def read_details(state: DatasetState, number: int) -> Details | None:
    """Everything about an item; None when it is gone. For a background thread.

    Raises:
        WorkspaceError: the workspace can't be used.
    """
    import numpy as np

    from desktop.actions.pictures import load_picture

    item, shown = state.load_item(number), state.shown
    if item is None or shown is None:
        return None
    store, heads = state.store, [one.head for one in shown.heads]
    pixels = painted = None
    kind, problem, reduced = "", "", 1.0
    try:
        pixels, file = load_picture(item.place.source)
        kind, reduced = file.format, file.width / pixels.width
    except FileError as error:
        problem = item.note or str(error)
    if pixels is not None:
        asked = [one for one in heads if one.kind in PAINTED and one.name in item.labels]
        array = np.frombuffer(pixels.data, np.uint8).reshape(pixels.height, pixels.width, 3)
        times = -(-_LEAST // max(array.shape[:2])) if asked else 1  # lines and names are drawn finer than its pixels
        array = array.repeat(times, axis=0).repeat(times, axis=1)
        over = paint(array, item, asked, store.blobs) if asked else None
        if over is not None:
            painted, pixels, reduced = _pixels(over), _pixels(array), reduced / times
    notes = {}
    for head in heads:
        if head.name in item.labels:
            found = store.label_facts(shown.dataset.id, head.name, [number]).get(number)
            notes[head.name] = label_note(found) if found is not None else ""
    facts = [*_facts(item, kind), *(("Also at", place.text) for place in store.places(number)[1:])]
    known = store.metadata(shown.dataset.id, [number])
    return Details(
        item,
        pixels,
        painted,
        reduced,
        problem,
        tuple(facts),
        notes,
        tuple(history_rows(store.history(number), heads)),
        tuple(about_rows(known.get(number, {}), heads, item.labels)),
    )


def _pixels(rgb: NDArray[np.uint8]) -> Pixels:
    return Pixels(rgb.shape[1], rgb.shape[0], rgb.tobytes())


def _facts(item: Item, kind: str) -> list[tuple[str, str]]:
    size = f"{item.width:,} × {item.height:,} pixels, " if item.width else ""
    rows = [
        ("Split", split_words(item.split, frozen=item.frozen)),
        ("Source", item.source),
        ("Group", item.group),
        ("Size", f"{size}{file_size(item.size)}" if item.size or size else ""),
        ("Format", kind),
        ("Added", day(item.added)),
        ("Place", item.place.text),
    ]
    return [(name, value) for name, value in rows if value]
