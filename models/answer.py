"""What the pipeline says about one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.heads import Result
from models.heads.categories import Score
from models.sources import Source

__all__ = ["Answer"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says about one source.

    Attributes:
        source: the file, or member of a zip.
        content_hash: SHA-256 of its bytes.
        heads: head name -> typed result, the model's first head first.
        unsure: the first head's confidence is below the model's ``unsure_below``.
        unknown: it is below ``unknown_below``: the picture is probably of nothing the model knows.
    """

    source: Source
    content_hash: bytes
    heads: Mapping[str, Result]
    unsure: bool = False
    unknown: bool = False

    @property
    def best(self) -> Score:
        """The first head's most probable category."""
        return next(iter(self.heads.values())).best
