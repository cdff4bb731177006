"""A model's answers about one picture, without a model."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.answer import Answer, Reply
from models.heads import KINDS, Form, Result
from models.sources import Source
from models.spec import HeadSpec, ModelSpec
from training.datasets.records import Item, Place

PATH = Path("/pictures/a.png")
CONTENT = hashlib.sha256(b"a").digest()


def item(width: int = 400, height: int = 200, number: int = 7, path: Path = PATH, content: bytes = CONTENT) -> Item:
    place = Place(os.fsencode(path))
    return Item(number, 1, content, place, "", "", width, height, 9, 0, "ok", "", "", False, "", None, {})


def answer(heads: Mapping[str, Result], labels: Mapping[str, str] | None = None) -> Answer:
    return Answer(Source(PATH), CONTENT, Reply(dict(heads), labels or {}))


def result(
    kind: str, rows: np.ndarray, categories: tuple[str, ...] = (), form: Form | None = None, **how: float
) -> Result:
    return KINDS[kind].decode(np.asarray(rows, np.float32), categories, form=form or Form(), **how)[0]


def spec(*heads: HeadSpec, name: str = "Seer") -> ModelSpec:
    return ModelSpec(
        name=name,
        id="seer",
        format="head",
        heads=heads,
        backbone="tiny-1",
    )
