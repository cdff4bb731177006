"""What ``torch.save`` writes, ``.pt`` and ``.pth``: weights by name, which the engine puts into a network it knows.

They come in a zip with a pickle ``data.pkl`` in its one folder; before PyTorch 1.6 they came as bare pickles. Opening a
pickle runs whatever code it names, so what it names is read first, and only weights are opened.
"""

from __future__ import annotations

from pathlib import Path

from models.formats.format import Format, Members
from models.formats.pickle_scan import check_checkpoint, named

__all__ = ["FORMATS"]

_BEFORE_1_6 = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19"
"""A pickle of the number that such files begin with (torch/serialization.py)."""


def _matches(path: Path, head: bytes, members: Members) -> bool:
    zipped = named(members, "data.pkl") and not named(members, "constants.pkl")
    return zipped or head.startswith(_BEFORE_1_6)


FORMATS = (
    Format(
        "pytorch",
        "a PyTorch checkpoint",
        (".pt", ".pth", ".ckpt"),
        _matches,
        converter="torch",
        check=check_checkpoint,
    ),
)
