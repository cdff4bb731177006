"""Lists of category names that a person has as a file. No Qt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from models.errors import LabelError

__all__ = ["read_names"]

_LONGEST = 1 << 20
"""Bytes of a list of names."""

_KEYS = ("categories", "classes", "names", "labels")


def read_names(path: Path) -> list[str]:
    """Names of categories from a text file with one a line, or from JSON: a list, {"0": "name"} or {"name": 0}, by
    itself or under one of the usual keys.

    Raises:
        LabelError: it can't be read, or holds no names.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelError(f"{path.name} can't be read as text; choose a .txt or .json file.") from error
    if len(content) > _LONGEST:
        raise LabelError(f"{path.name} is too long for a list of names; choose another file.")
    if path.suffix.lower() != ".json":
        names = text.splitlines()
    else:
        try:
            names = _of_json(json.loads(text))
        except (ValueError, RecursionError):
            raise LabelError(f"{path.name} is no JSON; choose another file.") from None
    found = [name.strip() for name in names if name.strip()]
    if not found:
        raise LabelError(f"{path.name} holds no names; put one on each line.")
    return found


def _of_json(said: Any) -> list[str]:
    if isinstance(said, dict):
        inside = next((said[key] for key in _KEYS if isinstance(said.get(key), list | dict)), None)
        said = said if inside is None else inside
    if isinstance(said, dict):
        pairs = [(value, key) if isinstance(value, int) else (key, value) for key, value in said.items()]
        numbered = all(str(number).isdecimal() for number, _ in pairs)
        said = [name for _, name in (sorted(pairs, key=lambda pair: int(pair[0])) if numbered else pairs)]
    if not isinstance(said, list):
        return []
    return [str(one.get("name", "") if isinstance(one, dict) else one) for one in said]
