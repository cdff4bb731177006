"""Masks: a folder of PNGs beside the pictures, a byte a pixel that is the number of its category; 255 is unknown.

``classes.txt`` names the categories, line 1 for the number 0. Without it the numbers of a COCO file beside them do,
with 0 as the background; without that the numbers themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from models.errors import DatasetError, FileError, one_line
from models.images.limits import check_size
from training.datasets.formats import coco
from training.datasets.formats.attributes_file import AttributesFile
from training.datasets.formats.coco_file import CocoFile
from training.datasets.formats.documents import read_text
from training.datasets.formats.finding import pictures, usable_names
from training.datasets.formats.heads_file import HEADS, named, write_heads
from training.datasets.formats.naming import UNSPLIT, Names, split_of
from training.datasets.formats.plan import NO_OPTIONS, Contents, MaskFile, Plan, PlannedItem, ReadOptions
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.values import Mask

__all__ = ["MaskFolder", "indices", "read", "recognise", "write"]

TITLE = "A folder of masks"
HEAD = "mask"
FOLDERS = ("masks", "mask", "SegmentationClass", "annotations", "labels")
NAMES = ("classes.txt", "masks/classes.txt", "label_names.txt")
BACKGROUND = "background"
UNKNOWN_PIXEL = 255


@dataclass(frozen=True, slots=True)
class MaskFolder:
    """The masks below one folder.

    Attributes:
        root: of the dataset.
        categories: by their indices.
        values: the files' numbers -> indices; None where they are the same.
        by_stem: path below the folder without its ending -> mask.
        exact: whether only the same name counts, as in what this program writes.
    """

    root: Path
    categories: tuple[str, ...]
    values: Mapping[int, int] | None
    by_stem: Mapping[str, Path]
    exact: bool = False

    def find(self, picture: Path) -> MaskFile | None:
        """The mask of a picture: of the same name, or of its beginning up to a "_" where several share one."""
        relative = PurePosixPath(picture.relative_to(self.root).as_posix()).with_suffix("")
        below = PurePosixPath(*relative.parts[1:]) if len(relative.parts) > 1 else relative
        stem = relative.name
        for key in (str(below), str(below) if self.exact else stem):
            if key in self.by_stem:
                return MaskFile(self.by_stem[key], self.values)
        while "_" in stem and not self.exact:
            stem = stem.rpartition("_")[0]
            if stem in self.by_stem:
                return MaskFile(self.by_stem[stem], self.values)
        return None

    @classmethod
    def open(cls, folder: Path, problems: Problems) -> MaskFolder | None:
        """The masks of a dataset in ``folder``; None where there are none."""
        place = _place(folder)
        if place is None:
            return None
        by_stem: dict[str, Path] = {}
        for path in pictures(place, problems):
            if path.suffix.casefold() == ".png":
                by_stem[str(PurePosixPath(path.relative_to(place).as_posix()).with_suffix(""))] = path
        categories, values = _named(folder, problems) or _counted(list(by_stem.values()), problems)
        return cls(folder, categories, values, by_stem, (folder / HEADS).is_file())


def recognise(folder: Path) -> float:
    """0.65 where a folder of masks lies beside one of pictures."""
    return 0.65 if folder.is_dir() and _place(folder) is not None else 0.0


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what the folders say. Without ``classes.txt`` every mask is looked at for its numbers.

    Raises:
        DatasetError: there is no folder of masks.
    """
    problems = Problems()
    masks = MaskFolder.open(folder, problems)
    if masks is None:
        raise DatasetError(f"{one_line(folder)} has no folders images and masks in it; choose the folder that has.")
    head = named(folder, HeadDef(HEAD, "mask", masks.categories), options.head)

    def items() -> Iterator[PlannedItem]:
        known = AttributesFile(folder, problems)
        images = folder / "images"
        for picture in pictures(images if images.is_dir() else folder / "JPEGImages", problems):
            below = picture.relative_to(folder).parts[1:-1]
            mask = masks.find(picture)
            split = (split_of(below[0]) or "") if below else ""
            labels = {head.name: mask} if mask else {}
            yield PlannedItem(picture, labels, split, metadata=known.metadata(picture))

    return Plan("masks", (head,), items, problems)


