"""Which column of somebody's table is what, told by its name and by what is in it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from models.errors import DatasetError, one_line
from training.datasets.formats.documents import number
from training.datasets.names import known

__all__ = ["Column", "choose", "file_column", "part_columns"]

FILES = ("file", "path", "filename", "file_name", "image", "image_path", "filepath", "img")
PARTS = {
    "split": ("split", "subset", "set", "partition"),
    "source": ("source", "origin", "domain"),
    "group": ("group", "group_id", "scene", "burst", "cluster"),
}
NAMED = ("label", "category", "class", "class_name", "target", "species", "material")
TAGGED = ("tags", "labels", "keywords", "attributes")
_GRADED = re.compile(r"(^|_)(grade|score|quality|rating|sharpness|centering|centring)(_|$)|^(corner|edge)_")
_SEPARATORS = re.compile(r"[;|,]")
_KINDS = ("categories", "tags", "grade")


@dataclass(frozen=True, slots=True)
class Column:
    """A question, and the column of its answers.

    Attributes:
        head: what the question is called.
        column: its column.
        kind: "categories", "tags" or "grade".
        spare: a column that counts where ``column`` says nothing.
    """

    head: str
    column: str
    kind: str = "categories"
    spare: str = ""

    @classmethod
    def said(cls, head: str, text: str) -> Column:
        """From "column" or "column:kind". Raises ``DatasetError``: a table can't hold that kind."""
        column, colon, kind = text.rpartition(":")
        if not colon or kind not in _KINDS:
            if colon and kind in ("mask", "boxes", "image"):
                raise DatasetError(f"A table can't hold the kind {kind}; its kinds are {', '.join(_KINDS)}.")
            return cls(head, text)
        return cls(head, column, kind)

    def split(self, cell: str) -> list[str]:
        """The names in a cell: one, or several of tags."""
        pieces = _SEPARATORS.split(cell) if self.kind == "tags" else [cell]
        return [piece.strip() for piece in pieces if known(piece) is not None]


def file_column(names: Iterable[str]) -> str | None:
    """The column with the pictures' paths."""
    return _first(list(names), FILES)


def part_columns(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """The columns of the split, the source and the group, by those words, where there are such."""
    free = [name for name in names if name not in taken]
    found = {part: _first(free, words) for part, words in PARTS.items()}
    return {part: column for part, column in found.items() if column is not None}


def choose(rows: Iterable[Mapping[str, str]]) -> list[Column]:
    """The columns that say what pictures are; empty where nothing tells.

    A pair ``x_id`` and ``x_name`` is the question ``x``, answered by the name unless a name stands for several ids.
    """
    names: dict[str, dict[str, set[str]]] = {}
    numeric: dict[str, bool] = {}
    columns: list[str] = []
    pairs: dict[str, tuple[str, str]] = {}
    for row in rows:
        if not columns:
            columns = list(row)
            lower = {name.casefold(): name for name in columns}
            stems = [name[:-3] for name in lower if name.endswith("_id") and f"{name[:-3]}_name" in lower]
            pairs = {stem: (lower[f"{stem}_name"], lower[f"{stem}_id"]) for stem in stems if stem}
            names = {stem: defaultdict(set) for stem in pairs}
            numeric = {name: True for name in columns if _GRADED.search(name.casefold())}
        for stem, (name, identity) in pairs.items():
            names[stem][row[name].strip()].add(row[identity].strip())
        for name in numeric:
            numeric[name] = numeric[name] and (known(row[name]) is None or _is_number(row[name]))
    found = []
    for stem, (name, identity) in pairs.items():
        unique = all(len(ids) == 1 for said, ids in names[stem].items() if said)
        found.append(Column(stem, name, spare=identity) if unique else Column(stem, identity))
    used = {column for pair in pairs.values() for column in pair}
    for name in columns:
        word = name.strip().casefold()
        if name in used:
            continue
        if word in NAMED:
            found.append(Column(one_line(name.strip()), name))
        elif word in TAGGED:
            found.append(Column(one_line(name.strip()), name, "tags"))
        elif numeric.get(name):
            found.append(Column(one_line(name.strip()), name, "grade"))
    return found


def _first(names: Collection[str], words: Iterable[str]) -> str | None:
    by_word = {name.strip().casefold(): name for name in reversed(list(names))}
    return next((by_word[word] for word in words if word in by_word), None)


def _is_number(cell: str) -> bool:
    try:
        number(cell.strip())
    except ValueError:
        return False
    return True
