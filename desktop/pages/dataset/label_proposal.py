"""A proposal as an editor shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.labelling.editor import Proposal

if TYPE_CHECKING:  # NumPy comes with it
    from training.labelling.proposals import Proposal as Made

__all__ = ["shown_proposal"]


def shown_proposal(made: Made, by: str) -> Proposal:
    """What ``by`` proposes, with a bar for each name, or how sure each shape is, where that is known."""
    from training.datasets.values import Boxes, Category, Tags
    from training.labelling.drafts import shown

    draft = shown(made.draft)
    likely: tuple[tuple[str, float], ...] = ()
    if isinstance(draft, Category) and made.confidence is not None:
        likely = ((draft.name, made.confidence),)
    elif isinstance(draft, Tags) and len(made.scores) == len(draft.names):
        likely = tuple(zip(sorted(draft.names), made.scores, strict=True))
    parts = tuple(made.scores) if isinstance(draft, Boxes) else ()
    return Proposal(draft, by, made.confidence, parts, likely)
