"""Results made by hand, for what only passes them on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.answer import Answer, Reply
from models.errors import EmptyFileError
from models.heads.categories import CategoriesResult
from models.sources import Failure, Source

CATEGORIES = ("metal", "stone", "wood")


def answer(path: str, *probabilities: float, unknown: bool = False, member: str | None = None) -> Answer:
    """An answer with the given probabilities of ``CATEGORIES``."""
    least = 1.0 if unknown else 0.0
    result = CategoriesResult(CATEGORIES, np.array(probabilities or (0.2, 0.1, 0.7), np.float32), least, least)
    return Answer(Source(Path(path), member), b"\0" * 32, Reply({"material": result}))


def failure(path: str) -> Failure:
    """A file that was empty."""
    source = Source(Path(path))
    return Failure(source, EmptyFileError(source.name, "is empty (0 bytes)", "copy it again"))
