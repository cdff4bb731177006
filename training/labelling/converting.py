"""From the typed result of a model's head to what it proposes for a dataset's: in its categories, scale and pixels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer
from models.heads import Result
from models.heads.boxes import BoxesResult
from models.heads.grade import GradeResult
from models.heads.image import ImageResult
from models.heads.mask import MaskResult
from models.heads.tags import PRESENT, TagsResult
from training.datasets.heads import HeadDef
from training.datasets.records import Item
from training.datasets.shapes import Shape
from training.datasets.values import Boxes, Category, Grade, Tags
from training.labelling.drafts import CompressedMask, MadePicture
from training.labelling.matching import Match, shared_names
from training.labelling.proposals import Proposal, above, box_words, percent

__all__ = ["convert"]

_UNKNOWN = 255


def convert(answer: Answer, match: Match, item: Item, threshold: float | None = None) -> Proposal | None:
    """What a model's answer proposes for an item; None where it says nothing that the question has a category for.

    Args:
        answer: about the item's picture.
        match: of the model's question and the dataset's.
        item: with its size; boxes and masks need it.
        threshold: 0 to 1, under which nothing is proposed; None for whatever the model itself does not call unknown.
    """
    made = _CONVERTERS[match.head.kind](_Asked(answer, answer.heads[match.model_head], match, item, threshold))
    if made is None or threshold is None:
        return made
    kept = above([made], threshold)
    return kept[0] if kept else None


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """What ``convert`` was given, and the head's result."""

    answer: Answer
    result: Result
    match: Match
    item: Item
    threshold: float | None


def _categories(asked: _Asked) -> Proposal | None:
    answer, result, match, item = asked.answer, asked.result, asked.match, asked.item
    names = _names(result.categories, match.head.categories)
    said = answer.labels.get(match.model_head)
    if said is not None:  # a person's correction of this very picture
        name = _names((said,), match.head.categories).get(said)
        return None if name is None else _proposal(item, match, Category(name), 1.0, f"{name}, as you corrected it")
    if asked.threshold is None and answer.category(match.model_head) is None:
        return None
    best = answer.answered(match.model_head)
    name = names.get(best.category)
    if name is None:
        return None
    others = [one for one in result.top(2) if one.category != best.category]
    words = ", ".join(
        [f"{name} {percent(best.confidence)}", *(f"{one.category} {percent(one.confidence)}" for one in others[:1])]
    )
    return _proposal(item, match, Category(name), best.confidence, words)


def _tags(asked: _Asked) -> Proposal | None:
    result, match, item = asked.result, asked.match, asked.item
    if not isinstance(result, TagsResult):
        return None
    names = _names(result.categories, match.head.categories)
    shares = {
        names[tag]: float(p) for tag, p in zip(result.categories, result.probabilities, strict=True) if tag in names
    }
    tags = sorted((name for name, share in shares.items() if share >= PRESENT), key=lambda name: -shares[name])
    confidence = min(max(share, 1 - share) for share in shares.values())
    words = ", ".join(f"{name} {percent(shares[name])}" for name in tags) or "none of them"
    scores = tuple(shares[name] for name in tags)
    return Proposal(item.id, match.head.name, Tags(frozenset(tags)), confidence, words, scores)


def _grade(asked: _Asked) -> Proposal | None:
    result, match, item = asked.result, asked.match, asked.item
    if not isinstance(result, GradeResult) or (asked.threshold is None and result.unknown):
        return None
    low, high = match.head.scale
    value = result.value
    if low is not None and high is not None:
        value = low + (value - result.low) / (result.high - result.low) * (high - low)
    step = match.head.options.get("step")
    value = round(value / step) * step if step else value
    value = max(value, low) if low is not None else value
    value = round(min(value, high) if high is not None else value, 9)
    return _proposal(item, match, Grade(value), None, f"{value:g}")


def _boxes(asked: _Asked) -> Proposal | None:
    result, match, item = asked.result, asked.match, asked.item
    if not isinstance(result, BoxesResult) or not (item.width and item.height):
        return None
    names = _names(result.categories, match.head.categories)
    count = result.shown if asked.threshold is None else len(result.scores)
    shapes, scores = [], []
    for box, label, score in zip(result.boxes[:count], result.labels[:count], result.scores[:count], strict=True):
        name = names.get(result.categories[int(label)])
        corners = np.clip(box.astype(np.float64), 0, 1) * (item.width, item.height, item.width, item.height)
        left, top, right, bottom = (round(float(part), 2) for part in corners)
        if name is None or right <= left or bottom <= top:
            continue
        quad = ((left, top, right, top, right, bottom, left, bottom),) if match.head.options.get("quads") else ()
        shapes.append(Shape(name, left, top, round(right - left, 2), round(bottom - top, 2), quad))
        scores.append(float(score))
    if not shapes:
        return None
    value = Boxes(tuple(shapes))
    return Proposal(item.id, match.head.name, value, min(scores), box_words(value, scores), tuple(scores))


def _mask(asked: _Asked) -> Proposal | None:
    result, match, item = asked.result, asked.match, asked.item
    if not isinstance(result, MaskResult) or not (item.width and item.height):
        return None
    if asked.threshold is None and result.unknown:
        return None
    table = _table(result.categories, match.head)
    indices = table[result.classes]
    if (indices == _UNKNOWN).all():
        return None
    draft = CompressedMask.of(indices, item.width, item.height)
    counts = np.bincount(indices.ravel(), minlength=256)[:_UNKNOWN]
    most = [int(index) for index in np.argsort(-counts, kind="stable")[:3] if counts[index]]
    words = ", ".join(f"{match.head.categories[index]} {percent(counts[index] / indices.size)}" for index in most)
    return Proposal(item.id, match.head.name, draft, result.confidence, f"{words} of the picture")


def _image(asked: _Asked) -> Proposal | None:
    result, match, item = asked.result, asked.match, asked.item
    if not isinstance(result, ImageResult):
        return None
    roles = match.head.options.get("roles") or [""]
    words = f"a picture of {result.width} × {result.height}"
    return _proposal(item, match, MadePicture(result.png, str(roles[0])), None, words)


_CONVERTERS: Mapping[str, Callable[[_Asked], Proposal | None]] = MappingProxyType(
    {
        "categories": _categories,
        "tags": _tags,
        "grade": _grade,
        "boxes": _boxes,
        "mask": _mask,
        "image": _image,
    }
)
"""Head kind -> how its results are converted."""


def _proposal(
    item: Item, match: Match, draft: Category | Grade | MadePicture, confidence: float | None, words: str
) -> Proposal:
    return Proposal(item.id, match.head.name, draft, confidence, words)


@lru_cache(maxsize=64)
def _names(of_model: tuple[str, ...], of_dataset: tuple[str, ...]) -> Mapping[str, str]:
    return shared_names(of_model, of_dataset)


@lru_cache(maxsize=64)
def _table(of_model: tuple[str, ...], head: HeadDef) -> NDArray[np.uint8]:
    """uint8 (256,): the model's index -> the dataset's; what the dataset does not have is unknown."""
    names = _names(of_model, head.categories)
    table: NDArray[np.uint8] = np.full(256, _UNKNOWN, np.uint8)
    for index, name in enumerate(of_model):
        if name in names:
            table[index] = head.categories.index(names[name])
    return table
