"""Results to a file that other programs read: CSV or JSON, written whole or not at all."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from desktop.actions.records import columns, record_line, row
from models.errors import WorkspaceError
from models.pipeline import Answer, Failure
from models.workspace import atomic_file

__all__ = ["export", "export_csv", "export_json"]


def export(items: Iterable[Answer | Failure], path: Path, *, top_k: int = 5, questions: Sequence[str] = ()) -> int:
    """Write ``items`` to ``path`` as its ending says: ``.json``, else CSV. Returns how many there were.

    ``questions``: the model's heads but for the first, which get columns of their own in a CSV.

    Raises:
        WorkspaceError: the file can't be written.
    """
    if path.suffix.lower() == ".json":
        return export_json(items, path, top_k=top_k)
    return export_csv(items, path, top_k=top_k, questions=questions)


def export_csv(items: Iterable[Answer | Failure], path: Path, *, top_k: int = 5, questions: Sequence[str] = ()) -> int:
    """Write one row a file, in UTF-8; returns how many.

    Quoted as RFC 4180 says, so names with commas, quotes and newlines survive; names that are not valid text keep their
    bytes. A path that starts with ``=``, ``+``, ``-`` or ``@`` is written as it is: it is data, and a path changed for
    the sake of spreadsheets would name no file any more.

    Raises:
        WorkspaceError: the file can't be written.
    """
    count = 0
    try:
        with atomic_file(path) as file:
            writer = csv.writer(codecs.getwriter("utf-8")(file, "surrogateescape"))
            writer.writerow(columns(top_k, questions))
            for item in items:
                writer.writerow(row(item, top_k, questions))
                count += 1
    except OSError as error:
        raise _not_written(path, error) from error
    return count


def export_json(items: Iterable[Answer | Failure], path: Path, *, top_k: int = 5) -> int:
    """Write one JSON array with an object a file, each on a line of its own; returns how many.

    Raises:
        WorkspaceError: the file can't be written.
    """
    count = 0
    try:
        with atomic_file(path) as file:
            for item in items:
                file.write(b",\n" if count else b"[\n")
                file.write(record_line(item, top_k).encode("ascii"))
                count += 1
            file.write(b"\n]\n" if count else b"[]\n")
    except OSError as error:
        raise _not_written(path, error) from error
    return count


def _not_written(path: Path, error: OSError) -> WorkspaceError:
    reason = error.strerror or type(error).__name__
    return WorkspaceError(
        f"{path} could not be written ({reason}); choose a folder that you may write to, with space left."
    )
