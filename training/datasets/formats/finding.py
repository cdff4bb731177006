"""From names in somebody's list to the files they mean, and the sentences for those that mean none."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.errors import DatasetError, one_line
from models.walking import walk
from training.datasets.formats.naming import inside, is_picture
from training.datasets.formats.problems import Problems
from training.datasets.names import checked_name, known

__all__ = ["Finder", "pictures", "usable_names"]


class Finder:
    """Finds the files that a list names.

    Args:
        root: of the dataset; nothing outside of it is ever found.
        said_in: name of the list, for the sentences.
        problems: takes a sentence for each file that is not found.
        bases: folders below ``root`` that the names may start from, likeliest first.
    """

    def __init__(self, root: Path, said_in: str, problems: Problems, bases: Sequence[str] = ("", "images")) -> None:
        self._root = root
        self._said_in = one_line(said_in)
        self._problems = problems
        self._bases = list(dict.fromkeys(bases))

    def find(self, name: str) -> Path | None:
        """The file, or None, and then ``problems`` says why."""
        safe = False
        for base in self._bases:
            path = inside(self._root, name, base=base)
            safe = safe or path is not None
            if path is not None and os.path.isfile(path):  # noqa: PTH113 - half the time, a hundred thousand times over
                if base != self._bases[0]:
                    self._bases.remove(base)
                    self._bases.insert(0, base)
                return path
        shown = one_line(name[:200]) or "A picture without a name"
        if safe:
            self._problems.note(
                f"{{n:,}} more pictures of {self._said_in} are not there.",
                f"{shown} of {self._said_in} is not there and was left out.",
            )
        else:
            self._problems.note(
                f"{{n:,}} more names in {self._said_in} lead out of the folder.",
                f"{shown} of {self._said_in} leads out of the folder and was left out.",
            )
        return None


def pictures(folder: Path, problems: Problems) -> Iterable[Path]:
    """The pictures in ``folder`` and below, in natural order, by their endings; hidden ones are passed over."""
    for found, fault in walk(str(folder)):
        if fault is not None:
            problems.note("{n:,} more files can't be looked at.", str(fault))
        elif is_picture(found):
            yield Path(found)


def usable_names(names: Iterable[str], said_in: str, problems: Problems) -> tuple[str, ...]:
    """Those of ``names`` that can be categories, trimmed and each once; a sentence for each of the others."""
    found: dict[str, None] = {}
    for name in (one.strip() for one in names):
        try:
            found[checked_name("category", name)] = None
        except DatasetError as error:
            if known(name) is not None:
                problems.note(f"{{n:,}} more names in {one_line(said_in)} can't be used.", f"{said_in}: {error}")
    return tuple(found)
