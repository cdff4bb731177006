"""Versions: what a dataset was at one moment, frozen and called by its content; and what differs between two."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from models.errors import DatasetError, one_line
from training.correction_record import now
from training.datasets.attributes import NOTHING, Attributes
from training.datasets.heads import HeadDef, heads_from_json, heads_to_json
from training.datasets.metadata import Metadata
from training.datasets.names import is_plain
from training.datasets.reading import Reading
from training.datasets.records import Place, Query, Split
from training.datasets.values import VALUES, Value
from training.datasets.work import changed

__all__ = ["Diff", "Snapshot", "Version", "VersionRow", "Versions", "diff"]


@dataclass(frozen=True, slots=True)
class Version:
    """A frozen dataset.

    Attributes:
        id: given by the store, never twice.
        dataset: the id of its dataset.
        name: for people, such as "before cleaning".
        hash: SHA-256, 64 hexadecimal digits, of questions, contents, labels, splits and metadata: two datasets with
            the same hash are the same to a training. Runs name a version by it.
        blob: of its rows in the blob store.
        items: how many it has.
        created: ISO 8601 to the second, UTC.
    """

    id: int
    dataset: int
    name: str
    hash: str
    blob: str
    items: int
    created: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One item as it was. ``place``, ``source``, ``group`` and the size are not part of the hash."""

    content: bytes
    split: Split
    labels: Mapping[str, Value]
    place: Place
    source: str
    group: str
    width: int
    height: int
    metadata: Attributes = NOTHING


@dataclass(frozen=True)
class Snapshot:
    """What a version holds: its questions, and its items by content, rising."""

    heads: tuple[HeadDef, ...]
    rows: tuple[VersionRow, ...]

    @cached_property
    def by_content(self) -> Mapping[bytes, VersionRow]:
        """The rows by content."""
        return {row.content: row for row in self.rows}


@dataclass(frozen=True, slots=True)
class Diff:
    """What it takes to get from one snapshot to another.

    Attributes:
        added: contents, rising.
        removed: likewise.
        resplit: content -> split before, split after.
        relabelled: (content, head name) -> label before, label after; None is unknown. Of contents in both.
        described: content -> metadata before, metadata after. Of contents in both.
        heads: names of questions that are new, gone, or changed in kind, categories or options; sorted.
    """

    added: tuple[bytes, ...]
    removed: tuple[bytes, ...]
    resplit: Mapping[bytes, tuple[Split, Split]]
    relabelled: Mapping[tuple[bytes, str], tuple[Value | None, Value | None]]
    heads: tuple[str, ...]
    described: Mapping[bytes, tuple[Attributes, Attributes]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.resplit or self.relabelled or self.described or self.heads)


class Versions(Reading, Metadata):
    """The part of the store that freezes."""

    def freeze(self, dataset_id: int, name: str) -> Version:
        """Keep a dataset as it is now. Nothing that is done to it later changes the version.

        Returns:
            The version; the one that is there already, by its own name, when nothing has changed since.

        Raises:
            DatasetError: there is no such dataset, or the name can't be one.
        """
        if not name.strip() or not is_plain(name):
            raise DatasetError(f"{one_line(repr(name))} can't name a version; use one line of text.")
        while True:
            seen = self._database.query("SELECT version FROM dataset_counter")
            dataset = self.dataset(dataset_id)
            lines, digest = _lines(dataset.heads, self._rows(dataset_id))
            blob = self.blobs.put(gzip.compress(b"".join(lines), 6, mtime=0))
            with self._database.transaction() as connection:
                if connection.execute("SELECT version FROM dataset_counter").fetchall() != seen:
                    continue  # changed while it was read; reading does not keep others from writing
                values = (dataset_id, name.strip(), digest, blob, len(lines) - 1, now())
                connection.execute(
                    "INSERT OR IGNORE INTO dataset_versions (dataset, name, hash, blob, items, created) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    values,
                )
                changed(connection)
            return next(one for one in self.versions(dataset_id) if one.hash == digest)

    def versions(self, dataset_id: int) -> list[Version]:
        """All versions of a dataset, the oldest first."""
        sql = f"SELECT {_COLUMNS} FROM dataset_versions WHERE dataset = ? ORDER BY id"  # noqa: S608
        return [Version(*row) for row in self._database.query(sql, (dataset_id,))]

    def find_version(self, digest: str) -> Version:
        """The version of that hash, of whatever dataset.

        Raises:
            DatasetError: there is none.
        """
        sql = f"SELECT {_COLUMNS} FROM dataset_versions WHERE hash = ? ORDER BY id LIMIT 1"  # noqa: S608
        rows = self._database.query(sql, (digest,))
        if not rows:
            raise DatasetError(f"There is no version {one_line(digest[:12])}; its dataset may have been removed.")
        return Version(*rows[0])

    def snapshot(self, version: Version) -> Snapshot:
        """What a version holds.

        Raises:
            WorkspaceError: its blob is gone or damaged.
        """
        first, *rows = gzip.decompress(self.blobs.read(version.blob)).splitlines()
        heads = heads_from_json(json.loads(first)["heads"])
        kinds = {head.name: head.kind for head in heads}
        return Snapshot(heads, tuple(_row(json.loads(line), kinds) for line in rows))

    def current(self, dataset_id: int) -> Snapshot:
        """A dataset as it is now, in the form of a version: to see what has changed since one.

        Raises:
            DatasetError: there is no such dataset.
        """
        return Snapshot(self.dataset(dataset_id).heads, tuple(self._rows(dataset_id)))

    def _rows(self, dataset_id: int) -> list[VersionRow]:
        items = self.items(dataset_id, where=Query())
        known = self.metadata(dataset_id)
        rows = [
            VersionRow(
                i.content,
                i.split,
                i.labels,
                i.place,
                i.source,
                i.group,
                i.width,
                i.height,
                known.get(i.id, NOTHING),
            )
            for i in items
        ]
        return sorted(rows, key=lambda row: row.content)


