"""Python's own pickles, as scikit-learn and others write them. None is opened: that runs whatever code it names."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    """PROTO and a protocol that exists, then no zero: 80 02 up to 80 05 (PEP 3154)."""
    return len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5


FORMATS = (
    Format(
        "pickle",
        "a Python pickle",
        (".pkl", ".pickle", ".joblib"),
        _matches,
        "and opening one runs whatever code it holds, so Sortwerk opens none; ask its maker for an ONNX file",
    ),
)
