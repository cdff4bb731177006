"""Names of files: those that somebody else's file gives, and those that are given to what is written."""

from __future__ import annotations

import os
import posixpath
import re
from pathlib import Path, PurePosixPath

from models.heads.categories import UNKNOWN
from models.walking import is_hidden

__all__ = [
    "PICTURES",
    "SPLITS",
    "UNSPLIT",
    "Names",
    "folder_name",
    "inside",
    "is_picture",
    "joined_ending",
    "safe_part",
    "split_of",
]

PICTURES = frozenset({".bmp", ".dds", ".gif", ".jpeg", ".jpg", ".png", ".tga", ".tif", ".tiff", ".tm2", ".webp"})
"""Endings of files that may be pictures."""

SPLITS = {
    "train": "train",
    "training": "train",
    "val": "val",
    "valid": "val",
    "validation": "val",
    "dev": "val",
    "test": "test",
    "testing": "test",
}
"""What others call the parts of a dataset -> what they are called here."""

UNSPLIT = "unsplit"
"""Folder of what is in no part, beside those that are."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%]|[. ]$|^[. ]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def is_picture(name: str) -> bool:
    """Whether the name of a file ends like a picture's."""
    return posixpath.splitext(name)[1].casefold() in PICTURES


def split_of(name: str) -> str | None:
    """The part of a dataset that a folder or a cell of this name is: "train", "val", "test" or "" (none); else None."""
    name = name.strip().casefold()
    return "" if name in ("", UNSPLIT, "none") else SPLITS.get(name)


def inside(root: Path, name: str, *, base: str = "") -> Path | None:
    """The file that ``name`` says, or None where that is not below ``root``: nobody's list leads out of its folder.

    Args:
        root: of the dataset.
        name: as the file says it, with slashes of either kind.
        base: folder below ``root`` that ``name`` starts from.
    """
    name = name.replace("\\", "/")
    if not name or "\0" in name or name.startswith("/") or re.match(r"[a-zA-Z]:", name):
        return None
    path = posixpath.normpath(posixpath.join(base.replace(os.sep, "/"), name))
    return None if path == ".." or path.startswith(("../", "/")) else root / path


def folder_name(name: str) -> str:
    """A name that any system takes for a folder, and no reader for a split or for "unknown"."""
    text = safe_part(name)
    if text.casefold() == UNKNOWN or split_of(text) is not None:
        text = f"%{ord(text[0]):02X}{text[1:]}"
    return text


def safe_part(name: str) -> str:
    """A name that any system takes for a folder or file; what it can't take becomes ``%`` and two digits."""
    text = _FORBIDDEN.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), name)
    text = "".join(
        c if c.isprintable() else "".join(f"%{byte:02X}" for byte in c.encode("utf-8", "replace")) for c in text
    )
    if _DEVICES.match(text) or is_hidden(text):
        text = f"%{ord(text[0]):02X}{text[1:]}"
    stem, ending = posixpath.splitext(text)
    return (stem[: 120 - len(ending)] + ending)[:120] or "%"


def joined_ending(name: str) -> str:
    """``name`` without an ending, and yet no other file's: "a/b.png" -> "a/b_png"."""
    stem, ending = posixpath.splitext(name)
    return stem + ending.replace(".", "_")


class Names:
    """Gives each file a name of its own, also for systems to which ``a`` and ``A`` are one.

    Args:
        stems: whether two files must differ in more than their endings, because a text beside each says what is in it.
    """

    def __init__(self, *, stems: bool = False) -> None:
        self._stems = stems
        self._taken: set[str] = set()

    def take(self, *wanted: str) -> str:
        """The first of ``wanted`` (paths with forward slashes) that is free, else the last one with a number."""
        for name in wanted:
            if self._free(name):
                return name
        path = PurePosixPath(wanted[-1])
        number = 2
        while not self._free(name := str(path.with_name(f"{path.stem}-{number}{path.suffix}"))):
            number += 1
        return name

    def _free(self, name: str) -> bool:
        key = (posixpath.splitext(name)[0] if self._stems else name).casefold()
        if key in self._taken:
            return False
        self._taken.add(key)
        return True
