"""Trees of small files to sort, with answers made by hand, and what must be true of them afterwards."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from desktop.actions.sorting_plan import Mode
from models.answer import Answer, Reply
from models.heads.categories import CategoriesResult
from models.sources import Source

MODES: tuple[Mode, ...] = ("copy", "move")


def answer(path: Path, category: str, *, unknown: bool = False, member: str | None = None, data: bytes = b"") -> Answer:
    """An answer about the file as it is now (about ``data`` for a member of a zip)."""
    least = 1.0 if unknown else 0.0
    result = CategoriesResult((category, "other"), np.array((0.9, 0.1), np.float32), least, least)
    content = data if member is not None else path.read_bytes()
    return Answer(Source(path, member), hashlib.sha256(content).digest(), Reply({"material": result}))


def grow(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write ``files``, by relative path."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under ``folder``, hidden ones too, by relative path; empty when it is not there."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def contents(*trees: Mapping[str, bytes]) -> Counter[bytes]:
    """How often each content occurs."""
    return Counter(content for one in trees for content in one.values())


def leftovers(*folders: Path) -> list[Path]:
    """Hidden copies that should have gone."""
    return [path for folder in folders for path in folder.rglob(".sortwerk-*")]


def answers(folder: Path, names: Iterable[str], category: str) -> list[Answer]:
    """Answers of one category about files of ``folder``."""
    return [answer(folder / name, category) for name in names]
