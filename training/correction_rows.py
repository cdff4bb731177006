"""The rows of ``training.correction_store``: a correction as SQLite keeps it, and what is read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal

from training.correction_record import RECORD, Correction

__all__ = ["COLUMNS", "INSERT", "Action", "Label", "Step", "from_row", "to_label", "to_row"]

COLUMNS = ", ".join(RECORD)
"""Of the table ``corrections`` (models.database): the fields of a record."""

_WRITTEN = ("step", *RECORD[1:])
INSERT = f"INSERT INTO corrections ({', '.join(_WRITTEN)}) VALUES ({', '.join('?' * len(_WRITTEN))})"  # noqa: S608
"""Takes a step's id and ``to_row``; made of names of columns only."""

Action = Literal["recorded", "deleted", "imported"]
"""What a step did."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a picture is now, by the latest correction of it; ``timestamp`` and ``path`` as in ``Correction``."""

    category: str
    annotator: str
    timestamp: str
    path: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a person did, undone and redone as a whole.

    Attributes:
        id: given by the store, never twice.
        action: what was done with ``corrections``.
        timestamp: of when, as in ``Correction``.
        corrections: that it was done with, by id.
    """

    id: int
    action: Action
    timestamp: str
    corrections: tuple[Correction, ...]


def to_row(correction: Correction) -> tuple[Any, ...]:
    """The values of a row in the order of ``COLUMNS``, without the id."""
    record = correction.to_record()
    if correction.texture_hash is not None:
        record["texture_hash"] = bytes.fromhex(correction.texture_hash)
    record["texture_path"] = _stored_path(correction.texture_path)
    record["metadata"] = json.dumps(correction.metadata, sort_keys=True)
    return tuple(record.values())[1:]


def from_row(row: tuple[Any, ...]) -> Correction:
    """The correction in a row of ``COLUMNS``; what lies in the database was checked on its way in."""
    record = dict(zip(RECORD, row, strict=True))
    if record["texture_hash"] is not None:
        record["texture_hash"] = record["texture_hash"].hex()
    record["texture_path"] = _read_path(record["texture_path"])
    record["metadata"] = json.loads(record["metadata"])
    return Correction(**record)


def to_label(category: str, annotator: str, timestamp: str, path: str | bytes) -> Label:
    """The label in a row of these columns."""
    return Label(category, annotator, timestamp, _read_path(path))


def _read_path(path: str | bytes) -> str:
    return path.decode("utf-8", "surrogatepass") if isinstance(path, bytes) else path


def _stored_path(path: str) -> str | bytes:
    """Text, or bytes for the rare name that is not Unicode (Python tells those by lone surrogates; SQLite can't)."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
    return path
