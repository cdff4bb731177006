"""Questions of a dataset: what a person says of one in a form, and what becomes of it in the store. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from desktop.pages.dataset.wording import counted

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore

__all__ = ["NAMED", "QuestionWish", "numbers_of", "remove", "renames", "save"]

NAMED = ("categories", "tags", "mask", "boxes")
"""Kinds of question whose answers name categories."""


@dataclass(frozen=True, slots=True)
class QuestionWish:
    """A question as a person wants it.

    Attributes:
        name: what it is called.
        kind: how it is answered.
        question: a sentence that asks a person; "" for none.
        categories: that an answer may name.
        scale: lowest grade, highest, step, as typed; "" for none.
        id: of the question that is changed; 0 for a new one.
    """

    name: str
    kind: str
    question: str = ""
    categories: tuple[str, ...] = ()
    scale: tuple[str, str, str] = ("", "", "")
    id: int = 0


def numbers_of(options: Mapping[str, Any]) -> tuple[str, str, str]:
    """The scale of a grade as it is typed."""
    low, high, step = ("" if options.get(end) is None else f"{options[end]:g}" for end in ("low", "high", "step"))
    return low, high, step


def renames(before: Sequence[str], after: Sequence[str]) -> dict[str, str]:
    """Category -> what it is called now, of lines that were typed over; empty where lines came or went."""
    if len(before) != len(after):
        return {}
    pairs = zip(before, after, strict=True)
    return {old: new for old, new in pairs if old != new and old not in after and new not in before}


def save(store: DatasetStore, dataset: int, wish: QuestionWish) -> int | None:
    """Ask a question, or ask one that is there otherwise, as one step; labels follow categories that are renamed.

    Returns:
        The step; None when nothing has changed.

    Raises:
        DatasetError: a name can't be one or is there already, the scale is none, or labels would be lost.
        WorkspaceError: the workspace can't be written.
    """
    from training.datasets.heads import HeadDef

    heads = list(store.dataset(dataset).heads)
    place = next((at for at, one in enumerate(heads) if one.id == wish.id), None) if wish.id else None
    before = heads[place] if place is not None else None
    options = _options(before, wish)
    categories = wish.categories if wish.kind in NAMED else ()
    made = HeadDef(wish.name, wish.kind, categories, options, wish.id)
    if before is None or place is None:
        heads.append(made)
        return store.set_heads(dataset, heads, action=f"Added the question {wish.name}")
    heads[place] = made
    renamed = renames(before.categories, categories) if before.kind == wish.kind else {}
    only_name = before.name != wish.name and (before.kind, before.categories, dict(before.options)) == (
        made.kind,
        made.categories,
        dict(made.options),
    )
    action = f"Renamed the question {before.name} to {wish.name}" if only_name else f"Changed the question {wish.name}"
    return store.set_heads(dataset, heads, renamed={wish.id: renamed}, action=action)


def remove(store: DatasetStore, dataset: int, question: int) -> int | None:
    """Take a question away, and its labels with it, as one step; as ``save``. ``question`` is its id."""
    heads = store.dataset(dataset).heads
    gone = next((one for one in heads if one.id == question), None)
    if gone is None:
        return None
    labelled = store.labelled_count(dataset, gone.name)
    action = f"Removed the question {gone.name}" + (f" and its labels of {counted(labelled)}" if labelled else "")
    return store.set_heads(dataset, [one for one in heads if one.id != question], action=action)


def _options(before: HeadDef | None, wish: QuestionWish) -> dict[str, Any]:
    from models.errors import DatasetError

    options = dict(before.options) if before is not None else {}
    for end in ("low", "high", "step"):
        options.pop(end, None)
    options.pop("question", None)
    if wish.question:
        options["question"] = wish.question
    if wish.kind != "grade":
        return options
    for end, words, text in zip(("low", "high", "step"), ("lowest", "highest", "step"), wish.scale, strict=True):
        if not text.strip():
            continue
        try:
            options[end] = float(text.strip().replace(",", "."))
        except ValueError:
            raise DatasetError(f"{text.strip()} is no number ({words} grade); type one, or leave it empty.") from None
    if "step" in options and options["step"] <= 0:
        raise DatasetError("The step between two grades must be above 0; correct it, or leave it empty.")
    return options
