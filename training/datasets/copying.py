"""Copies of pictures in the workspace, by content, for those who want a dataset to stand on its own."""

from __future__ import annotations

from pathlib import Path

from models.errors import WorkspaceError
from models.images.formats import SNIFF_BYTES, sniff
from models.workspace import atomic_file, reason

__all__ = ["keep_copy"]

_ENDINGS = {"JPEG": "jpg", "TIFF": "tif", "TIM2": "tm2", "WebP": "webp"}


def keep_copy(folder: Path, content: bytes, data: bytes, name: str) -> Path:
    """Copy a picture into a dataset's folder, whole or not at all. One that is there is not written again.

    Args:
        folder: of the dataset's copies, ``DatasetStore.copies``; made when it is missing.
        content: SHA-256 of ``data``, 32 bytes.
        data: of the file.
        name: of the file, for its ending.

    Returns:
        ``folder/ab/abcdef....ext``.

    Raises:
        WorkspaceError: it can't be written.
    """
    kind = sniff(data[:SNIFF_BYTES], name)
    ending = Path(name).suffix.lower().lstrip(".") if kind is None else _ENDINGS.get(kind, kind.lower())
    digits = content.hex()
    path = folder / digits[:2] / (f"{digits}.{ending}" if ending.isalnum() else digits)
    try:
        if not (path.is_file() and path.stat().st_size == len(data)):
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_file(path) as file:
                file.write(data)
    except OSError as error:
        raise WorkspaceError(f"{path} can't be written ({reason(error)}); free some space and try again.") from error
    return path
