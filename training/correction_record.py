"""One correction: its fields, and what they may be. Knows neither files nor databases."""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

__all__ = ["DEFAULT_HEAD", "DEFAULT_MODEL", "RECORD", "Correction", "checked", "now", "unit"]

DEFAULT_HEAD = "material"
"""The question a correction answers when nobody says which: the starter model's first head."""

DEFAULT_MODEL = "starter"
"""The model a correction is for when nobody says which."""

LARGEST = 2**31 - 1
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said a picture is, and what the model had said.

    The first eleven fields are the record of the file format; the last three came later and may be missing in a file.

    Attributes:
        texture_path: of the picture, as it was given.
        corrected_category: what the person says it is. The same as ``original_category`` where they agree.
        original_category: what the model said; None when it said nothing.
        confidence: of the model in ``original_category``, 0 to 1, or None.
        texture_hash: SHA-256 of the file's bytes, 64 hexadecimal digits; None for a file that could not be read.
        image_width: pixels, or None when unknown; so are ``image_height`` and ``image_channels`` (1, 3 or 4).
        timestamp: ISO 8601 to the second, UTC without saying so, as in "2024-01-01T00:00:00"; "" for now.
        metadata: whatever else belongs to it: a JSON object.
        id: given by the store, never twice; 0 before.
        head: the question it answers.
        annotator: who said so; "" for nobody in particular.
        model: that learns from it: the id of one, as in ``training.learner``.
    """

    texture_path: str
    corrected_category: str
    original_category: str | None = None
    confidence: float | None = None
    texture_hash: str | None = None
    image_width: int | None = None
    image_height: int | None = None
    image_channels: int | None = None
    timestamp: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    head: str = DEFAULT_HEAD
    annotator: str = ""
    model: str = DEFAULT_MODEL

    def to_record(self) -> dict[str, Any]:
        """The record of the file format, its fields in the order in which that lists them, the newer three last."""
        return {name: getattr(self, name) for name in RECORD}


RECORD = (
    "id",
    "texture_path",
    "texture_hash",
    "original_category",
    "corrected_category",
    "confidence",
    "timestamp",
    "image_width",
    "image_height",
    "image_channels",
    "metadata",
    "head",
    "annotator",
    "model",
)
"""The fields of a record, in order."""


def checked(correction: Correction) -> Correction:
    """``correction`` with every field in its one form: capitals of the hash small, the time in UTC, "now" told.

    Raises:
        ValueError: a field has a value that it can't have; says which and what it may be.
    """
    if not isinstance(correction.texture_path, str) or not correction.texture_path or "\0" in correction.texture_path:
        raise ValueError("texture_path must name a file")
    _check_name("corrected_category", correction.corrected_category)
    _check_name("head", correction.head)
    _check_name("model", correction.model)
    if correction.original_category is not None:
        _check_name("original_category", correction.original_category)
    if not isinstance(correction.annotator, str) or not _is_plain(correction.annotator):
        raise ValueError("annotator must be one line of text")
    return replace(
        correction,
        confidence=None if correction.confidence is None else unit(correction.confidence),
        texture_hash=None if correction.texture_hash is None else _hexadecimal(correction.texture_hash),
        image_width=_size("image_width", correction.image_width),
        image_height=_size("image_height", correction.image_height),
        image_channels=_size("image_channels", correction.image_channels),
        timestamp=_moment(correction.timestamp),
        metadata=_json_object(correction.metadata),
    )


def now() -> str:
    """The present in the form of ``Correction.timestamp``."""
    return datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def unit(value: Any) -> float:
    """``value``, also one of NumPy's, as a float from 0 to 1; what rounding put above 1 is 1.

    Raises:
        ValueError: it is no such number.
    """
    try:
        number = math.nan if isinstance(value, str | bytes | bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not 0 <= number <= 1 + ROUNDING:
        raise ValueError("confidence must be a number from 0 to 1")
    return min(number, 1.0)


def _check_name(what: str, value: object) -> None:
    if not isinstance(value, str) or not value.strip() or not _is_plain(value):
        raise ValueError(f"{what} must be a name: one line of text that is not blank")


def _is_plain(text: str) -> bool:
    """No control characters, and nothing that UTF-8 can't hold."""
    return all(ord(c) >= 32 and c != "\x7f" and not "\ud800" <= c <= "\udfff" for c in text)


def _size(what: str, value: Any) -> int | None:
    if value is None:
        return None
    try:
        number = 0 if isinstance(value, bool) else operator.index(value)  # NumPy's whole numbers too
    except TypeError:
        number = 0
    if not 0 < number <= LARGEST:
        raise ValueError(f"{what} must be a whole number above 0")
    return number


def _hexadecimal(value: object) -> str:
    digits = value.lower() if isinstance(value, str) else ""
    if len(digits) != 64 or not set(digits) <= set("0123456789abcdef"):
        raise ValueError("texture_hash must be a SHA-256: 64 hexadecimal digits")
    return digits


def _moment(value: object) -> str:
    if value == "":
        return now()
    try:
        moment = datetime.fromisoformat(value if isinstance(value, str) else "")
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise ValueError("timestamp must be a date and time such as 2024-01-01T00:00:00") from None
    return moment.isoformat(timespec="seconds")


def _json_object(value: object) -> dict[str, Any]:
    """A copy that shares nothing with ``value``, in the form in which JSON will give it back."""
    if not isinstance(value, Mapping):
        raise ValueError("metadata must be an object")
    try:
        copied: dict[str, Any] = json.loads(json.dumps(dict(value), allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise ValueError("metadata must hold only what JSON can") from None
    return copied
