"""PyTorch's formats. None is opened here: they need PyTorch, and opening a pickle runs whatever code it holds.

TorchScript and what ``torch.save`` writes are zips with a pickle ``data.pkl`` in their one folder, TorchScript with
``constants.pkl`` beside it; before PyTorch 1.6 ``torch.save`` wrote bare pickles. safetensors holds weights and nothing
else: eight bytes that say how long the JSON after them is.
"""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members

__all__ = ["FORMATS"]

_LONGEST_HEADER = 100_000_000
"""Bytes of JSON, the most that the format allows."""


def _named(members: Members, name: str) -> bool:
    return any(member.partition("/")[2] == name for member in members)


def _torchscript(path: Path, head: bytes, members: Members) -> bool:
    return _named(members, "constants.pkl") and (_named(members, "data.pkl") or _named(members, "version"))


def _checkpoint(path: Path, head: bytes, members: Members) -> bool:
    return _named(members, "data.pkl") and not _named(members, "constants.pkl")


def _pickle(path: Path, head: bytes, members: Members) -> bool:
    """PROTO and a protocol that exists, then no zero: 80 02 up to 80 05 (PEP 3154)."""
    return len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5


def _safetensors(path: Path, head: bytes, members: Members) -> bool:
    return head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= _LONGEST_HEADER


FORMATS = (
    Format(
        "torchscript",
        "a TorchScript model",
        (),
        _torchscript,
        "which has to be converted; for now, export it to ONNX with torch.onnx.export and choose that file",
    ),
    Format(
        "pytorch",
        "a PyTorch checkpoint",
        (".pt", ".pth", ".ckpt"),
        _checkpoint,
        "and opening one may run code that it holds, so Sortwerk opens none; load it where it was made, export it to "
        "ONNX with torch.onnx.export and choose that file",
    ),
    Format(
        "pickle",
        "a Python pickle",
        (".pkl", ".pickle", ".joblib"),
        _pickle,
        "and opening one runs whatever code it holds, so Sortwerk opens none; ask its maker for an ONNX file",
    ),
    Format(
        "safetensors",
        "a file of weights alone (safetensors)",
        (".safetensors",),
        _safetensors,
        "which does not say what network they belong to; load it into that network, export it to ONNX and choose that",
    ),
)