def indices(mask: MaskFile) -> NDArray[np.uint8]:
    """uint8 (H, W): the indices of categories in a file, 255 where nobody knows.

    Raises:
        DatasetError: it can't be read, or is no PNG with one number a pixel.
    """
    values = _numbers(mask.path)
    if mask.values is None:
        return values
    table = np.full(256, UNKNOWN_PIXEL, np.uint8)
    for value, index in mask.values.items():
        table[value] = index
    return table[values]


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write the first mask head.

    Raises:
        DatasetError: there is no such head, or a file can't be copied.
    """
    heads = contents.of_kind("mask")[:1]
    if not heads:
        raise DatasetError(f"{one_line(contents.name)} has no masks; choose another format.")
    split = any(item.split for item in contents.items())
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=("split",), cancel=cancel)
    names = Names(stems=True)
    for item in writing.items():
        root = f"{item.split or UNSPLIT}/" if split else ""
        name = names.take(f"{root}{item.name.rpartition('/')[2]}", f"{root}{item.name.replace('/', '_')}")
        writing.place(item.path, f"images/{name}")
        writing.keep(f"images/{name}", item.metadata or None)
        mask = item.labels.get(heads[0].name)
        if isinstance(mask, Mask):
            writing.place(contents.blob(mask.blob), f"masks/{PurePosixPath(name).with_suffix('.png')}")
    (folder / FOLDERS[0]).mkdir(exist_ok=True)
    write_heads(folder, heads)
    writing.text(NAMES[0], "".join(f"{name}\n" for name in heads[0].categories))


def _place(folder: Path) -> Path | None:
    if not (folder / "images").is_dir() and not (folder / "JPEGImages").is_dir():
        return None
    if (folder / HEADS).is_file() and (folder / FOLDERS[0]).is_dir():
        return folder / FOLDERS[0]  # written here, perhaps without a single mask
    return next((folder / name for name in FOLDERS if _has_masks(folder / name)), None)


def _has_masks(folder: Path) -> bool:
    return folder.is_dir() and next(folder.rglob("*.png"), None) is not None


def _named(folder: Path, problems: Problems) -> tuple[tuple[str, ...], Mapping[int, int] | None] | None:
    for name in NAMES:
        if (folder / name).is_file():
            lines = [line for line in read_text(folder / name).splitlines() if line.strip()]
            names = usable_names(lines, name, problems)
            return names, (None if len(names) == len(lines) else {lines.index(one): at for at, one in enumerate(names)})
    found = coco.files(folder)
    if not found:
        return None
    numbered = CocoFile(found[0], problems).numbered
    names = usable_names([BACKGROUND, *numbered.values()], found[0].name, problems)
    values = {0: 0} | {number: names.index(name) for number, name in numbered.items() if name in names and number < 255}
    return names, (None if all(value == index for value, index in values.items()) else values)


def _counted(masks: list[Path], problems: Problems) -> tuple[tuple[str, ...], Mapping[int, int] | None]:
    """Names for the numbers that occur, where nothing names them."""
    present = np.zeros(256, np.bool_)
    for path in masks:
        try:
            present |= np.bincount(_numbers(path).ravel(), minlength=256) > 0
        except DatasetError:
            continue  # said when the mask is brought in
    found = [int(number) for number in np.flatnonzero(present)]
    if found and set(found) <= {0, 255}:
        return (BACKGROUND, "object"), {0: 0, 255: 1}
    problems.say("Nothing names the categories of the masks; they are called by their numbers.")
    last = max((number for number in found if number != UNKNOWN_PIXEL), default=0)
    return tuple(BACKGROUND if number == 0 else f"class {number}" for number in range(last + 1)), None


def _numbers(path: Path) -> NDArray[np.uint8]:
    try:
        with path.open("rb") as file:
            image = PngImageFile(file)
            check_size(path.name, "PNG", *image.size)
            if image.mode not in ("P", "L", "1"):
                raise DatasetError(
                    f"{one_line(path.name)} is no mask: it has colours instead of one number a pixel; convert it."
                )
            return np.asarray(image if image.mode != "1" else image.convert("L").point(_one), np.uint8)
    except FileError as error:
        raise DatasetError(str(error)) from error
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(f"{one_line(path.name)} can't be read as a mask (PNG); make it anew.") from error


def _one(value: float) -> float:
    return 1 if value else 0
