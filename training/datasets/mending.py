"""Items that could not be read, and the files that have come to lie where those lay."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from training.datasets.attributes import NOTHING, Attributes
from training.datasets.changes import places_to_json
from training.datasets.records import Label, NewItem, Place, Split
from training.datasets.values import from_text
from training.datasets.work import CHOSEN, Work, json_ids

__all__ = ["Mended", "mend"]


@dataclass(frozen=True, slots=True)
class Mended:
    """What an unreadable item leaves to the content that now lies in its place.

    Attributes:
        content: of its heir.
        facts: as if they came in with the heir: labels, split, source, group, metadata.
        frozen: whether the split is fixed.
    """

    content: bytes
    facts: NewItem
    frozen: bool


def mend(work: Work, items: Sequence[NewItem]) -> list[Mended]:
    """Put unreadable items into the trash in whose places ``items`` lie, with another content.

    One that was seen in several places, as every file that is cut off in the same way, stays for the others, and leaves
    nothing: nobody knows what was said about which.

    Args:
        work: what it is part of; it changes nothing else about these items.
        items: that are about to come in.
    """
    arriving = {item.found_at or Place(item.path, item.member): item for item in items if item.status != "missing"}
    contents = {item.content for item in items}
    mended = []
    for number, place, cells, content in _unreadable(work, arriving):
        if content in contents:
            continue  # it comes in again itself, if only from elsewhere
        further = [Place(*row) for row in work.connection.execute(_FURTHER, (number,))]
        left = [one for one in further if one not in arriving and not _taken(work, one)]
        if left:
            mtime, note = cells[4:]
            old, new = places_to_json([place, left[0]])
            work.change("file", number, [old, mtime, "unreadable", note], [new, 0, "unreadable", note])
            work.change("places", number, places_to_json(further), places_to_json(left[1:]) or None)
            continue
        work.change("trash", number, None, work.time)
        if not further:
            heir = arriving[place]
            source, group, split, frozen = cells[:4]
            facts = NewItem(
                heir.content,
                heir.path,
                heir.member,
                source,
                group,
                labels=_labels(work, number),
                split=split,
                status="unreadable",
                metadata=_metadata(work, number),
            )
            mended.append(Mended(heir.content, facts, bool(frozen)))
    return mended


def _unreadable(
    work: Work, places: Collection[Place]
) -> Iterator[tuple[int, Place, tuple[str, str, Split, int, int, str], bytes]]:
    """Id, place, (source, group, split, frozen, mtime, note) and content of the unreadable items there."""
    wanted = json.dumps([place.text for place in places])
    rows = work.connection.execute(_THERE, (wanted, work.dataset.id)).fetchall()
    for number, path, member, content, *cells in rows:
        place = Place(path, member)
        if place in places:
            yield number, place, tuple(cells), content


def _taken(work: Work, place: Place) -> bool:
    rows = work.connection.execute(_READABLE, (work.dataset.id, place.text)).fetchall()
    return (place.path, place.member) in rows


def _labels(work: Work, number: int) -> dict[str, Label]:
    heads = {head.id: head for head in work.dataset.heads}
    sql = f"SELECT head, value, annotator, time, origin FROM {CHOSEN} dataset_labels ON item = chosen.wanted"  # noqa: S608
    rows = work.connection.execute(sql, (json_ids([number]),))
    return {
        heads[head].name: Label(from_text(heads[head].kind, text), *said) for head, text, *said in rows if head in heads
    }


def _metadata(work: Work, number: int) -> Attributes:
    row = work.connection.execute("SELECT value FROM dataset_metadata WHERE item = ?", (number,)).fetchone()
    return NOTHING if row is None else Attributes.from_text(row[0])


_THERE = f"""
    SELECT i.id, i.path, i.member, i.content, i.source, i.bunch, i.split, i.frozen, i.mtime_ns, i.note
    FROM {CHOSEN} dataset_items AS i ON i.place = chosen.wanted
    WHERE i.dataset = ? AND i.trashed IS NULL AND i.status = 'unreadable'
"""  # noqa: S608  # no text of anybody's
_FURTHER = "SELECT path, member FROM dataset_places WHERE item = ? ORDER BY path, member"
_READABLE = """
    SELECT path, member FROM dataset_items
    WHERE dataset = ? AND place = ? AND trashed IS NULL AND status <> 'unreadable'
"""
