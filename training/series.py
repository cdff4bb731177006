"""Which pictures belong together by their names, as ``tech_wall01.png`` and ``tech_wall02.png`` of one folder do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from pathlib import PurePath
from typing import TypeVar

__all__ = ["series"]

_NUMBER = re.compile(r"[\W_]*\d+(?:[a-z](?![a-z]))?")

Key = TypeVar("Key", bound=Hashable)


def series(paths: Mapping[Key, PurePath], categories: Mapping[Key, str]) -> dict[Key, str]:
    """The folder and the name without its numbers, the same for all of a series.

    What was learned from one of a series says little about how new pictures will be answered: on the textures, leaving
    one picture out at a time promises an accuracy of 0.85 where 0.74 comes true (docs/learning.md).

    A series with over half of all pictures of some category is taken for the numbering of a camera or an emulator, and
    is none: it says nothing of what is shown, and without it there would be little left to know the category by.

    Args:
        paths: where the pictures lie, by anything.
        categories: of the same pictures.
    """
    names = {key: f"{path.parent.as_posix()}/{_NUMBER.sub('', path.stem.lower())}" for key, path in paths.items()}
    pictures = Counter(categories[key] for key in names)
    together = Counter((name, categories[key]) for key, name in names.items())
    numbering = {name for (name, category), count in together.items() if 2 * count > pictures[category]}
    return {key: name for key, name in names.items() if name not in numbering}
