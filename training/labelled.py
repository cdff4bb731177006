"""Labelled pictures of a person's own: a folder for each category, or a table that names files and what they are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import LabelError, one_line
from models.heads.categories import UNKNOWN
from models.sources import natural_key
from models.walking import is_hidden

__all__ = ["FILE_COLUMNS", "LABEL_COLUMNS", "LabelledSet", "of_pairs", "read_labelled"]

FILE_COLUMNS = ("file", "path", "filename", "file_name", "image")
LABEL_COLUMNS = ("label", "category", "class")
"""Names of columns, whatever the letters; a column called like the question comes before these."""

_TABLE = "labels.csv"
_SPLITS = frozenset({"train", "val", "valid", "validation", "test"})
_ENDINGS = frozenset({".bmp", ".dds", ".gif", ".jpeg", ".jpg", ".png", ".tga", ".tif", ".tiff", ".tm2", ".webp"})
_MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Pictures, and what they are.

    Attributes:
        items: path and label of each picture, no path twice.
        categories: the labels that occur, sorted.
        problems: a sentence each about what was left out.
    """

    items: tuple[tuple[Path, str], ...]
    categories: tuple[str, ...]
    problems: tuple[str, ...] = ()


def read_labelled(path: Path, *, head: str | None = None, split: str | None = None) -> LabelledSet:
    """The labelled pictures in ``path``; none of them is opened.

    Args:
        path: a folder with a folder for each category, whose own folders belong to it; a folder with ``labels.csv``; or
            a CSV file. In a table, a column of ``FILE_COLUMNS`` has paths beside the table, and one called like
            ``head``, "<head>_name" or like one of ``LABEL_COLUMNS`` has labels; rows without a label, or with the label
            "unknown", are left out.
        head: the question that the labels answer; None for any.
        split: only the rows whose column "split" says so, or only the folder of that name; None for all.

    Raises:
        LabelError: there is no such folder or table, a column is missing, or nothing is left.
    """
    if path.is_file():
        return _of_table(path, head, split)
    if not path.is_dir():
        raise LabelError(
            f"{one_line(path)} is not there; name a folder with a folder for each category, or a CSV file."
        )
    if (path / _TABLE).is_file():
        return _of_table(path / _TABLE, head, split)
    return _of_folders(path, split)


def _of_folders(path: Path, split: str | None) -> LabelledSet:
    roots = [path]
    parts = {one.name.casefold(): one for one in _folders(path)}
    if split is not None:
        if split.casefold() not in parts:
            raise LabelError(f"{path} has no folder {one_line(split)}; leave the split out, or name another one.")
        roots = [parts[split.casefold()]]
    elif parts and parts.keys() <= _SPLITS:
        roots = list(parts.values())
    items = [
        (picture, folder.name)
        for root in roots
        for folder in _folders(root)
        for picture in _pictures(folder)
        if folder.name.casefold() != UNKNOWN
    ]
    if not items:
        raise LabelError(f"{path} has no folders with pictures in them; make a folder for each category.")
    loose = sum(one.is_file() and one.suffix.casefold() in _ENDINGS for root in roots for one in root.iterdir())
    noun, lie, were = ("picture", "lies", "was") if loose == 1 else ("pictures", "lie", "were")
    said = f"{loose:,} {noun} in {path} {lie} in no category's folder and {were} left out."
    problems = [said] if loose else []
    return of_pairs(items, problems)


def _of_table(path: Path, head: str | None, split: str | None) -> LabelledSet:
    rows = _rows(path)
    columns = list(rows[0]) if rows else []
    file = _column(columns, FILE_COLUMNS)
    label = _column(columns, (head, f"{head}_name") if head else ()) or _column(columns, LABEL_COLUMNS)
    names = ", ".join(one_line(name) for name in columns) or "none"
    if file is None:
        raise LabelError(f"{path} has no column {FILE_COLUMNS[0]} with the pictures' paths; its columns are: {names}.")
    if label is None:
        wanted = f"{head} or {LABEL_COLUMNS[0]}" if head else LABEL_COLUMNS[0]
        raise LabelError(f"{path} has no column {wanted} with what the pictures are; its columns are: {names}.")
    if split is not None:
        column = _column(columns, ("split",))
        if column is None:
            raise LabelError(f"{path} has no column split; leave the split out. Its columns are: {names}.")
        rows = [row for row in rows if row[column].strip().casefold() == split.casefold()]
        if not rows:
            raise LabelError(f"{path} has no row of the split {one_line(split)}; leave it out, or name another one.")
    items: list[tuple[Path, str]] = []
    missing: list[str] = []
    unlabelled = 0
    for row in rows:
        name, said = row[file].strip(), row[label].strip()
        if not said or said.casefold() == UNKNOWN:
            unlabelled += 1
        elif not name or not (path.parent / name).is_file():
            missing.append(name)
        else:
            items.append((path.parent / name, said))
    problems = [
        f"{one_line(name) or 'A row without a path'} of {path.name} is not there and was left out."
        for name in missing[:_MOST_PROBLEMS]
    ]
    if len(missing) > _MOST_PROBLEMS:
        problems.append(f"{len(missing) - _MOST_PROBLEMS:,} more files of {path.name} are not there.")
    if unlabelled:
        problems.append(f"{unlabelled:,} rows of {path.name} have no label and were left out.")
    if not items:
        raise LabelError(f"{path} names no picture that is there and has a label; check its paths.")
    return of_pairs(items, problems)


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.read(4096)
            file.seek(0)
            delimiter = ";" if sample.partition("\n")[0].count(";") > sample.partition("\n")[0].count(",") else ","
            reader = csv.DictReader(file, delimiter=delimiter, restval="")
            return [{name: row[name] for name in row if name is not None} for row in reader]
    except OSError as error:
        raise LabelError(f"{path} can't be read ({error.strerror}); check that you may open it.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise LabelError(f"{path} is not a CSV file in UTF-8; save it again as one.") from error


def _column(columns: Sequence[str], wanted: Iterable[str]) -> str | None:
    known: Mapping[str, str] = {name.strip().casefold(): name for name in reversed(columns)}
    return next((known[name.casefold()] for name in wanted if name.casefold() in known), None)


def of_pairs(items: Iterable[tuple[Path, str]], problems: Sequence[str] = ()) -> LabelledSet:
    """A set of pairs of path and label; of a path that comes twice with different labels the first counts.

    Args:
        items: the pairs.
        problems: a sentence each about what was left out.
    """
    labels: dict[Path, str] = {}
    differ = 0
    for path, label in items:
        differ += labels.setdefault(path, label) != label
    if differ:
        problems = [*problems, f"{differ:,} pictures are named twice with different labels; the first counts."]
    return LabelledSet(tuple(labels.items()), tuple(sorted(set(labels.values()))), tuple(problems))


def _folders(path: Path) -> list[Path]:
    return sorted((one for one in path.iterdir() if one.is_dir() and not is_hidden(one.name)), key=_order)


def _pictures(folder: Path) -> list[Path]:
    found = (one for one in folder.rglob("*") if one.suffix.casefold() in _ENDINGS and one.is_file())
    return sorted((one for one in found if not is_hidden(one.name)), key=_order)


def _order(path: Path) -> tuple[list[str | int], str]:
    return natural_key(str(path))
