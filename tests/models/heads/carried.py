"""What becomes of a network's outputs on their way to a result: packed, rounded to half floats, decoded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.heads import KINDS, Form

SIZE = (64, 48)
"""Width and height of the network's input."""


def carried(kind: str, tensors: Sequence[NDArray[Any]], categories: Sequence[str], form: Form, **how: float) -> Any:
    """Typed results, as ``models.network`` and ``models.library`` make them."""
    packed, shape = KINDS[kind].pack(tensors, form, categories, SIZE)
    assert packed.dtype == np.float32
    assert np.isfinite(packed).all()
    rows = packed.astype(np.float16).astype(np.float32)
    return KINDS[kind].decode(rows, categories, form=replace(form, shape=shape), **how)
