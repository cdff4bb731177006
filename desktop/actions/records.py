"""The one form in which results leave the program: a JSON object, or a row of CSV, for each file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from models.pipeline import Answer, Failure

__all__ = ["columns", "record", "record_line", "row"]

DIGITS = 4


def record(item: Answer | Failure, top_k: int) -> dict[str, object]:
    """One file as a JSON object: its path with predictions, or with an error.

    ``predictions`` is the first head's ``top_k``, ``heads`` holds every head by name in the form of its kind: what the
    model says. ``category`` is what counts in the end, a person's word before the model's, null for unknown; ``labels``
    what a person has said, by head.
    """
    if isinstance(item, Failure):
        return {"path": item.source.label, "error": str(item.error)}
    heads: Mapping[str, object] = {name: result.to_json(top_k) for name, result in item.heads.items()}
    return {
        "path": item.source.label,
        "category": item.category(item.first),
        "predictions": [
            {"category": score.category, "confidence": round(score.confidence, DIGITS)}
            for score in item.heads[item.first].top(top_k)
        ],
        "unknown": item.unknown,
        "unsure": item.unsure,
        "heads": heads,
        "labels": dict(item.labels),
    }


def record_line(item: Answer | Failure, top_k: int) -> str:
    r"""``record`` as one line of JSON, without the line feed.

    In ASCII: any terminal and any pipe takes it, and a name that is not valid text to the system (its bytes as lone
    surrogates, such as ``\udcff``, see PEP 383) comes back as the same name when Python reads it.
    """
    return json.dumps(record(item, top_k))


def columns(top_k: int, questions: Sequence[str] = ()) -> list[str]:
    """The header of the CSV form; ``questions`` are the model's further heads, each with two columns of its own."""
    more = [f"{name}_{rank}" for rank in range(2, top_k + 1) for name in ("category", "confidence")]
    others = [f"{question}{part}" for question in questions for part in ("", " confidence")]
    return ["path", "category", "confidence", "unknown", "said_by", *more, *others, "error"]


def row(item: Answer | Failure, top_k: int, questions: Sequence[str] = ()) -> list[str]:
    """One file as cells, as many as ``columns`` has; what there is not is empty.

    ``category`` is what a person said, or the model's best, however unsure; ``said_by`` tells which. A person's word
    has no confidence; where it is that nobody can tell, there is no category either.
    """
    cells = dict.fromkeys(columns(top_k, questions), "")
    cells["path"] = item.source.label
    if isinstance(item, Failure):
        cells["error"] = str(item.error)
        return list(cells.values())
    cells["category"], cells["confidence"] = _said(item, item.first)
    cells["unknown"] = "yes" if item.unknown else "no"
    cells["said_by"] = "person" if item.first in item.labels else "model"
    for rank, score in list(enumerate(item.heads[item.first].top(top_k), 1))[1:]:
        cells[f"category_{rank}"], cells[f"confidence_{rank}"] = score.category, _digits(score.confidence)
    for question in questions:
        if question in item.heads:
            cells[question], cells[f"{question} confidence"] = _said(item, question)
    return list(cells.values())


def _said(item: Answer, head: str) -> tuple[str, str]:
    if head in item.labels:
        return item.category(head) or "", ""
    answered = item.answered(head)
    return answered.category, _digits(answered.confidence)


def _digits(confidence: float) -> str:
    return f"{confidence:.{DIGITS}f}"
