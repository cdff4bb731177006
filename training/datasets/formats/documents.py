"""Foreign JSON, tables and XML: read with a limit, and in one sentence when they are no such thing."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.errors import DatasetError, FileError, one_line
from models.files import open_regular, trouble

__all__ = ["MAX_DOCUMENT", "delimiter_of", "number", "read_document", "read_text", "rows", "whole", "write_document"]

MAX_DOCUMENT = 1 << 30
"""Bytes of a JSON file. COCO's own largest has half of that."""

MAX_TEXT = 16 << 20
"""Bytes of a small text, such as the boxes of one picture."""


def read_text(path: Path, *, limit: int = MAX_TEXT) -> str:
    """A text in UTF-8, with or without a byte order mark.

    Raises:
        DatasetError: it can't be read, is too large, or is no UTF-8.
    """
    try:
        with open_regular(path) as file:
            content = file.read(limit + 1) or b""
    except FileError as error:
        raise DatasetError(str(error)) from error
    except (OSError, ValueError) as error:
        raise DatasetError(str(trouble(path, error))) from error
    if len(content) > limit:
        raise DatasetError(f"{one_line(path.name)} is larger than {limit >> 20:,} MiB; split it into several files.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DatasetError(f"{one_line(path.name)} is not text in UTF-8; save it again as such.") from None


def read_document(path: Path, *, limit: int = MAX_DOCUMENT) -> dict[str, Any]:
    """A JSON object. Numbers that are none (NaN) come as they are; who uses them asks ``number``.

    Raises:
        DatasetError: it can't be read, is too large, or holds no JSON object.
    """
    text = read_text(path, limit=limit)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise DatasetError(f"{one_line(path.name)} holds no JSON object; get it again from where it came from.")
    return document


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON object, in UTF-8."""
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        json.dump(document, file, ensure_ascii=True, allow_nan=False, separators=(",", ": "), indent=None)
        file.write("\n")


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file with a header, lazily; cells that a row lacks are empty.

    Raises:
        DatasetError: it can't be read, or is no CSV in UTF-8.
    """
    name = one_line(path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            delimiter = delimiter_of(file.readline(65_536))
            file.seek(0)
            for row in csv.DictReader(file, delimiter=delimiter, restval=""):
                yield {column: cell for column, cell in row.items() if column is not None}
    except OSError as error:
        raise DatasetError(str(trouble(path, error))) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"{name} is not a CSV file in UTF-8; save it again as one.") from error


def delimiter_of(header: str) -> str:
    """What separates the columns of a table with this first line: comma, semicolon or tab."""
    return max(",;\t", key=header.count)


def number(value: object) -> float:
    """``value`` as a finite float.

    Raises:
        ValueError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("a number is missing")
    try:
        found = float(value)
    except (ValueError, OverflowError):
        raise ValueError(f"{one_line(str(value)[:40])} is no number") from None
    if not math.isfinite(found):
        raise ValueError(f"{found} is no number")
    return found


def whole(value: object) -> int:
    """``value`` as a whole number; ``ValueError`` where it is none."""
    found = number(value)
    if found != int(found):
        raise ValueError(f"{found} is no whole number")
    return int(found)
