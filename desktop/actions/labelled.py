"""On which labelled pictures a model is tried: a folder or table of somebody's, or a dataset of the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import LabelError, one_line

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.records import Dataset, Item, Place, Split
    from training.datasets.store import DatasetStore
    from training.labelled import LabelledSet

__all__ = ["ChosenDataset", "dataset_pictures", "find_labelled", "list_choices", "read_on"]


@dataclass(frozen=True, slots=True)
class ChosenDataset:
    """A dataset of the workspace; as text what a person reads."""

    id: int
    name: str

    def __str__(self) -> str:
        return f"Dataset {one_line(self.name)}"


def list_choices(*, labelled: bool) -> list[ChosenDataset]:
    """The datasets that there are, by id.

    Args:
        labelled: only those with a question that is answered with one of its categories.

    Raises:
        WorkspaceError: the workspace can't be used.
    """
    from desktop.actions.datasets import opened

    with opened() as store:
        there = store.datasets()
    wanted = [one for one in there if not labelled or _questions(one)]
    return [ChosenDataset(one.id, one.name) for one in wanted]


def find_labelled(named: str) -> Path | ChosenDataset:
    """The folder or file at ``named``; where nothing lies, the dataset of that name or number.

    Raises:
        LabelError: there is neither.
        DatasetError: several datasets are called so.
        WorkspaceError: the workspace can't be used.
    """
    path = Path(named)
    if path.exists():
        return path
    from desktop.actions.datasets import find_dataset, opened

    wanted = named.strip()
    with opened() as store:
        there = store.datasets()
        if not any(wanted.casefold() == one.name.casefold() or wanted == str(one.id) for one in there):
            names = ", ".join(one_line(one.name) for one in there) or "none"
            raise LabelError(
                f"{one_line(named)} is not there; name a folder with a folder for each category, a CSV file, or a "
                f"dataset (there are: {names})."
            )
        found = find_dataset(store, named)
    return ChosenDataset(found.id, found.name)


def read_on(
    on: Path | ChosenDataset, *, head: str | None = None, split: str | None = None, like: Sequence[str] = ()
) -> LabelledSet:
    """The labelled pictures in a folder, a table or a dataset; none of them is opened.

    Args:
        on: a path as ``training.labelled.read_labelled`` takes it; or a dataset, of which labels that a model gave are
            left out, as they are no measure for a model.
        head: the question that the labels answer. A dataset with one question of categories need not call it so.
        split: of a table or dataset, or the folder; None for all.
        like: names of questions that would do, where ``head`` is None.

    Raises:
        LabelError: there is no such folder, table, question or split, or nothing is left.
        DatasetError: the dataset is gone.
        WorkspaceError: the workspace can't be used.
    """
    from training.labelled import read_labelled

    if isinstance(on, Path):
        return read_labelled(on, head=head, split=split)
    from desktop.actions.datasets import opened

    with opened() as store:
        return _of_dataset(store, store.dataset(on.id), head, split, like)


def dataset_pictures(on: ChosenDataset, *, split: str | None = None) -> list[Path]:
    """The files of a dataset, whether they have labels or not; those in zips are left out.

    Raises:
        LabelError: there is no such split.
        DatasetError: the dataset is gone.
        WorkspaceError: the workspace can't be used.
    """
    from desktop.actions.datasets import opened

    with opened() as store:
        items = _items(store, store.dataset(on.id), split)
        further = store.further_places(on.id)
    found = (_file((one.place, *further.get(one.id, ()))) for one in items)
    return [path for path in found if path is not None]


def _of_dataset(
    store: DatasetStore, dataset: Dataset, head: str | None, split: str | None, like: Sequence[str]
) -> LabelledSet:
    from training.datasets.values import Category
    from training.datasets.wording import pictures
    from training.labelled import of_pairs

    question, name = _question(dataset, head, like), one_line(dataset.name)
    items = _items(store, dataset, split)
    labels = store.label_facts(dataset.id, question.name)
    further = store.further_places(dataset.id)
    pairs: list[tuple[Path, str]] = []
    unlabelled = guessed = lost = 0
    for item in items:
        said = labels.get(item.id)
        if said is None or not isinstance(said.value, Category):
            unlabelled += 1
        elif said.origin == "model":
            guessed += 1
        else:
            path = _file((item.place, *further.get(item.id, ())))
            lost += path is None
            pairs += [(path, said.value.name)] if path is not None else []
    problems = {
        f"{pictures(unlabelled)} of {name} without a label of {question.name} left out.": unlabelled,
        f"{pictures(guessed)} of {name} left out, whose label a model gave and nobody has looked at.": guessed,
        f"{pictures(lost)} of {name} left out, which are gone or lie in a zip.": lost,
    }
    told = [words for words, count in problems.items() if count]
    if not pairs:
        part = f" in {split}" if split is not None else ""
        raise LabelError(f"{name} has no picture{part} with a label of {question.name} that counts; label some first.")
    return of_pairs(pairs, told)


def _questions(dataset: Dataset) -> list[HeadDef]:
    return [one for one in dataset.heads if one.kind == "categories"]


def _question(dataset: Dataset, head: str | None, like: Sequence[str]) -> HeadDef:
    """The one called ``head``, or like one of ``like``; the only one, whatever it is called; without ``head`` the first
    of them.
    """
    there = _questions(dataset)
    wanted = {one.casefold() for one in ([head] if head is not None else like)}
    for one in there:
        if one.name.casefold() in wanted:
            return one
    if len(there) == 1 or (there and head is None):
        return there[0]
    names = ", ".join(one_line(one.name) for one in there) or "none"
    asked = f"question {one_line(head)}" if head is not None else "question"
    raise LabelError(
        f"{one_line(dataset.name)} has no {asked} that is answered with one of its categories; such are: {names}."
    )


def _items(store: DatasetStore, dataset: Dataset, split: str | None) -> list[Item]:
    from training.datasets.records import Query

    return store.items(dataset.id, where=Query(split=_split(dataset, split)))


def _split(dataset: Dataset, named: str | None) -> Split | None:
    splits: dict[str, Split] = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
    if named is None:
        return None
    if named.casefold() not in splits:
        raise LabelError(f"{one_line(dataset.name)} has no split {one_line(named)}; choose train, val or test.")
    return splits[named.casefold()]


def _file(places: Sequence[Place]) -> Path | None:
    """The first of some places that is a file of its own and is there."""
    paths = (place.source.path for place in places if not place.member)
    return next((path for path in paths if path.is_file()), None)
