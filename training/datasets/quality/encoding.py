"""A report as JSON and back, to be kept: ``kept`` says where."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.datasets.quality.finding import (
    DropCategories,
    DropQuestion,
    Finding,
    Fix,
    ForgetPlaces,
    Offer,
    Relabel,
    SetSplits,
    Trash,
)
from training.datasets.quality.report import Report
from training.datasets.values import VALUES, Value

__all__ = ["report_from_json", "report_to_json"]


def report_to_json(report: Report) -> dict[str, Any]:
    """For ``json.dumps``."""
    return {
        "ids": _packed(report.ids),
        "places": _packed(report.places),
        "findings": [_finding_to_json(one) for one in report.findings],
    }


def report_from_json(data: Mapping[str, Any]) -> Report:
    """The counterpart of ``report_to_json``.

    Raises:
        DatasetError: a label in it can't be one.
        ValueError, KeyError, TypeError: it is no report.
    """
    ids = np.frombuffer(base64.b64decode(data["ids"]), "<i8").astype(np.int64)
    places = np.frombuffer(base64.b64decode(data["places"]), "<f4").astype(np.float32).reshape(-1, 2)
    if len(places) not in (0, len(ids)):
        raise ValueError(f"there are {len(ids)} pictures and {len(places)} places")
    return Report(tuple(_finding_from_json(one) for one in data["findings"]), ids, places)


def _packed(numbers: NDArray[Any]) -> str:
    return base64.b64encode(numbers.astype(numbers.dtype.newbyteorder("<")).tobytes()).decode()


def _finding_to_json(one: Finding) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "severity": one.severity,
        "items": one.items,
        "words": one.words,
        "offers": [[*_fix_to_json(offer.fix), offer.words] for offer in one.offers],
        "groups": one.groups,
        "scores": one.scores,
        "head": one.head,
        "notes": list(one.notes.items()),
    }


def _finding_from_json(data: Mapping[str, Any]) -> Finding:
    return Finding(
        data["kind"],
        data["severity"],
        tuple(data["items"]),
        data["words"],
        groups=tuple(tuple(group) for group in data["groups"]),
        scores=tuple(data["scores"]),
        head=data["head"],
        notes=dict(data["notes"]),
    ).offering([Offer(_FIXES[name](fix), words) for name, fix, words in data["offers"]])


def _fix_to_json(fix: Fix) -> tuple[str, Any]:
    if isinstance(fix, SetSplits):
        return "splits", [list(fix.splits.items()), fix.release, list(fix.groups.items())]
    if isinstance(fix, Relabel):
        # Many pictures often get one label: each is written once
        values = list(dict.fromkeys(fix.labels.values()))
        numbers = {value: number for number, value in enumerate(values)}
        labels = [(item, numbers[value]) for item, value in fix.labels.items()]
        written = [None if value is None else (value.kind, value.to_json()) for value in values]
        return "labels", [fix.head, written, labels, fix.origin, fix.annotator]
    if isinstance(fix, DropCategories):
        return "categories", [fix.head, fix.categories]
    if isinstance(fix, DropQuestion):
        return "question", fix.head
    return ("trash" if isinstance(fix, Trash) else "places"), fix.items


def _splits(data: Any) -> SetSplits:
    splits, release, groups = data
    return SetSplits(dict(splits), release, dict(groups))


def _labels(data: Any) -> Relabel:
    head, written, labels, origin, annotator = data
    values: list[Value | None] = [None if one is None else VALUES[one[0]].from_json(one[1]) for one in written]
    return Relabel(head, {item: values[number] for item, number in labels}, origin, annotator)


_FIXES: Mapping[str, Callable[[Any], Fix]] = MappingProxyType(
    {
        "trash": lambda data: Trash(tuple(data)),
        "splits": _splits,
        "labels": _labels,
        "categories": lambda data: DropCategories(data[0], tuple(data[1])),
        "question": DropQuestion,
        "places": lambda data: ForgetPlaces(tuple(data)),
    }
)
"""What a fix is called in JSON -> how it is read."""
