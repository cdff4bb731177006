"""What comes into datasets: looked at first and said in words, then brought in. No Qt; all for background threads."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.dataset.wording import KIND_WORDS, counted
from models.errors import Cancelled, DatasetError
from models.progress import Progress

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.store import DatasetStore

__all__ = [
    "Came",
    "Preview",
    "add",
    "bring",
    "corrected_models",
    "from_sort",
    "look_into",
    "make_empty",
    "questions",
    "sample",
]

OWN_QUESTION = "category"
"""Name of the question of pictures that come without labels, where no template was chosen."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What files hold, before anything is read into a dataset.

    Attributes:
        paths: of them.
        name: that the dataset may get.
        format: key of the format; "" for pictures without labels.
        title: of the format, for people.
        heads: the questions that labels answer.
        count: pictures.
        problems: a sentence each about what can't come in.
    """

    paths: tuple[Path, ...]
    name: str
    format: str
    title: str
    heads: tuple[HeadDef, ...]
    count: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Came:
    """What has come in: into which dataset, and what there is to say about it."""

    dataset: int
    words: str
    problems: tuple[str, ...] = ()


def look_into(paths: Sequence[Path], *, cancel: threading.Event | None = None) -> Preview:
    """Find out what files and folders hold. A zip of a labelled dataset is unpacked for as long as that takes.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no picture, or a zip can't be unpacked.
    """
    first = paths[0].resolve()
    name = (first.stem if first.is_file() else first.name) or "pictures"
    if len(paths) == 1:
        preview = _labelled(first, name, cancel)
        if preview is not None:
            return preview
    from models.sources import Failure, find

    failures: list[str] = []
    count = 0
    for source in find(paths):
        if cancel is not None and cancel.is_set():
            raise Cancelled
        if isinstance(source, Failure):
            failures.append(str(source.error))
        elif _may_be_picture(source.name):
            count += 1
    if not count:
        raise DatasetError(f"There is no picture in {paths[0].name or paths[0]}; choose another folder or file.")
    return Preview(tuple(paths), name, "", "Pictures without labels", (), count, tuple(failures[:10]))


def _labelled(path: Path, name: str, cancel: threading.Event | None) -> Preview | None:
    """What lies in a folder, file or zip in a format that is known; None where it is in none."""
    from training.datasets.formats import ReadOptions, find_format
    from training.datasets.unpacking import as_folder

    with as_folder(path, cancel=cancel) as unpacked:
        try:
            found = unpacked.recognise()
        except DatasetError:
            return None
        unpacked.fill()
        one = find_format(found)
        plan = one.read(unpacked.folder, ReadOptions())
        count = plan.total if plan.total is not None else _count(plan.items(), cancel)
        called = path.parent.name if found != "layout" and path.is_file() and not unpacked.is_zip else name
        problems = (*unpacked.problems.sentences(), *plan.problems.sentences())
        return Preview((path,), called or name, found, one.title, plan.heads, count, problems)


def bring(
    store: DatasetStore,
    preview: Preview,
    name: str,
    *,
    template: str = "",
    copy: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Came:
    """Make a dataset of what was looked at.

    Args:
        store: where it comes into.
        preview: of ``look_into``.
        name: of the dataset.
        template: for pictures without labels: what is asked about them; "" for one own question.
        copy: whether pictures are copied into the workspace.
        cancel: set it to stop; then nothing has come in.
        on_progress: told after each picture.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: nothing can come in.
        WorkspaceError: the workspace can't be written.
    """
    from desktop.actions.datasets import import_dataset

    if preview.format:
        done = import_dataset(
            store,
            preview.paths[0],
            name=name,
            format=preview.format,
            copy=copy,
            cancel=cancel,
            on_progress=on_progress,
        )
        words = f"{counted(done.items)} came in" + (f", {done.unreadable:,} can't be read." if done.unreadable else ".")
        return Came(done.dataset.id, words, done.problems)
    made = make_empty(store, name, template)
    try:
        return add(store, made, preview.paths, copy=copy, cancel=cancel, on_progress=on_progress)
    except BaseException:
        store.trash(made)  # an empty one that nobody asked for
        raise


def make_empty(store: DatasetStore, name: str, template: str = "") -> int:
    """A dataset without pictures; ``template`` "" for one question with categories. Returns its id."""
    from desktop.actions.datasets import create_dataset
    from training.datasets.heads import HeadDef

    heads = () if template else (HeadDef(OWN_QUESTION, "categories", options={"question": "What is it?"}),)
    return create_dataset(store, name, heads, template).id


def add(
    store: DatasetStore,
    dataset: int,
    paths: Sequence[Path],
    *,
    copy: bool = False,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Came:
    """Add pictures without labels to a dataset; as ``bring``."""
    from training.datasets.adding import add_files

    done = add_files(store, dataset, paths, copy_into=copy, cancel=cancel, on_progress=on_progress)
    new, known = len(done.added.new), len(done.added.known)
    words = f"Added {counted(new)}"
    if known:
        words += f"; {known:,} {'was' if known == 1 else 'were'} here already"
    if done.unreadable:
        words += f"; {len(done.unreadable):,} can't be read"
    return Came(dataset, f"{words}.", tuple([*done.unreadable.values(), *done.left_out.values()][:10]))


def corrected_models() -> dict[str, str]:
    """The models of which a person has corrected answers on the Sort page: what their corrections are kept under, and
    words for it; the one with most first.

    Raises:
        WorkspaceError: the models or the corrections can't be read.
    """
    from desktop.actions.models import list_models
    from models.library import STARTER, readable_spec
    from training.model_folder import model_id

    corrected = sorted((one for one in list_models() if one.learned), key=lambda one: -one.learned)
    return {
        model_id(one.folder, readable_spec(one.folder or STARTER)): f"{one.name}, {counted(one.learned)}"
        for one in corrected
    }


def from_sort(store: DatasetStore, name: str, model: str = "starter") -> Came:
    """Make a dataset of what was corrected on the Sort page; ``model`` is a key of ``corrected_models``.

    Raises:
        DatasetError: nothing was corrected yet.
    """
    from training.correction_store import TrainingDataStore
    from training.datasets.from_corrections import from_corrections

    with TrainingDataStore() as corrections:
        dataset, added = from_corrections(store, corrections, model, name=name)
    return Came(dataset.id, f"{counted(len(added.new))} with what you said of them came in.")


def sample(
    store: DatasetStore,
    folder: Path,
    *,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Came:
    """Make a dataset of the program's own pictures, with the categories that the table beside them states.

    Args:
        store: where it comes into.
        folder: of the pictures; beside it a CSV of its name with the columns "file" and "category".
        cancel: as ``bring``.
        on_progress: likewise.
    """
    from training.datasets.values import Category

    made = make_empty(store, "Sample", "textures")
    try:
        came = add(store, made, [folder], cancel=cancel, on_progress=on_progress)
    except BaseException:
        store.trash(made)
        raise
    with folder.with_suffix(".csv").open(encoding="utf-8", newline="") as table:
        said = {row["file"]: Category(row["category"]) for row in csv.DictReader(table)}
    labels = {item.id: said[item.name] for item in store.items(made) if item.name in said}
    head = store.dataset(made).heads[0].name
    store.set_labels(made, head, labels, origin="import", action="Labelled the sample", new_categories=True)
    return came


def questions(heads: Sequence[HeadDef]) -> list[tuple[str, str]]:
    """(name, how it is answered) of questions."""
    rows = []
    for head in heads:
        how = KIND_WORDS.get(head.kind, head.kind)
        known = len(head.categories)
        rows.append((head.name, f"{how}, {known:,} {'category' if known == 1 else 'categories'}" if known else how))
    return rows


def _count(items: Iterable[object], cancel: threading.Event | None) -> int:
    count = 0
    for _ in items:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        count += 1
    return count


def _may_be_picture(name: str) -> bool:
    endings = (".bmp", ".dds", ".gif", ".jpeg", ".jpg", ".png", ".tga", ".tif", ".tiff", ".tim2", ".tm2", ".webp")
    return name.lower().endswith(endings)
