"""CSV: a row for each picture, a column for each question. Foreign tables are understood by the names of their columns;
what no question asks for becomes metadata, text by the name of its column.

What this program writes has ``heads.json`` beside it, which says what each column is; then an empty cell alone is
unknown, and a column ``metadata`` holds JSON. Tables of others say it with "unknown" or 9999 too.
"""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.errors import DatasetError, one_line
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.formats.attributes_file import AttributesFile, foreign
from training.datasets.formats.columns import Column, choose, file_column, part_columns
from training.datasets.formats.documents import number, rows
from training.datasets.formats.finding import Finder, usable_names
from training.datasets.formats.heads_file import HEADS, read_heads, write_heads
from training.datasets.formats.naming import split_of
from training.datasets.formats.plan import NO_OPTIONS, Contents, ContentsItem, Plan, PlannedItem, ReadOptions
from training.datasets.formats.problems import Problems
from training.datasets.formats.writing import Writing
from training.datasets.heads import HeadDef
from training.datasets.names import known
from training.datasets.values import Category, Grade, Tags, Value

__all__ = ["read", "recognise", "table_of", "write"]

TITLE = "CSV"
TABLE = "labels.csv"
PARTS = ("file", "split", "source", "group")
METADATA = "metadata"
MOST_OF_A_CELL = 100_000
"""Characters. Readers of CSV, Python's among them, refuse much longer ones."""


def table_of(path: Path) -> Path | None:
    """The table that ``path`` is, or that lies in it: ``labels.csv``, or the only CSV file."""
    if path.is_file():
        return path if path.suffix.casefold() in (".csv", ".tsv") else None
    if (path / TABLE).is_file():
        return path / TABLE
    found = sorted(path.glob("*.csv"))
    return found[0] if len(found) == 1 else None


def recognise(folder: Path) -> float:
    """0.9 where a table has a column of files, 0.5 where it has one but nothing says what they are."""
    table = table_of(folder)
    try:
        row = next(rows(table), None) if table else None
    except DatasetError:
        return 0.0
    if row is None or file_column(row) is None:
        return 0.2 if folder.is_file() and row else 0.0  # which columns there are is said when it is read
    return 0.9 if (table is not None and (table.parent / HEADS).is_file()) or choose(rows_of(table)) else 0.5


def rows_of(table: Path | None) -> Iterator[dict[str, str]]:
    """The rows of ``table``; none where there is none."""
    return rows(table) if table is not None else iter(())


def read(folder: Path, options: ReadOptions = NO_OPTIONS) -> Plan:
    """Plan what a table says: two passes over it, none of the pictures is opened.

    Raises:
        DatasetError: it can't be read, or has no column of files or none of labels.
    """
    table = table_of(folder)
    if table is None:
        raise DatasetError(f"{one_line(folder)} is no table and has no {TABLE}; choose the CSV file itself.")
    problems = Problems()
    names = list(next(rows(table), {}))
    if not names:
        raise DatasetError(f"{one_line(table.name)} has no rows; choose another table.")
    file = options.columns.get("file") or file_column(names)
    if file is None or file not in names:
        raise DatasetError(
            f"{one_line(table.name)} has no column {file or 'file'} with the pictures' paths; its columns are: "
            f"{', '.join(map(one_line, names))}."
        )
    exact = (table.parent / HEADS).is_file() and not options.labels
    if exact:
        fields = [_Field(head, _written(head, names), exact=True) for head in read_heads(table.parent)]
    else:
        fields = _foreign(table, names, options, problems)
    total = sum(1 for _ in rows(table))
    asked = {file, *(one.column for one in fields)}
    parts = part_columns(names, taken=asked) | dict(options.columns)
    further = [name for name in names if name and name not in asked | set(parts.values())]

    def items() -> Iterator[PlannedItem]:
        finder = Finder(table.parent, table.name, problems)
        known_further = AttributesFile(table.parent if exact else table, problems)
        for row in rows(table):
            path = finder.find(row[file] if exact else row[file].strip())
            if path is None:
                continue
            labels = {}
            for field in fields:
                value = _value(field, row, problems, table.name)
                if value is not None:
                    labels[field.head.name] = value
            said = {part: row.get(parts[part], "") for part in ("split", "source", "group") if part in parts}
            split = split_of(said.get("split", ""))
            if split is None:
                problems.note(
                    f"{{n:,}} more splits in {table.name} are neither train, val nor test.",
                    f"The split {one_line(said['split'])} in {table.name} is neither train, val nor test; "
                    "its pictures have none.",
                )
            native = (_kept if exact else _further)(row, further, table.name, problems)
            metadata = known_further.metadata(path, native)
            source, group = said.get("source", ""), said.get("group", "")
            yield PlannedItem(path, labels, split or "", source, group, metadata=metadata)

    return Plan("csv", tuple(field.head for field in fields), items, problems, total)


