"""A table of known combinations as people keep it: a CSV file, often out of a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from models.combinations import LONGEST_NAME, RARE, Combinations
from models.errors import FileError
from models.files import open_regular, trouble
from models.images.limits import empty

__all__ = ["read_combinations"]

_MAX_BYTES = 16 << 20
_QUOTED = re.compile(r'"[^"]*"')


def read_combinations(path: Path, *, rare: float = RARE) -> Combinations:
    """The table in a CSV file: two heads' names in its first row, then a row for each known pair.

    UTF-8, with or without a byte order mark; ``,`` or ``;`` between; empty rows and repeated pairs are passed over.

    Args:
        path: the file, 16 MiB at most.
        rare: as in ``Combinations``.

    Raises:
        FileError: it can't be read, or anything in it is not so; says in which line.
    """
    text = _text(path)
    rows = _rows(path, text)
    line, header = next(rows)
    if len(header) != 2:
        reason = f"does not begin with the names of two questions (line {line})"
        raise _refused(path, reason, 'write them there, as in "part,colour"')
    if header[0] == header[1]:
        raise _refused(path, f"has the same name for both questions (line {line})", "give each its own")
    known: dict[str, set[str]] = {}
    for line, cells in rows:
        if len(cells) != 2 or not all(cells):
            raise _refused(path, f"does not have two names in line {line}", "write one for each question there")
        known.setdefault(cells[0], set()).add(cells[1])
    if not known:
        raise _refused(path, "lists no pair under its first row", "write one in each row")
    return Combinations((header[0], header[1]), {name: frozenset(others) for name, others in known.items()}, rare)


def _text(path: Path) -> str:
    try:
        with open_regular(path) as file:
            content = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise trouble(path, error) from error
    if len(content) > _MAX_BYTES:
        raise _refused(path, f"is larger than {_MAX_BYTES >> 20} MiB", "choose a table of pairs")
    if not content.strip():
        raise empty(path.name) if not content else _refused(path, "has nothing in it", "choose a table of pairs")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refused(path, f"is not UTF-8 text (line {line})", "save it as CSV in UTF-8") from None


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, at least one, each with its line from 1; no spaces around a cell, no empty ones at
    a row's end.
    """
    first = next(iter(text.lstrip().splitlines()), "")
    separator = ";" if ";" in _QUOTED.sub("", first) else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    any_row = False
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error:
            reason = f"has what is no row of a CSV file in line {line}"
            raise _refused(path, reason, "check the quotation marks there") from None
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            if any(_is_odd(cell) for cell in cells):
                reason = f"has a name in line {line} that is too long or holds a control character"
                raise _refused(path, reason, "shorten it, or type it anew")
            any_row = True
            yield line, cells
    if not any_row:
        raise _refused(path, "has nothing in it", "choose a table of pairs")


def _is_odd(name: str) -> bool:
    return len(name) > LONGEST_NAME or any(unicodedata.category(character) == "Cc" for character in name)


def _refused(path: Path, reason: str, advice: str) -> FileError:
    return FileError(path.name, reason, advice)
