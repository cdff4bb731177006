"""Names that every system takes, and when two names are one. Pure functions; nothing here looks at a disk."""

from __future__ import annotations

import unicodedata

__all__ = ["folded", "numbered", "safe_name"]

RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)
"""Devices of Windows, whatever ending follows (learn.microsoft.com, "Naming Files, Paths, and Namespaces")."""

FORBIDDEN = frozenset('<>:"/\\|?*')

LONGEST = 200
"""Bytes of UTF-8; file systems take 255, and a number may have to fit behind."""


def safe_name(name: str) -> str:
    """``name`` as it can be a file or folder anywhere: the same wherever it can be, else as near as possible.

    What no system takes becomes ``_``: slashes, control characters, what Windows forbids, lone surrogates, dots and
    spaces at the end, a dot in front (it would hide the folder). Device names get ``_`` behind their stem.
    """
    kept = "".join("_" if c in FORBIDDEN or not c.isprintable() else c for c in name)
    kept = kept.encode()[:LONGEST].decode("utf-8", "ignore")
    bare = kept.rstrip(". ")
    kept = bare + "_" * (len(kept) - len(bare))
    if kept[:1] in {".", " "}:
        kept = "_" + kept[1:]
    stem, dot, rest = kept.partition(".")
    if stem.rstrip(" ").casefold() in RESERVED:
        kept = f"{stem}_{dot}{rest}"
    return kept or "_"


def folded(name: str) -> str:
    """Equal for names that are one file on a system that ignores capitals (Windows) or accents' spelling (macOS)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def numbered(name: str, number: int) -> str:
    """``name`` with a number before its ending, "wood (2).png"; the stem is cut where it would grow too long."""
    stem, dot, ending = name.rpartition(".")
    if not stem:
        stem, dot, ending = name, "", ""
    tail = f" ({number}){dot}{ending}"
    room = 255 - len(tail.encode("utf-8", "surrogateescape"))
    while stem and len(stem.encode("utf-8", "surrogateescape")) > room:
        stem = stem[:-1]
    return stem + tail
