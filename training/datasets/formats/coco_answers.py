"""What COCO has no annotations for: masks as a region for each category, names and grades in the pictures' entries.

Other programs read the regions as those of any other file, and pass over a picture's ``labels``. Which questions these
answer stands in the file's ``info``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from models.errors import DatasetError, one_line
from training.datasets.formats import rle
from training.datasets.formats.plan import ContentsItem, PlannedLabel
from training.datasets.formats.problems import Problems
from training.datasets.heads import HeadDef, heads_from_json, heads_to_json
from training.datasets.values import VALUES, Mask, Rle, Shape

__all__ = ["KINDS", "answers", "answers_of", "heads_of", "info_of", "regions"]

KINDS = ("categories", "tags", "grade")
"""Kinds whose answers stand in the pictures' entries."""

_HEADS, _LABELS = "heads", "labels"


def info_of(heads: Sequence[HeadDef]) -> dict[str, Any]:
    """What a file says of the questions that its pictures' entries answer; nothing where there are none."""
    listed = [{field: value for field, value in one.items() if field != "id"} for one in heads_to_json(heads)]
    return {_HEADS: listed} if listed else {}


def heads_of(info: Mapping[str, Any]) -> tuple[HeadDef, ...]:
    """The counterpart of ``info_of``; nothing where it is not understood."""
    try:
        return tuple(one for one in heads_from_json(info[_HEADS]) if one.kind in KINDS)
    except (DatasetError, KeyError, TypeError, AttributeError):
        return ()


def answers(item: ContentsItem, heads: Sequence[HeadDef]) -> dict[str, Any]:
    """The fields of a picture's entry that answer ``heads``."""
    found = {one.name: item.labels[one.name].to_json() for one in heads if one.name in item.labels}
    return {_LABELS: found} if found else {}


def answers_of(
    extra: Mapping[str, Any], heads: Sequence[HeadDef], what: str, problems: Problems
) -> dict[str, PlannedLabel]:
    """The counterpart of ``answers``; ``what`` names picture and file in the sentences of what can't be used."""
    said = extra.get(_LABELS)
    found: dict[str, PlannedLabel] = {}
    for head in heads:
        if isinstance(said, dict) and head.name in said:
            try:
                found[head.name] = VALUES[head.kind].from_json(said[head.name])
            except (DatasetError, KeyError, TypeError, ValueError, AttributeError):
                problems.note("{n:,} more labels can't be used.", f"The {one_line(head.name)} of {what} can't be used.")
    return found


def regions(head: HeadDef, mask: Mask, path: Path) -> Iterator[Shape]:
    """A shape for each category that has a pixel in a mask; no pixel is in two, and unknown ones are in none.

    Args:
        head: the question.
        mask: the answer.
        path: of its file.

    Raises:
        DatasetError: it can't be read.
    """
    try:
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    except (OSError, cv2.error):
        pixels = None
    height, width = mask.height, mask.width
    if pixels is None or pixels.shape != (height, width):
        raise DatasetError(f"{one_line(path)} is not the mask it should be; make the mask anew.")
    for index in mask.present:
        counts = rle.from_pixels(np.asarray(pixels == index))
        left, top, wide, tall = rle.bounds(counts, height)
        yield Shape(head.categories[index], left, top, wide, tall, rle=Rle(counts, height, width))
