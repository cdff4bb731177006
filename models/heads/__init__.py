"""Head kinds: raw tensors to typed results, one module a kind. ``KINDS`` is the one table that lists them.

A kind does two things. ``pack`` brings whatever a network's outputs look like into one row of numbers a picture,
always in the same form, so that the pipeline can carry, batch and remember it like an embedding. ``decode`` makes typed
results of such rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from models.heads import boxes, categories, grade, image, mask, tags
from models.heads.categories import Score
from models.heads.form import Form

__all__ = ["KINDS", "Decode", "Form", "Kind", "Pack", "Result"]


class Result(Protocol):
    """A typed answer of any kind, about one picture."""

    kind: ClassVar[str]

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of what it may be, or of what may be in it; shared between all results of one head."""

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """A number from 0 to 1 for each of ``categories``, float32 (n,): what a table or a filter can go by."""

    @property
    def best(self) -> Score:
        """The one category that a list would show; ``UNKNOWN`` with confidence 0 when there is none."""

    @property
    def unknown(self) -> bool:
        """Whether ``best`` is not worth giving."""

    @property
    def unsure(self) -> bool:
        """Whether ``best`` needs a second look."""

    def top(self, k: int) -> list[Score]:
        """The ``k`` highest of ``probabilities``, highest first."""

    def to_json(self, top_k: int) -> Any:
        """The form this kind takes under ``heads`` in ``sortwerk classify --json``."""

    def paint(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The answer as a picture.

        Args:
            picture: uint8 (H, W, 3) RGB, what was asked about, at any size.

        Returns:
            uint8 RGB; the size of ``picture`` where the answer is drawn over it.
        """


class Decode(Protocol):
    """From a head's packed numbers, float32 (N, d), to N results."""

    def __call__(
        self,
        outputs: NDArray[np.float32],
        categories: Sequence[str],
        /,
        *,
        unsure_below: float = 0.0,
        unknown_below: float = 0.0,
        form: Form = Form(),
    ) -> Sequence[Result]:
        """``categories``: the head's class names; thresholds as in ``models.spec.HeadSpec``."""


class Pack(Protocol):
    """From a network's outputs to packed numbers."""

    def __call__(
        self,
        tensors: Sequence[NDArray[Any]],
        form: Form,
        categories: Sequence[str],
        size: tuple[int, int],
        /,
    ) -> tuple[NDArray[np.float32], tuple[int, ...]]:
        """Pack the outputs for a batch of N pictures.

        Args:
            tensors: those outputs that ``form.outputs`` names, as the network gave them, each with its batch axis
                (``boxes`` of one picture may come without).
            form: how they lie.
            categories: the head's class names.
            size: width and height of the network's input, pixels.

        Returns:
            float32 (N, d), finite and within half floats (65,504) where the network's numbers are finite, and the shape
            of one row that ``Form.shape`` is to have, () where the kind needs none.

        Raises:
            ValueError: the tensors don't fit the kind or the categories; the message is the end of a sentence, such as
                "the output probs has 10 columns for 12 categories".
        """


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind can do."""

    pack: Pack
    decode: Decode


KINDS: Mapping[str, Kind] = {
    "categories": Kind(categories.pack, categories.decode),
    "tags": Kind(tags.pack, tags.decode),
    "grade": Kind(grade.pack, grade.decode),
    "mask": Kind(mask.pack, mask.decode),
    "boxes": Kind(boxes.pack, boxes.decode),
    "image": Kind(image.pack, image.decode),
}
"""Kind name -> how it is packed and decoded."""
