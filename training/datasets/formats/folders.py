"""A folder for each category, also below train, val and test: what most programs that classify read.

Pictures that nobody has labelled lie in ``unknown``. Where a category can't be the name of a folder,
``categories.json`` says which folder is which.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from models.errors import DatasetError, one_line
from models.heads.categories import UNKNOWN
from models.walking import is_hidden, natural_key
from training.datasets import wording
from training.datasets.formats.attributes_file import AttributesFile
from training.datasets.formats.documents import read_document
from training.datasets.formats.finding import pictures, usable_names
from training.datasets.formats.heads_file import named, write_heads
from training.datasets.formats.naming import UNSPLIT, Names, folder_name, is_picture, split_of
from training.datasets.formats.plan import NO_OPTIONS, Contents, Plan, PlannedItem, ReadOptions
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Category

__all__ = ["read", "recognise", "write"]

TITLE = "A folder for each category"
HEAD = "category"
NAMES = "categories.json"


def recognise(folder: Path) -> float:
    """0.3 where there are folders with pictures in them."""
    if not folder.is_dir():
        return 0.0
    return 0.3 if any(_has_pictures(below) for _, root in _roots(folder) for below in _folders(root)) else 0.0


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the folders say. Pictures beside the folders come without a label.

    Raises:
        DatasetError: there is no folder with pictures.
    """
    problems = Problems()
    if not recognise(folder):
        raise DatasetError(f"{one_line(folder)} has no folders with pictures in them; make a folder for each category.")
    stated = _stated(folder)
    roots = _roots(folder)
    found = {below.name for _, root in roots for below in _folders(root)}
    names = {name: stated.get(name, name) for name in sorted(found, key=natural_key)}
    categories = usable_names([*stated.values(), *names.values()], folder.name, problems)
    head = named(folder, HeadDef(HEAD, "categories", categories), options.head)

    def items() -> Iterator[PlannedItem]:
        known = AttributesFile(folder, problems)
        for split, root in roots:
            loose = [one for one in sorted(root.iterdir()) if one.is_file() and is_picture(one.name)]
            if loose:
                verb, they = ("lies", "it has") if len(loose) == 1 else ("lie", "they have")
                problems.say(
                    f"{wording.pictures(len(loose))} in {one_line(root)} {verb} in no category's folder; "
                    f"{they} no label."
                )
            yield from (PlannedItem(path, {}, split, metadata=known.metadata(path)) for path in loose)
            for below in _folders(root):
                name = names[below.name].strip()
                labels = {head.name: Category(name)} if name in head.categories else {}
                for path in pictures(below, problems):
                    yield PlannedItem(path, labels, split, metadata=known.metadata(path))

    return Plan("folders", (head,), items, problems)


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the first head with categories.

    Raises:
        DatasetError: there is no such head, or a file can't be copied.
    """
    heads = contents.of_kind("categories")[:1]
    if not heads:
        raise DatasetError(f"{one_line(contents.name)} has no categories to name folders by; choose another format.")
    head = heads[0]
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=("split",), cancel=cancel)
    free = Names()
    folders = {name: free.take(folder_name(name)) for name in head.categories}
    split = any(item.split for item in contents.items())
    names = Names()
    for item in writing.items():
        label = item.labels.get(head.name)
        place = folders[label.name] if isinstance(label, Category) else UNKNOWN
        root = f"{item.split or UNSPLIT}/{place}" if split else place
        last = item.name.rpartition("/")[2]
        name = names.take(f"{root}/{last}", f"{root}/{item.name.replace('/', '_')}")
        writing.place(item.path, name)
        writing.keep(name, item.metadata or None)
    write_heads(folder, heads)
    writing.text(NAMES, json.dumps({place: name for name, place in folders.items()}, indent=1) + "\n")


def _roots(folder: Path) -> list[tuple[str, Path]]:
    below = list(_folders(folder))
    splits = [split_of(one.name) for one in below]
    if below and all(split is not None for split in splits):
        return [(split or "", one) for split, one in zip(splits, below, strict=True)]
    return [("", folder)]


def _folders(folder: Path) -> Iterator[Path]:
    found = (one for one in folder.iterdir() if one.is_dir() and not is_hidden(one.name))
    return iter(sorted(found, key=lambda one: natural_key(one.name)))


def _has_pictures(folder: Path) -> bool:
    return next(iter(pictures(folder, Problems())), None) is not None


def _stated(folder: Path) -> Mapping[str, str]:
    """Folder -> category, from our own file; empty where there is none."""
    if not (folder / NAMES).is_file():
        return {}
    document = read_document(folder / NAMES)
    return {place: name for place, name in document.items() if isinstance(name, str)}
