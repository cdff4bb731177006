"""The one form in which results leave the program: a JSON object, or a row of CSV, for each file."""

from __future__ import annotations

import json
from collections.abc import Mapping

from models.pipeline import Answer, Failure

__all__ = ["columns", "record", "record_line", "row"]

DIGITS = 4


def record(item: Answer | Failure, top_k: int) -> dict[str, object]:
    """One file as a JSON object: its path with predictions, or with an error.

    ``predictions`` is the first head's ``top_k``; ``heads`` holds every head by name in the form of its kind.
    """
    if isinstance(item, Failure):
        return {"path": item.source.label, "error": str(item.error)}
    heads: Mapping[str, object] = {name: result.to_json(top_k) for name, result in item.heads.items()}
    return {
        "path": item.source.label,
        "predictions": next(iter(heads.values())),
        "unknown": item.unknown,
        "unsure": item.unsure,
        "heads": heads,
    }


def record_line(item: Answer | Failure, top_k: int) -> str:
    r"""``record`` as one line of JSON, without the line feed.

    In ASCII: any terminal and any pipe takes it, and a name that is not valid text to the system (its bytes as lone
    surrogates, such as ``\udcff``, see PEP 383) comes back as the same name when Python reads it.
    """
    return json.dumps(record(item, top_k))


def columns(top_k: int) -> list[str]:
    """The header of the CSV form."""
    more = [f"{name}_{rank}" for rank in range(2, top_k + 1) for name in ("category", "confidence")]
    return ["path", "category", "confidence", "unknown", *more, "error"]


def row(item: Answer | Failure, top_k: int) -> list[str]:
    """One file as cells, as many as ``columns(top_k)``; what there is not is empty."""
    cells = [""] * len(columns(top_k))
    cells[0] = item.source.label
    if isinstance(item, Failure):
        cells[-1] = str(item.error)
        return cells
    pairs = [
        cell
        for score in next(iter(item.heads.values())).top(top_k)
        for cell in (score.category, f"{score.confidence:.{DIGITS}f}")
    ]
    cells[1:3] = pairs[:2]
    cells[3] = "yes" if item.unknown else "no"
    cells[4 : 4 + len(pairs) - 2] = pairs[2:]
    return cells
