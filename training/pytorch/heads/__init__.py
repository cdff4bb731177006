"""Head kinds in PyTorch: the part of the network, its loss, its export. ``KINDS`` is the one table that lists them."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from models.errors import ModelError, one_line

if TYPE_CHECKING:
    from training.config import ModelConfig
    from training.pytorch.heads.base import EncoderFacts, Head, HeadPlan

__all__ = ["KINDS", "make_head"]

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "categories": "training.pytorch.heads.categories:CategoriesHead",
        "tags": "training.pytorch.heads.tags:TagsHead",
        "grade": "training.pytorch.heads.grade:GradeHead",
        "mask": "training.pytorch.heads.mask:MaskHead",
        "boxes": "training.pytorch.heads.boxes:BoxesHead",
        "image": "training.pytorch.heads.image:ImageHead",
    }
)
"""Kind name -> "module:class", a ``base.Head``. Loaded when asked for: detectors alone take a second to import."""


def make_head(plan: HeadPlan, facts: EncoderFacts, model: ModelConfig) -> Head:
    """The head that ``plan`` describes, with fresh weights.

    Raises:
        ModelError: there is no such kind, or the plan can't be met.
    """
    if plan.kind not in KINDS:
        raise ModelError(f"{plan.name} is of the kind {one_line(plan.kind)}, which can't be trained; leave it out.")
    module, _, name = KINDS[plan.kind].partition(":")
    made: Head = getattr(importlib.import_module(module), name)(plan, facts, model)
    return made
