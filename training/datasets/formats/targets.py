"""Pictures that are the right answer, between the store and a folder: named by what is in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from models.errors import DatasetError, one_line
from models.images.formats import SNIFF_BYTES, sniff
from training.datasets.formats.writing import Writing
from training.datasets.values import Target, Targets

__all__ = ["NUMPY", "ending_of", "place_target", "place_targets", "source_of"]

NUMPY = (b"PK\x03\x04", b"\x93NUMPY")
"""First bytes of a NumPy archive and of a single array: normals and depth come so."""

_ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "TGA": ".tga", "BMP": ".bmp", "WebP": ".webp", "TIFF": ".tif", "DDS": ".dds"}


def ending_of(path: Path) -> str:
    """The ending that fits what is in a file: of a picture, ".npz" or ".npy"; "" for anything else.

    Raises:
        DatasetError: it can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(SNIFF_BYTES)
    except OSError as error:
        raise DatasetError(f"{one_line(path)} is not there any more; bring it back.") from error
    if head.startswith(NUMPY[0]):
        return ".npz"
    if head.startswith(NUMPY[1]):
        return ".npy"
    kind = sniff(head, path.name)
    return _ENDINGS.get(kind, f".{kind.casefold()}") if kind else ""


def source_of(writing: Writing, target: Target) -> Path:
    """Where the file of a target lies now."""
    return writing.contents.blob(target.blob) if target.blob else Path(target.path)


def place_target(writing: Writing, target: Target, stem: str) -> str:
    """Copy a target to ``stem`` and its ending; return that name."""
    source = source_of(writing, target)
    name = f"{stem}{ending_of(source)}"
    writing.place(source, name)
    return name


def place_targets(writing: Writing, targets: Targets, stem: str) -> list[dict[str, Any]]:
    """Copy all targets; return what says where each lies and what it is."""
    found = []
    for number, target in enumerate(targets.targets, 1):
        entry: dict[str, Any] = {"file": place_target(writing, target, f"{stem}_{number}"), "role": target.role}
        found.append(entry | ({"params": dict(target.params)} if target.params else {}))
    return found
