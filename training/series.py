"""Which pictures belong together by their names, as ``tech_wall01.png`` and ``tech_wall02.png`` of one folder do.

A name is needed once, for its key, which can be kept beside what was learned from the picture (``training.head_file``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Mapping
from hashlib import blake2b
from pathlib import PurePath
from typing import TypeVar

__all__ = ["KEY_BYTES", "series", "series_key"]

KEY_BYTES = 8
"""Of a series' key. Among a million series, two share a key with a chance of one in 30 million."""

_NUMBER = re.compile(r"[\W_]*\d+(?:[a-z](?![a-z]))?")

Key = TypeVar("Key", bound=Hashable)
Group = TypeVar("Group", bound=Hashable)


def series_key(path: PurePath) -> bytes:
    """The same ``KEY_BYTES`` bytes for all of a series: of the folder and the name without its numbers.

    A digest (BLAKE2b), so that who is given what was learned is not given the names as well. It is no secret: who
    guesses folder and name can find the guess confirmed. Of upper and lower case in the name it takes no notice.
    """
    name = f"{path.parent.as_posix()}/{_NUMBER.sub('', path.stem.lower())}"
    return blake2b(name.encode("utf-8", "surrogateescape"), digest_size=KEY_BYTES).digest()


def series(keys: Mapping[Key, Group], categories: Mapping[Key, str]) -> dict[Key, Group]:
    """``keys`` without those that only number pictures.

    What was learned from one of a series says little about how new pictures will be answered: on the textures, leaving
    one picture out at a time promises an accuracy of 0.85 where 0.74 comes true (docs/learning.md).

    A series with over half of all pictures of some category is taken for the numbering of a camera or an emulator, and
    is none: it says nothing of what is shown, and without it there would be little left to know the category by.
    The answer depends on the categories, so it is asked for anew whenever they may have changed.

    Args:
        keys: picture, by anything, -> ``series_key``; pictures that are in no series may be missing.
        categories: of all pictures, also of those that ``keys`` does not hold.

    Raises:
        KeyError: a picture of ``keys`` has no category.
    """
    pictures = Counter(categories.values())
    together = Counter((group, categories[key]) for key, group in keys.items())
    numbering = {group for (group, category), count in together.items() if 2 * count > pictures[category]}
    return {key: group for key, group in keys.items() if group not in numbering}
