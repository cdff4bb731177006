"""Names of categories: from a network's metadata, in all forms in which writers put them there, or a file beside it."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import FileError, one_line
from models.files import open_regular

__all__ = ["KEYS", "Names", "clean", "names_beside", "names_in"]

KEYS = ("categories", "classes", "names", "labels", "class_names", "id2label", "label2id")
"""Of the metadata, asked in this order."""

FILES = ("labels.txt", "classes.txt", "names.txt", "categories.txt")

_LONGEST_TEXT = 2 << 20
_DEEPEST = 20
"""Brackets within brackets: what is deeper is an attack on the parser."""

_MOST_NAMES = 100_000
_LONGEST_NAME = 200
_TAKEN = "unknown"
"""What an answer says that is none (``models.heads.categories``)."""


@dataclass(frozen=True, slots=True)
class Names:
    """Where names come from, and what they are: ``of`` by the name of an output, or ``all`` for whichever fits."""

    source: str
    all: tuple[str, ...] = ()
    of: Mapping[str, tuple[str, ...]] | None = None

    def find(self, output: str) -> tuple[str, ...]:
        """For one output; () for none."""
        return self.all if self.of is None else self.of.get(output, ())


def names_in(metadata: Mapping[str, str]) -> Names | None:
    """The names that custom metadata holds; None for none.

    Read are JSON and Python literals, as lists, as objects {"0": name}, {name: 0} and {output: [names]}, as lists of
    objects with a "name"; and plain text with a name a line, or between commas.
    """
    for key in KEYS:
        if key in metadata and len(metadata[key]) <= _LONGEST_TEXT:
            found = _understand(_parse(metadata[key]), f"the metadata {key}")
            if found is not None:
                return found
    return None


def names_beside(path: Path) -> Names | None:
    """The names in a text file beside the network's at ``path``, one a line; None without one that can be read."""
    for name in FILES:
        try:
            with open_regular(path.with_name(name)) as file:
                text = (file.read(_LONGEST_TEXT) or b"").decode("utf-8-sig")
        except (OSError, ValueError, FileError):  # it is not there, or of no use
            continue
        found = _plain(text.splitlines())
        if found:
            return Names(f"the file {name}", clean(found))
    return None


def clean(names: Sequence[str]) -> tuple[str, ...]:
    """Names that can be categories: on one line, not empty, not too long, none twice, none that means no answer."""
    taken: set[str] = set()
    result = []
    for index, raw in enumerate(names):
        name = one_line(raw.strip())[:_LONGEST_NAME] or f"class {index}"
        if name == _TAKEN:
            name = f"{name} (class {index})"
        if name in taken:
            name = f"{name[: _LONGEST_NAME - 20]} (class {index})"
        taken.add(name)
        result.append(name)
    return tuple(result)


def _parse(text: str) -> Any:
    """What ``text`` says, as lists, dicts and texts."""
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    if deepest <= _DEEPEST:
        try:
            return json.loads(text)
        except ValueError:
            pass
        try:
            return ast.literal_eval(text.strip())
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            pass
    return text.splitlines() if "\n" in text.strip() else text.split(",")


def _understand(said: Any, source: str) -> Names | None:
    if isinstance(said, Mapping) and said and all(isinstance(one, list | tuple | Mapping) for one in said.values()):
        of = {str(output): clean(_plain(_listed(one))) for output, one in said.items()}
        return Names(source, of=of)
    names = _plain(_listed(said))
    return Names(source, clean(names)) if len(names) > 1 else None


def _listed(said: Any) -> Sequence[Any]:
    """Names in order of their indices; [] when there are none."""
    if isinstance(said, list | tuple):
        return said
    if not isinstance(said, Mapping):
        return []
    pairs = list(said.items())
    if pairs and all(isinstance(value, int) for _, value in pairs):  # {name: index}
        pairs = [(value, key) for key, value in pairs]
    by_index = {int(key): value for key, value in pairs if str(key).isdecimal() and len(str(key)) <= 6}
    if len(by_index) != len(pairs) or not by_index or max(by_index) >= _MOST_NAMES:
        return []
    return [by_index.get(index, f"class {index}") for index in range(max(by_index) + 1)]


def _plain(listed: Sequence[Any]) -> list[str]:
    named = [one.get("name", "") if isinstance(one, Mapping) else one for one in listed[:_MOST_NAMES]]
    texts = [str(one) if isinstance(one, str | int) else "" for one in named]
    while texts and not texts[-1].strip():  # the end of a file
        texts.pop()
    return texts
