"""Names that people give: what they may be, and which of them say "I don't know"."""

from __future__ import annotations

from models.errors import DatasetError, one_line

__all__ = ["LONGEST_NAME", "checked_name", "is_plain", "known"]

LONGEST_NAME = 200
"""Characters, as in ``models.spec``."""

_UNKNOWN = frozenset({"", "unknown", "9999"})  # models.heads.categories.UNKNOWN, without the OpenCV behind it


def known(text: str | None) -> str | None:
    """What a cell of a table or the name of a folder says, trimmed; None where it says that nobody knows.

    Nobody knows where it is blank, "unknown" in any letters, or "9999", as tables of part pictures write it.
    """
    name = (text or "").strip()
    return None if name.casefold() in _UNKNOWN else name


def checked_name(what: str, name: object) -> str:
    """``name``, if it can be the name of a ``what`` ("category", "question"): one line, not blank, none of "unknown".

    Raises:
        DatasetError: it can't.
    """
    if not isinstance(name, str) or not name.strip() or name != name.strip() or not is_plain(name):
        raise DatasetError(
            f"{one_line(repr(name))} can't name a {what}; use one line of text without blanks around it."
        )
    if len(name) > LONGEST_NAME:
        raise DatasetError(
            f"The {what} {one_line(name[:40])}... has too long a name; use at most {LONGEST_NAME} letters."
        )
    if known(name) is None:
        raise DatasetError(f"{name} can't name a {what}: it stands for what nobody knows; choose another name.")
    return name


def is_plain(text: str) -> bool:
    """No control characters, and nothing that UTF-8 can't hold."""
    return all(ord(c) >= 32 and c != "\x7f" and not "\ud800" <= c <= "\udfff" for c in text)