_COLUMNS = "id, dataset, name, hash, blob, items, created"


def diff(before: Snapshot, after: Snapshot) -> Diff:
    """What differs between two snapshots."""
    old, new = before.by_content, after.by_content
    both = sorted(old.keys() & new.keys())
    relabelled = {}
    for content in both:
        was, now_ = old[content].labels, new[content].labels
        for name in sorted(was.keys() | now_.keys()):
            if was.get(name) != now_.get(name):
                relabelled[content, name] = (was.get(name), now_.get(name))
    heads = [{json.dumps(one, sort_keys=True): one["name"] for one in _plain(some.heads)} for some in (before, after)]
    return Diff(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        resplit={c: (old[c].split, new[c].split) for c in both if old[c].split != new[c].split},
        relabelled=relabelled,
        described={c: (old[c].metadata, new[c].metadata) for c in both if old[c].metadata != new[c].metadata},
        heads=tuple(sorted({name for text, name in (heads[0].items() ^ heads[1].items())})),
    )


def _plain(heads: tuple[HeadDef, ...]) -> list[dict[str, Any]]:
    """Without the numbers that a store gives."""
    return [{name: value for name, value in one.items() if name != "id"} for one in heads_to_json(heads)]


def _lines(heads: tuple[HeadDef, ...], rows: list[VersionRow]) -> tuple[list[bytes], str]:
    """The lines of a version's file, and its hash: that of what training sees of each line."""
    lines = [_line({"heads": _plain(heads)})]
    digest = hashlib.sha256(lines[0])
    for row in rows:
        seen: dict[str, Any] = {
            "content": row.content.hex(),
            "split": row.split,
            "labels": {name: value.to_json() for name, value in row.labels.items()},
        }
        if row.metadata:  # left out where there is none: versions of before it was kept have their hash still
            seen["metadata"] = row.metadata.to_json()
        digest.update(_line(seen))
        rest = {"source": row.source, "group": row.group, "width": row.width, "height": row.height}
        place = [base64.b64encode(row.place.path).decode(), row.place.member]
        lines.append(_line({**seen, **rest, "place": place}))
    return lines, digest.hexdigest()


def _line(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _row(data: Mapping[str, Any], kinds: Mapping[str, str]) -> VersionRow:
    path, member = data["place"]
    return VersionRow(
        content=bytes.fromhex(data["content"]),
        split=data["split"],
        labels={name: VALUES[kinds[name]].from_json(value) for name, value in data["labels"].items()},
        place=Place(base64.b64decode(path), member),
        source=data["source"],
        group=data["group"],
        width=data["width"],
        height=data["height"],
        metadata=Attributes(data["metadata"]) if "metadata" in data else NOTHING,
    )
