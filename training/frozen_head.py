"""A head that came without what it had learned from: a person's labels are kept and shown, and teach it nothing."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.library import LinearHead
from models.network import HeadSlice
from models.spec import HeadSpec
from training.calibration import Calibration
from training.correction_rows import Label
from training.learned_head import Published

__all__ = ["FrozenHead"]


class FrozenHead:
    """Stands where a ``LearnedHead`` would.

    Args:
        spec: of the head.
        logits: as the model's maker left them, the temperature folded in; or the numbers of another kind.

    Attributes:
        name: of the head.
        labels: content -> what a person has said.
        waiting: nothing ever: no label waits to be learned.
    """

    def __init__(self, spec: HeadSpec, logits: LinearHead | HeadSlice) -> None:
        self._spec = spec
        self._logits = logits
        self.name = spec.name
        self.labels: dict[bytes, str] = {}
        self.waiting: frozenset[bytes] = frozenset()

    def follow(self, labels: Mapping[bytes, Label | None], _: Mapping[bytes, NDArray[np.float16]]) -> None:
        """A person has said ``labels``; None: took back what was said."""
        for content, label in labels.items():
            if label is None:
                self.labels.pop(content, None)
            else:
                self.labels[content] = label.category

    def published(self) -> Published:
        """What the head says, now and always."""
        spec = self._spec
        calibration = Calibration.stated(spec)
        labels = MappingProxyType(dict(self.labels))
        return Published(self.name, spec.kind, spec.categories, self._logits, calibration, labels, self._logits.form)
