"""From the logits of a model's heads to what is said about each picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.answer import Reply
from models.combinations import Joint
from models.heads import Result
from models.heads.categories import CategoriesResult
from models.spec import ModelSpec
from training.learned_head import Published

__all__ = ["replies"]


def replies(
    spec: ModelSpec,
    heads: Sequence[Published],
    contents: Sequence[bytes],
    logits: Sequence[NDArray[np.float32]],
) -> list[Reply]:
    """Replies to N contents from the logits (N, n) of each head.

    With a table of known combinations the pair is decoded together, given what a person has said about one of the two.
    """
    results = [head.results(scores) for head, scores in zip(heads, logits, strict=True)]
    names = [head.name for head in heads]
    said = [{head.name: head.labels[content] for head in heads if content in head.labels} for content in contents]
    table = spec.combinations
    joints: Sequence[Joint | None] = [None] * len(contents)
    both: tuple[str, ...] = ()
    of_categories = {head.name for head in heads if head.kind == CategoriesResult.kind}
    if table is not None and set(table.heads) <= of_categories:
        both = table.heads
        first, second = (_given(_categories(results[names.index(name)]), said, name) for name in both)
        joints = table.decode_many(first, second)
    return [
        Reply(dict(zip(names, row, strict=True)), labels, joint, both)
        for labels, row, joint in zip(said, zip(*results, strict=True), joints, strict=True)
    ]


def _categories(results: Sequence[Result]) -> list[CategoriesResult]:
    """``results``, of a head of which a table can say something."""
    return [one for one in results if isinstance(one, CategoriesResult)]


def _given(results: Sequence[CategoriesResult], said: Sequence[Mapping[str, str]], head: str) -> list[CategoriesResult]:
    """``results``, with certainty in place of those about which a person has said something the head knows."""
    given = []
    for result, labels in zip(results, said, strict=True):
        label = labels.get(head)
        if label in result.categories:
            certain = np.zeros(len(result.categories), np.float32)
            certain[result.categories.index(label)] = 1
            given.append(replace(result, probabilities=certain))
        else:
            given.append(result)
    return given
