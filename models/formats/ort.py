"""ONNX Runtime's own form of a network, ``.ort``, for phones. It is made here and not brought in: it can't be checked
as an ONNX file can.
"""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    """A FlatBuffer whose file identifier is ORTM."""
    return head[4:8] == b"ORTM"


FORMATS = (
    Format(
        "ort", "an ONNX Runtime file", (".ort",), _matches, "which is for phones; choose the ONNX file it came from"
    ),
)
