"""Items that need no files, for tests of what is kept about them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from training.datasets.heads import HeadDef
from training.datasets.records import Label, NewItem
from training.datasets.values import Category, Value

MATERIAL = HeadDef("material", "categories", ("stone", "wood", "metal"))
STONE, WOOD, METAL = Category("stone"), Category("wood"), Category("metal")


def content(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def item(name: str, labels: Mapping[str, Value | Label | None] | None = None, **facts: object) -> NewItem:
    path = os.fsencode(Path("/pictures") / f"{name}.png")
    return NewItem(content(name), path, labels=labels or {}, width=4, height=2, size=9, **facts)  # type: ignore[arg-type]
