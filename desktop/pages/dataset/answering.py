"""What a key, a name or a drop says of the pictures that are selected, as changes of the store. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.pages.dataset.wording import counted

if TYPE_CHECKING:  # NumPy comes with it
    from training.datasets.store import DatasetStore

__all__ = ["HAND", "clear", "grade", "name", "parse_grade"]

HAND = ("categories", "tags", "grade")
"""Kinds of question that are answered here; the others are painted or come with an import."""


def name(store: DatasetStore, dataset: int, head: str, items: Sequence[int], category: str) -> int | None:
    """Say that pictures are ``category``, a new one too; of a question with any number of names, also that: it is
    added where one of the pictures lacks it, else taken away. Returns the step.

    Raises:
        DatasetError: it can't be named so, or the question is answered otherwise.
        WorkspaceError: the workspace can't be written.
    """
    from training.datasets.values import Category, Tags

    kind = store.dataset(dataset).head(head).kind
    action = f"Labelled {counted(len(items))} {category}"
    if kind != "tags":
        value = Category(category)
        return store.set_labels(dataset, head, dict.fromkeys(items, value), action=action, new_categories=True)
    found = store.labels(dataset, head, items)
    said = {item: found.get(item) for item in items}
    now = {item: one.names if isinstance(one, Tags) else frozenset() for item, one in said.items()}
    if all(category in names for names in now.values()):
        labels = {item: Tags(names - {category}) for item, names in now.items()}
        action = f"Took {category} from {counted(len(items))}"
    else:
        labels = {item: Tags(names | {category}) for item, names in now.items()}
    return store.set_labels(dataset, head, labels, action=action, new_categories=True)


def grade(store: DatasetStore, dataset: int, head: str, items: Sequence[int], value: float) -> int | None:
    """Grade pictures; as ``name``."""
    from training.datasets.values import Grade

    action = f"Graded {counted(len(items))} {value:g}"
    return store.set_labels(dataset, head, dict.fromkeys(items, Grade(value)), action=action)


def clear(store: DatasetStore, dataset: int, head: str, items: Sequence[int]) -> int | None:
    """Take the labels of pictures away: nobody knows; as ``name``."""
    action = f"Took the label of {counted(len(items))} away"
    return store.set_labels(dataset, head, dict.fromkeys(items, None), action=action)


def parse_grade(text: str) -> float | None:
    """The number that was typed, with a point or a comma; None where it is none."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        return None
