"""What a ``.ps2model`` may hold: the names of its members, how large each may be, and how categories are written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ModelError
from models.spec import HeadSpec

__all__ = [
    "CATEGORIES",
    "ENDING",
    "MAX_HEADS",
    "MAX_MEMBERS",
    "MAX_PACKAGE",
    "METADATA",
    "NETWORK",
    "README",
    "SIGNATURE",
    "TRAINING_DATA",
    "VERSION",
    "Category",
    "head_name",
    "is_head",
    "is_member",
    "most",
    "read_categories",
    "read_json",
    "state_name",
    "to_json",
    "write_categories",
]

ENDING = ".ps2model"
VERSION = "1.1"
"""Of the packages that are written here."""

NETWORK = "model.onnx"
METADATA = "metadata.json"
CATEGORIES = "categories.json"
TRAINING_DATA = "training_data.json"
README = "README.md"
SIGNATURE = "signature.json"

MAX_HEADS = 64
MAX_MEMBERS = 140
"""Two files a head, and those with names of their own, are 134."""

MAX_PACKAGE = 512 << 20
"""Bytes that all members may have together, unpacked."""

_MOST: Mapping[str, int] = {
    NETWORK: MAX_PACKAGE,
    METADATA: 1 << 20,
    CATEGORIES: 4 << 20,
    TRAINING_DATA: 64 << 20,
    README: 4 << 20,
    SIGNATURE: 64 << 10,
}
"""Bytes of each member, by name."""

_HEAD = re.compile(r"(?:state|head)-(?:\d|[1-5]\d|6[0-3])\.npz", re.ASCII)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Category:
    """What ``categories.json`` says about one."""

    name: str
    description: str = ""


def is_head(name: str) -> bool:
    """Whether a member of this name holds a head: what it has learned (``state-0.npz``), or its weights alone."""
    return _HEAD.fullmatch(name) is not None


def is_member(name: str) -> bool:
    """Whether a package may have a member of this name."""
    return name in _MOST or is_head(name)


def most(name: str) -> int:
    """Bytes that the member may have, unpacked."""
    return _MOST.get(name, MAX_PACKAGE)


def state_name(index: int) -> str:
    """The member that holds what the head at ``index`` has learned."""
    return f"state-{index}.npz"


def head_name(index: int) -> str:
    """The member that holds the weights of the head at ``index``, and nothing it could go on learning from."""
    return f"head-{index}.npz"


def to_json(value: Any) -> bytes:
    """``value`` as the members of a package are written: UTF-8, two spaces, a line feed at the end."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


def read_json(path: Path, package: str) -> Any:
    """What a member says.

    Args:
        path: where it was unpacked.
        package: what sentences call the package.

    Raises:
        ModelError: it is not JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise ModelError(f"{package} is damaged: its {path.name} is not JSON; get the package again.") from None


def write_categories(heads: Sequence[HeadSpec], descriptions: Mapping[str, Mapping[str, str]]) -> bytes:
    """``categories.json``: a list of objects with name and description; of several heads, such a list for each.

    Args:
        heads: of the model.
        descriptions: head -> category -> what it is, as far as that is known.
    """
    lists = {
        head.name: [
            {"name": name, "description": descriptions.get(head.name, {}).get(name, "")} for name in head.categories
        ]
        for head in heads
    }
    return to_json(lists if len(heads) > 1 else next(iter(lists.values()), []))


def read_categories(path: Path, package: str) -> dict[str, tuple[Category, ...]]:
    """Head -> its categories; "" for the head when there is one list and it is not said of which.

    Names alone, objects with "name" and perhaps "description", an object {"categories": [...]} around them, and an
    object with a list for each head are read.

    Args:
        path: of ``categories.json``.
        package: what sentences call the package.

    Raises:
        ModelError: it is none of these, or a name is missing, too long or there twice.
    """
    said = read_json(path, package)
    if isinstance(said, dict) and list(said) == ["categories"]:
        said = said["categories"]
    lists = said if isinstance(said, dict) else {"": said}
    return {head: tuple(_categories(one, package)) for head, one in lists.items()}


def _categories(said: object, package: str) -> Iterable[Category]:
    if not isinstance(said, list):
        raise ModelError(f"{package} is damaged: its {CATEGORIES} holds no list of categories; get the package again.")
    seen: set[str] = set()
    for number, one in enumerate(said, 1):
        fields = one if isinstance(one, dict) else {"name": one}
        name, description = fields.get("name"), fields.get("description") or ""
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST or not isinstance(description, str):
            raise ModelError(
                f"{package} is damaged: category {number} in its {CATEGORIES} has no usable name; "
                "get the package again."
            )
        if name in seen:
            raise ModelError(
                f"{package} is damaged: its {CATEGORIES} lists {name[:50]!r} twice; get the package again."
            )
        seen.add(name)
        yield Category(name, description)
