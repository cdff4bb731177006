"""TensorFlow's frozen graph: one ``.pb`` file with the weights in its constants."""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]


def _matches(path: Path, head: bytes, members: Members) -> bool:
    """A GraphDef: a node (0A, its length) that begins with its name (0A)."""
    if head[:1] != b"\x0a" or path.suffix.lower() != ".pb":
        return False
    after = next((at for at in range(1, 6) if at < len(head) and head[at] < 0x80), None)
    return after is not None and head[after + 1 : after + 2] == b"\x0a"


FORMATS = (Format("frozen_graph", "a TensorFlow graph", (".pb",), _matches, converter="tensorflow"),)
