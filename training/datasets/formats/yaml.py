"""As much YAML as a YOLO ``data.yaml`` has: names and values, one level of lists and maps, in either style."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

__all__ = ["read", "write"]

_PAIR = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^:#]+?)\s*:(?:\s+(.*))?$""")


def read(text: str) -> dict[str, str | list[str] | dict[str, str]]:
    """The top level of a document; every scalar is text.

    Raises:
        ValueError: something that this does not read; the message is the end of a sentence.
    """
    found: dict[str, str | list[str] | dict[str, str]] = {}
    key = ""
    flow = ""
    for line in (_bare(one).rstrip() for one in text.splitlines()):
        if flow:  # a list in brackets that goes on
            flow += " " + line.strip()
            if _closed(flow):
                found[key], flow = _flow(flow), ""
            continue
        if not line.strip() or line.startswith(("---", "%", "...")):
            continue
        if line[0] in " \t-" and key:
            found[key] = _item(line.strip(), found[key])
            continue
        pair = _PAIR.match(line)
        if pair is None:
            raise ValueError(f"has a line that is not understood: {line[:60]}")
        key, value = _scalar(pair[1]), (pair[2] or "").strip()
        if value[:1] in ("[", "{") and not _closed(value):
            flow = value
            continue
        found[key] = _flow(value) if value[:1] in ("[", "{") else _scalar(value)
    if flow:
        raise ValueError("has a list without its end")
    return found


def write(values: Mapping[str, str | Sequence[str]]) -> str:
    """A document that any YAML reader takes; lists become maps from 0 on."""
    lines: list[str] = []
    for key, value in values.items():
        if isinstance(value, str):
            lines.append(f"{key}: {_quoted(value)}")
        else:
            lines += [f"{key}:" if value else f"{key}: []", *(f"  {n}: {_quoted(one)}" for n, one in enumerate(value))]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z][A-Za-z_/]*", text) and text.casefold() not in _WORDS else json.dumps(text)


_BEFORE_QUOTE = ("", "[", "{", ",", ":", "-")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


def _item(line: str, before: str | list[str] | dict[str, str]) -> list[str] | dict[str, str]:
    if line.startswith("-"):
        return [*(before if isinstance(before, list) else []), _scalar(line[1:].strip())]
    pair = _PAIR.match(line)
    if pair is None:
        raise ValueError(f"has a line that is not understood: {line[:60]}")
    return (before if isinstance(before, dict) else {}) | {_scalar(pair[1]): _scalar((pair[2] or "").strip())}


def _flow(text: str) -> list[str] | dict[str, str]:
    pieces = _split(text[1:-1])
    if text[0] == "[":
        return [_scalar(piece) for piece in pieces]
    found = {}
    for piece in pieces:
        pair = _PAIR.match(piece.replace(":", ": ", 1) if ": " not in piece else piece)
        if pair is None:
            raise ValueError(f"has an entry that is not understood: {piece[:60]}")
        found[_scalar(pair[1])] = _scalar((pair[2] or "").strip())
    return found


def _outside(text: str) -> list[bool]:
    """For each character whether it is outside of quotes."""
    quote, flags, skip, last = "", [], False, ""
    for character in text:
        flags.append(not quote)
        if skip:
            skip = False
        elif quote:
            if character == "\\" and quote == '"':
                skip = True
            elif character == quote:
                quote = ""
        elif character in "'\"" and last in _BEFORE_QUOTE:  # elsewhere it is an apostrophe
            quote = character
        last = character if not character.isspace() else last
    return flags


def _bare(line: str) -> str:
    """``line`` without a comment."""
    for index, outside in enumerate(_outside(line)):
        if outside and line[index] == "#" and (index == 0 or line[index - 1] in " \t"):
            return line[:index]
    return line


def _closed(text: str) -> bool:
    outside = _outside(text)
    return any(free and c in "]}" for free, c in zip(outside, text, strict=True)) and text.rstrip()[-1:] in "]}"


def _split(text: str) -> list[str]:
    pieces, start = [], 0
    for index, outside in enumerate(_outside(text)):
        if outside and text[index] == ",":
            pieces.append(text[start:index])
            start = index + 1
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def _scalar(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text[1:-1]
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    return text
