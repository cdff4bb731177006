"""safetensors: weights by name and nothing else, so that there is nothing to fear. Eight bytes say how long the JSON
after them is.
"""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]

_LONGEST_HEADER = 100_000_000
"""Bytes of JSON, the most that the format allows."""


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= _LONGEST_HEADER


FORMATS = (
    Format(
        "safetensors",
        "a file of weights alone (safetensors)",
        (".safetensors",),
        _matches,
        converter="torch",
    ),
)
