"""What the metadata of a network that was converted here says of pixels: the conversion knows where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from models.errors import one_line

__all__ = ["KEY", "KnownPixels", "Three", "read_pixels"]

KEY = "preprocessing"
"""Of the metadata: JSON of the fields of ``KnownPixels``."""

Three = tuple[float, float, float]

_LONGEST = 4096


class KnownPixels(BaseModel):
    """As ``models.spec.Preprocessing`` has them, and ``source``: who says so, as the end of a sentence."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    scale: float = Field(gt=0, le=1, allow_inf_nan=False)
    mean: Three
    std: Three
    colour: Literal["RGB", "BGR"] = "RGB"
    fit: Literal["stretch", "crop"] = "stretch"
    source: str = Field(default="the file says", min_length=1, max_length=300)

    @field_validator("mean", "std")
    @classmethod
    def _finite(cls, values: Three) -> Three:
        if not all(abs(value) < 1e6 for value in values):
            raise ValueError("no such numbers")
        return values

    @field_validator("std")
    @classmethod
    def _positive(cls, values: Three) -> Three:
        if min(values) <= 0:
            raise ValueError("a standard deviation is more than zero")
        return values

    @field_validator("source")
    @classmethod
    def _plain(cls, text: str) -> str:
        return one_line(text)


def read_pixels(metadata: Mapping[str, str]) -> KnownPixels | None:
    """What ``metadata`` says; None when it says nothing, or nothing that can be."""
    text = metadata.get(KEY, "")
    if not text or len(text) > _LONGEST:
        return None
    try:
        return KnownPixels.model_validate_json(text)
    except ValidationError:
        return None
