"""Items on their way in: which are new, which are known, and what the known ones gain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from models.errors import DatasetError
from training.datasets.attributes import Attributes
from training.datasets.categories import returning
from training.datasets.changes import places_to_json
from training.datasets.heads import HeadDef, check_value, heads_to_json, with_new_categories
from training.datasets.mending import mend
from training.datasets.outcomes import Conflict
from training.datasets.records import SPLITS, Label, NewItem, Place, Split
from training.datasets.values import Value, from_text, to_text
from training.datasets.work import Work

__all__ = ["Arrival"]

_NONE: Mapping[str, Sequence[str]] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class _Known:
    """What the table has of a content; a new one has just been put there.

    Attributes:
        id: of the item.
        place: where it lies.
        trashed: as in the table.
        cells: source, group, split, frozen, status, mtime_ns, note.
        further: other places.
        labels: by head number, as JSON.
        metadata: as JSON; "" for none.
    """

    id: int
    place: Place
    trashed: str | None
    cells: tuple[Any, ...]
    further: list[Place] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    metadata: str = ""


class Arrival:
    """Looks at items and brings them in, in one piece of work.

    Args:
        work: what it is part of.
        items: whatever number.
        new_categories: as ``DatasetStore.add_items``; so are ``categories`` and ``frozen``.
        mending: whether unreadable items give way to what lies in their places now.

    Attributes:
        new: ids, as in ``Added``; so are ``known``, ``conflicts`` and ``split_conflicts``.

    Raises:
        DatasetError: one of them can't come in.
    """

    def __init__(
        self,
        work: Work,
        items: Sequence[NewItem],
        *,
        new_categories: bool,
        mending: bool,
        categories: Mapping[str, Sequence[str]] = _NONE,
        frozen: Collection[bytes] = (),
    ) -> None:
        self.new: list[int] = []
        self.known: list[int] = []
        self.conflicts: list[Conflict] = []
        self._work = work
        self._heads = {head.name: head for head in work.dataset.heads}
        for name, more in categories.items():
            head = self._head(name)
            there = (*head.categories, *(one for one in more if one not in head.categories))
            self._heads[name] = replace(head, categories=there)
        self.split_conflicts: list[int] = []
        self._fixed: set[bytes] = set(frozen)
        self._inherited: dict[bytes, Split] = {}
        self._check(items, new_categories=new_categories)
        bunches: dict[bytes, list[NewItem]] = defaultdict(list)
        for item in items:
            bunches[item.content].append(item)
        for heir in mend(work, items) if mending else ():
            bunches[heir.content].append(heir.facts)
            if heir.frozen:
                self._fixed.add(heir.content)
                self._inherited[heir.content] = heir.facts.split
        known = self._load(bunches)
        fresh = [bunch[0] for content, bunch in bunches.items() if content not in known]
        if fresh:
            work.cut()
            _insert(work, fresh)
            ids = self._load([item.content for item in fresh])
            for item in fresh:
                work.change("trash", ids[item.content].id, "", None, done=True)
            known |= ids
        put = {item.content for item in fresh}
        came = put | {content for content, one in known.items() if one.trashed}
        for item in items:
            (self.new if item.content in came else self.known).append(known[item.content].id)
            came.discard(item.content)
        for content, bunch in bunches.items():
            self._join(known[content], bunch, fresh=content in put)
        self._put_heads([one.id for one in known.values() if one.trashed])

    def _put_heads(self, restored: Sequence[int]) -> None:
        """Say which categories the questions have from now on; ``restored`` come back from the trash."""
        there = {head.id: self._heads[head.name] for head in self._work.dataset.heads}
        heads = there | (returning(self._work, there, restored) if restored else {})
        self._work.change("heads", None, heads_to_json(self._work.dataset.heads), heads_to_json(list(heads.values())))

    def _head(self, name: str) -> HeadDef:
        return self._heads[name] if name in self._heads else self._work.dataset.head(name)  # which says what is wrong

    def _check(self, items: Iterable[NewItem], *, new_categories: bool) -> None:
        values: dict[str, set[Value]] = defaultdict(set)
        for item in items:
            if len(item.content) != 32:
                raise DatasetError("The content of a picture must be a SHA-256, 32 bytes; correct it.")
            if item.split not in SPLITS:
                raise DatasetError("A split must be train, val, test or empty; correct it.")
            for name, value in item.labels.items():
                if value is not None:
                    values[name].add(value.value if isinstance(value, Label) else value)
        for name, some in values.items():
            head = self._head(name)
            if new_categories:
                self._heads[name] = head = with_new_categories(head, some)
            for value in some:
                check_value(head, value)

    def _load(self, contents: Iterable[bytes]) -> dict[bytes, _Known]:
        """What the table has of these contents."""
        connection = self._work.connection
        connection.execute("CREATE TEMP TABLE IF NOT EXISTS arriving (content BLOB PRIMARY KEY)")
        connection.execute("DELETE FROM temp.arriving")
        connection.executemany("INSERT INTO temp.arriving VALUES (?)", ((content,) for content in contents))
        key = (self._work.dataset.id,)
        found = {
            content: _Known(number, Place(path, member), trashed, tuple(cells))
            for number, content, path, member, trashed, *cells in connection.execute(_ITEMS, key)
        }
        by_id = {one.id: one for one in found.values()}
        for number, path, member in connection.execute(_PLACES, key):
            by_id[number].further.append(Place(path, member))
        for number, head, text in connection.execute(_LABELS, key):
            by_id[number].labels[head] = text
        for number, text in connection.execute(_METADATA, key):
            by_id[number].metadata = text
        return found

    def _join(self, one: _Known, bunch: Sequence[NewItem], *, fresh: bool) -> None:
        """Give what is known what it lacks and one of its content has; ``fresh``: it has just been put there."""
        if one.trashed:
            self._work.change("trash", one.id, one.trashed, None)
        source, group, split, frozen, status, mtime, note = one.cells
        self._work.change("source", one.id, source, source or _first(item.source for item in bunch))
        self._work.change("group", one.id, group, group or _first(item.group for item in bunch))
        self._work.change("split", one.id, [split, frozen], self._split(one, bunch, fresh=fresh))
        places = [Place(item.path, item.member) for item in bunch]
        seen = next((item for item in bunch if item.status == "ok"), None)
        if status == "missing" and seen is not None:
            place = Place(seen.path, seen.member)
            old, new = places_to_json([one.place, place])
            self._work.change("file", one.id, [old, mtime, status, note], [new, seen.mtime_ns, "ok", ""])
            one.place = place
        further = list(dict.fromkeys((*one.further, *places)))
        further = sorted((place for place in further if place != one.place), key=lambda p: (p.path, p.member))
        self._work.change("places", one.id, places_to_json(one.further) or None, places_to_json(further) or None)
        self._describe(one, bunch)
        self._label(one, bunch)

    def _split(self, one: _Known, bunch: Sequence[NewItem], *, fresh: bool) -> list[Any]:
        """The split that it has from now on, and whether that is fixed: a fixed one never becomes another."""
        _, _, split, frozen, *_ = one.cells
        content, offered = bunch[0].content, bunch[0].split or _first(item.split for item in bunch)
        open_ = not frozen and (fresh or not split)
        now = self._inherited.get(content, offered) if open_ else split
        if offered and now != offered:
            self.split_conflicts.append(one.id)
        return [now, int(frozen or (open_ and content in self._fixed))]

    def _describe(self, one: _Known, bunch: Sequence[NewItem]) -> None:
        """What is known of an item stays; what it lacks comes from the first that says it."""
        if not any(item.metadata for item in bunch):
            return
        known = Attributes.from_text(one.metadata).to_json() if one.metadata else {}
        whole: dict[str, Any] = {}
        for item in reversed(bunch):
            whole |= item.metadata
        self._work.change("metadata", one.id, known or None, Attributes(whole | known).to_json())

    def _label(self, one: _Known, bunch: Sequence[NewItem]) -> None:
        for item in bunch:
            for name, value in item.labels.items():
                if value is None:
                    continue
                said = value if isinstance(value, Label) else Label(value, item.annotator, self._work.time, "import")
                head, text = self._head(name), to_text(said.value)
                kept = one.labels.setdefault(head.id, "")
                if not kept:
                    one.labels[head.id] = text
                    row = [text, said.annotator, said.time, said.origin]
                    self._work.change("label", one.id, None, row, head.id)
                elif kept != text:
                    self.conflicts.append(Conflict(one.id, name, from_text(head.kind, kept), said.value))


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _insert(work: Work, items: Iterable[NewItem]) -> None:
    rows = []
    for one in items:
        place = Place(one.path, one.member).text
        first = (work.dataset.id, one.content, one.path, one.member, place, one.source, one.group)
        rows.append((*first, one.width, one.height, one.size, one.mtime_ns, one.status, one.note, one.split, work.time))
    work.connection.executemany(
        "INSERT INTO dataset_items (dataset, content, path, member, place, source, bunch, width, height, size, "
        "mtime_ns, status, note, split, frozen, added) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
        rows,
    )


# CROSS JOIN keeps the order: from the few that arrive to their rows, never through the whole table.
_THERE = """
    FROM temp.arriving AS a
    CROSS JOIN dataset_items AS i ON i.dataset = ? AND i.content = a.content AND i.trashed IS NOT ''
"""
_ITEMS = f"""
    SELECT i.id, i.content, i.path, i.member, i.trashed, i.source, i.bunch, i.split, i.frozen, i.status, i.mtime_ns,
        i.note {_THERE}
"""  # names only
_PLACES = f"""
    SELECT p.item, p.path, p.member {_THERE} CROSS JOIN dataset_places AS p ON p.item = i.id
    ORDER BY p.path, p.member
"""
_METADATA = f"SELECT m.item, m.value {_THERE} CROSS JOIN dataset_metadata AS m ON m.item = i.id"
_LABELS = f"SELECT l.item, l.head, l.value {_THERE} CROSS JOIN dataset_labels AS l ON l.item = i.id"
