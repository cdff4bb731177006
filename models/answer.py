"""What the pipeline says about one file, and what whoever answers must be able to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.combinations import Joint
from models.embedding import Embedder
from models.heads import Result
from models.heads.categories import UNKNOWN, Score
from models.sources import Source
from models.spec import ModelSpec

__all__ = ["UNKNOWN", "Answer", "Answering", "Reply"]


@dataclass(frozen=True, slots=True, eq=False)
class Reply:
    """What is said about one content, whatever files hold it.

    Attributes:
        heads: head name -> typed result, the model's first head first.
        labels: head name -> what a person has said it is; only heads of which one has. ``UNKNOWN`` where the person
            could not tell, or none fits.
        joint: the most probable pair of two heads' categories, by the model's table of known combinations, given the
            labels; None without such a table.
        joint_heads: the two heads; empty without.
    """

    heads: Mapping[str, Result]
    labels: Mapping[str, str] = field(default_factory=dict)
    joint: Joint | None = None
    joint_heads: tuple[str, ...] = ()


class Answering(Protocol):
    """Whoever turns embeddings into answers: a model as it is, or one that goes on learning. Any thread may ask."""

    @property
    def spec(self) -> ModelSpec:
        """What the model says about itself."""

    @property
    def backbone(self) -> Embedder:
        """Picture to embedding."""

    def answer(self, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> list[Reply]:
        """Replies to N pictures: the SHA-256 of their files, and their embeddings (N, D)."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the model, or a person, says about one source.

    Attributes:
        source: the file, or member of a zip.
        content_hash: SHA-256 of its bytes.
        reply: what is said.
    """

    source: Source
    content_hash: bytes
    reply: Reply

    @property
    def heads(self) -> Mapping[str, Result]:
        """Head name -> typed result, the model's first head first."""
        return self.reply.heads

    @property
    def labels(self) -> Mapping[str, str]:
        """Head name -> what a person has said."""
        return self.reply.labels

    @property
    def best(self) -> Score:
        """The first head's most probable category, whatever a person has said."""
        return next(iter(self.heads.values())).best

    @property
    def unsure(self) -> bool:
        """Whether the first head is unsure and no person has said."""
        return self.is_unsure(self.first)

    @property
    def unknown(self) -> bool:
        """Whether the first head's answer is "unknown"."""
        return self.category(self.first) is None

    @property
    def first(self) -> str:
        """The name of the first head."""
        return next(iter(self.heads))

    def answered(self, head: str) -> Score:
        """What the model answers, and the probability that ``head`` itself gives it, however unsure.

        By the table of known combinations, where there is one, it need not be the head's most probable category.
        """
        result, joint = self.heads[head], self.reply.joint
        if joint is None or head not in self.reply.joint_heads or not result.categories:
            return result.best
        category = joint.categories[self.reply.joint_heads.index(head)]
        if category not in result.categories:  # a person's word, of something the head has not learned
            return result.best
        return Score(category, float(result.probabilities[result.categories.index(category)]))

    def category(self, head: str) -> str | None:
        """What it is as far as ``head`` is asked: what a person said, else the model's answer; None for unknown."""
        label = self.labels.get(head)
        if label is not None:
            return None if label == UNKNOWN else label
        return None if self.heads[head].unknown else self.answered(head).category

    def is_unsure(self, head: str) -> bool:
        """Whether ``head`` is below the confidence from which its answers are mostly right, and no person has said."""
        return head not in self.labels and self.heads[head].unsure
