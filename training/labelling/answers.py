"""How labels of each kind are learned: the one table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from training.datasets.heads import HeadDef
from training.labelling.answering import Answers
from training.labelling.answering_grades import GradeAnswers
from training.labelling.answering_names import CategoryAnswers, TagAnswers

__all__ = ["ANSWERS", "Answers"]

ANSWERS: Mapping[str, Callable[[HeadDef], Answers]] = MappingProxyType(
    {"categories": CategoryAnswers, "tags": TagAnswers, "grade": GradeAnswers}
)
"""Head kind -> how its answers are learned."""
