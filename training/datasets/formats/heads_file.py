"""``heads.json``: what the questions of a written folder are called, where its format has no place for that.

Other programs pass over it. Without it a folder is read as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from models.errors import DatasetError
from training.datasets.formats.documents import read_document, write_document
from training.datasets.heads import HeadDef, heads_from_json, heads_to_json

__all__ = ["HEADS", "named", "read_heads", "write_heads"]

HEADS = "heads.json"


def write_heads(folder: Path, heads: Sequence[HeadDef]) -> None:
    """Say in ``folder`` which questions are answered in it."""
    listed = [{field: value for field, value in one.items() if field != "id"} for one in heads_to_json(heads)]
    write_document(folder / HEADS, {"heads": listed})


def read_heads(folder: Path) -> tuple[HeadDef, ...]:
    """What ``folder`` says; nothing where it says nothing.

    Raises:
        DatasetError: what it says can't be used.
    """
    if not (folder / HEADS).is_file():
        return ()
    try:
        return heads_from_json(read_document(folder / HEADS)["heads"])
    except (DatasetError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{HEADS} says nothing usable of the questions; delete it and try again.") from error


def named(folder: Path, head: HeadDef, name: str = "") -> HeadDef:
    """``head``, called as a person says (``name``), or else as ``folder`` says of its first question of this kind.

    The categories come in the order of the file, where it is about the same.
    """
    stated = next((one for one in read_heads(folder) if one.kind == head.kind), None)
    if stated is None:
        return replace(head, name=name) if name else head
    order = stated.categories if set(stated.categories) >= set(head.categories) else head.categories
    return replace(stated, name=name or stated.name, categories=order)
