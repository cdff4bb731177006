"""What corrections have to do with files: the picture that one is about, and the JSON that carries many."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import NoReturn

from models.errors import FileError, WorkspaceError
from models.sources import Source
from models.workspace import atomic_file, reason
from training.correction_record import Correction, checked

__all__ = ["read_history", "with_picture_facts", "write_history"]

_log = logging.getLogger(__name__)

VERSION = 1
"""Of the file that ``write_history`` writes."""

_OPTIONAL = {field.name for field in fields(Correction)} - {"texture_path", "corrected_category", "id"}
"""What a record in a file may leave out, or gives in vain: ids are each store's own."""


def with_picture_facts(correction: Correction) -> Correction:
    """``correction`` with the hash, and where they are not given the sizes, of the file at its path.

    What can't be found out stays None: the file may be gone, or be no picture.
    """
    path = Path(correction.texture_path)
    try:
        content = Source(path).read()
        correction = replace(correction, texture_hash=hashlib.sha256(content).hexdigest())
        from models.images.decode import decode  # OpenCV and Pillow: keeping corrections otherwise needs neither

        picture = decode(content, path.name, max_side=1)
    except FileError as error:
        _log.info("A correction is kept without all facts of its picture: %s", error)
        return correction
    return replace(
        correction,
        image_width=correction.image_width or picture.width,
        image_height=correction.image_height or picture.height,
        image_channels=correction.image_channels or picture.channels,
    )


def write_history(path: Path, corrections: Iterable[Correction]) -> int:
    """Write ``corrections`` as JSON, whole or not at all; return how many.

    Raises:
        WorkspaceError: the file can't be written.
    """
    records = [correction.to_record() for correction in corrections]
    text = json.dumps({"version": VERSION, "corrections": records}, indent=2, allow_nan=False)
    try:
        with atomic_file(path) as file:
            file.write(text.encode("ascii") + b"\n")  # json escapes what is not ASCII, odd file names too
    except OSError as error:
        raise WorkspaceError(
            f"{path} could not be written ({reason(error)}); choose a folder that you may write to, with space left."
        ) from error
    return len(records)


def read_history(path: Path) -> list[Correction]:
    """The corrections in a file that ``write_history`` wrote, or in a plain JSON list of such records.

    A field that is missing or null is unknown; one that nobody knows is passed over.

    Raises:
        FileError: the file can't be read, or anything in it is not as it should be.
    """
    content = Source(path).read()
    try:
        document = json.loads(content, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refused(path, "is not JSON") from error
    if isinstance(document, dict):
        version = document.get("version")
        if isinstance(version, int) and version > VERSION:
            raise FileError(path.name, "is from a newer version of Sortwerk", "install that version")
        document = document.get("corrections")
    if not isinstance(document, list):
        raise _refused(path, "holds no list of corrections")
    corrections = []
    for number, record in enumerate(document, start=1):
        try:
            corrections.append(_from_record(record))
        except ValueError as error:
            raise _refused(path, f"has a mistake in correction {number} ({error})") from error
    return corrections


def _from_record(record: object) -> Correction:
    if not isinstance(record, dict):
        raise ValueError("it is not an object")
    known = {name: value for name, value in record.items() if name in _OPTIONAL and value is not None}
    return checked(Correction(record.get("texture_path", ""), record.get("corrected_category", ""), **known))


def _refused(path: Path, what: str) -> FileError:
    return FileError(path.name, what, "choose a file that was exported by this program; nothing was changed")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