@dataclass(frozen=True, slots=True)
class _Field:
    """A question, and where its answers are: ``spare`` where ``column`` is empty. ``exact``: only "" is unknown."""

    head: HeadDef
    column: str
    exact: bool
    spare: str = ""


def _column(head: HeadDef) -> str:
    """The column of a question in what this program writes."""
    return head.name if head.name not in (*PARTS, METADATA) else f"label {head.name}"


def _written(head: HeadDef, names: list[str]) -> str:
    """The column of a question in what this program has written, also before there was metadata."""
    return _column(head) if _column(head) in names or head.name not in names else head.name


def _kept(row: Mapping[str, str], further: list[str], name: str, problems: Problems) -> Attributes:
    """What this program has written."""
    cell = row.get(METADATA, "") if METADATA in further else ""
    if not cell:
        return NOTHING
    try:
        said = json.loads(cell)
    except (ValueError, RecursionError):
        said = None
    return foreign(said, f"The metadata {one_line(cell[:60])} in {one_line(name)}", problems)


def _further(row: Mapping[str, str], further: list[str], name: str, problems: Problems) -> Attributes:
    """What somebody's table says beyond its labels."""
    said = {column: row[column] for column in further if row[column]}
    return foreign(said, f"The further columns of {one_line(name)}", problems) if said else NOTHING


def _foreign(table: Path, names: list[str], options: ReadOptions, problems: Problems) -> list[_Field]:
    columns = [Column.said(head, text) for head, text in options.labels.items()] or choose(rows(table))
    for one in columns:
        if one.column not in names:
            raise DatasetError(
                f"{one_line(table.name)} has no column {one_line(one.column)}; its columns are: "
                f"{', '.join(map(one_line, names))}."
            )
    if not columns:
        raise DatasetError(
            f"No column of {one_line(table.name)} says what the pictures are; name one. Its columns are: "
            f"{', '.join(map(one_line, names))}."
        )
    seen: dict[str, dict[str, None]] = {one.head: {} for one in columns}
    for row in rows(table):
        for one in columns:
            if one.kind != "grade":
                cell = row[one.column] if known(row[one.column]) is not None or not one.spare else row[one.spare]
                seen[one.head].update(dict.fromkeys(one.split(cell)))
    fields = []
    for one in columns:
        said = sorted(usable_names(seen[one.head], table.name, problems))
        fields.append(_Field(HeadDef(one.head, one.kind, tuple(said)), one.column, exact=False, spare=one.spare))
    return fields


def _value(field: _Field, row: Mapping[str, str], problems: Problems, name: str) -> Value | None:
    cell = row.get(field.column, "")
    if field.spare and known(cell) is None:
        cell = row.get(field.spare, "")
    if cell == "" or (not field.exact and known(cell) is None):
        return None
    try:
        if field.head.kind == "grade":
            return Grade(number(cell.strip()))
        if field.head.kind == "tags":
            said = (
                (_cells(cell) if field.exact else Column(field.head.name, field.column, "tags").split(cell))
                if cell
                else []
            )
            return Tags(frozenset(one for one in said if one in field.head.categories))
        return Category(cell if field.exact else cell.strip())
    except (ValueError, DatasetError) as error:
        problems.note(
            f"{{n:,}} more cells of {name} can't be used.",
            f"{one_line(cell[:60])} in {name} can't be used for {field.head.name}: {str(error).rstrip('.')}.",
        )
        return None


def write(contents: Contents, folder: Path, problems: Problems, *, cancel: threading.Event | None = None) -> None:
    """Write every head whose answers fit a cell. Raises ``DatasetError``: a file can't be copied."""
    heads = contents.of_kind("categories", "tags", "grade")
    writing = Writing(contents, folder, TITLE, problems, keeps=heads, parts=PARTS, cancel=cancel)
    columns = [_column(head) for head in heads]
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        described = any(item.metadata for item in contents.items())
        writer.writerow([*PARTS, *columns, *([METADATA] if described else [])])
        for item in writing.items():
            writing.place(item.path, f"images/{item.name}")
            cells = [_cell(item.labels.get(head.name)) for head in heads]
            text = [json.dumps(item.metadata.to_json()) if item.metadata else ""] if described else []
            if text and len(text[0]) > MOST_OF_A_CELL:
                text = [""]
                writing.keep(f"images/{item.name}", item.metadata)
            writer.writerow([*_parts(item), *cells, *text])
    write_heads(folder, heads)


def _parts(item: ContentsItem) -> list[str]:
    return [f"images/{item.name}", item.split, item.source, item.group]


def _cell(value: Value | None) -> str:
    if isinstance(value, Category):
        return value.name
    if isinstance(value, Grade):
        return repr(value.value)
    if isinstance(value, Tags):
        file = io.StringIO()
        csv.writer(file, delimiter=";", lineterminator="").writerow(sorted(value.names) or [""])
        return file.getvalue() if value.names else ";"  # an empty cell is unknown; none of them is an answer
    return ""


def _cells(text: str) -> list[str]:
    return [one for one in next(csv.reader([text], delimiter=";"), []) if one]
