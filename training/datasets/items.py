"""Bringing items in, and what a step can say about one beside its labels: split, source, group, state of the file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from models.errors import DatasetError
from training.datasets.arriving import Arrival
from training.datasets.categories import returning
from training.datasets.changes import places_to_json
from training.datasets.heads import heads_to_json
from training.datasets.outcomes import Added
from training.datasets.records import SPLITS, NewItem, Place, Split, Status
from training.datasets.wording import pictures
from training.datasets.work import CHOSEN, Part, Work, json_ids

__all__ = ["Items"]


class Items(Part):
    """The part of the store that brings in and changes items."""

    def add_items(
        self,
        dataset_id: int,
        items: Sequence[NewItem],
        *,
        action: str = "",
        new_categories: bool = False,
        categories: Mapping[str, Sequence[str]] = MappingProxyType({}),
        frozen: Collection[bytes] = (),
    ) -> Added:
        """Bring items in, as one step.

        A content that is here already gains a place, and what it lacks of source, group, split and labels; a label that
        differs from the one it has is not taken (``Added.conflicts``), nor is a split (``Added.split_conflicts``). One
        that is in the trash comes back, with the categories that its labels name. An item that could not be read goes
        into the trash when another content lies in its place; that gains what it had.

        Args:
            dataset_id: of the dataset.
            items: whatever number; the same content may come twice, and is one item.
            action: what the step is called; "" for "Added n pictures".
            new_categories: whether a label may name a category that its head does not have; it is added.
            categories: head -> categories that it gains at its end, whether a label names them or not.
            frozen: contents whose split is fixed, where they take the one that they come with.

        Raises:
            DatasetError: there is no such dataset or head, or a label does not answer its head; nothing comes in.
        """
        with self._work(dataset_id, action) as work:
            arrival = Arrival(
                work, items, new_categories=new_categories, mending=True, categories=categories, frozen=frozen
            )
            work.action = action or f"Added {pictures(len(arrival.new))}"
        conflicts = tuple(arrival.conflicts), work.step, tuple(arrival.split_conflicts)
        return Added(tuple(arrival.new), tuple(arrival.known), *conflicts)

    def set_splits(
        self,
        dataset_id: int,
        splits: Mapping[int, Split],
        *,
        frozen: bool | None = None,
        groups: Mapping[int, str] = MappingProxyType({}),
        action: str = "",
    ) -> int | None:
        """Say what items are for, as one step.

        Args:
            dataset_id: of the dataset.
            splits: item -> split.
            frozen: whether their splits are fixed from now on; None leaves each as it is.
            groups: item -> the group that it is of from now on, in the same step.
            action: what the step is called; "" for "Split n pictures".

        Returns:
            The step; None when nothing has changed.

        Raises:
            DatasetError: an item is not in the dataset, or has a fixed split that would change (give ``frozen`` to
                change it all the same); nothing is changed.
        """
        if not set(splits.values()) <= set(SPLITS):
            raise DatasetError("A split must be train, val, test or empty; correct it.")
        with self._work(dataset_id, action or f"Split {pictures(len(splits))}") as work:
            before = _cells(work, "split, frozen", splits)
            fixed = sum(bool(was) and split != splits[item] for item, (split, was) in before.items())
            if fixed and frozen is None:
                raise DatasetError(f"{pictures(fixed)} have a fixed split; release them first, or leave them out.")
            for item, (split, was) in before.items():
                work.change("split", item, [split, was], [splits[item], was if frozen is None else int(frozen)])
            for item, (group,) in _cells(work, "bunch", groups).items():
                work.change("group", item, group, groups[item])
        return work.step

    def set_sources(self, dataset_id: int, sources: Mapping[int, str], *, action: str = "") -> int | None:
        """Say where items come from, as one step; as ``set_splits``."""
        return self._set(
            dataset_id, "source", "source", sources, action or f"Named the source of {pictures(len(sources))}"
        )

    def set_groups(self, dataset_id: int, groups: Mapping[int, str], *, action: str = "") -> int | None:
        """Say which items a split must not part, as one step; as ``set_splits``."""
        return self._set(dataset_id, "group", "bunch", groups, action or f"Grouped {pictures(len(groups))}")

    def set_status(self, dataset_id: int, found: Mapping[int, tuple[Status, str]], *, action: str = "") -> int | None:
        """Say in which state files were found: item -> status and a sentence about it. One step; as ``set_splits``."""
        with self._work(dataset_id, action or f"Looked at {pictures(len(found))}") as work:
            for item, (path, member, mtime, *was) in _cells(
                work, "path, member, mtime_ns, status, note", found
            ).items():
                (place,) = places_to_json([Place(path, member)])
                work.change("file", item, [place, mtime, *was], [place, mtime, *found[item]])
        return work.step

    def move_items(self, dataset_id: int, places: Mapping[int, tuple[Place, int]], *, action: str = "") -> int | None:
        """Say where files lie now: item -> place and time of change, nanoseconds. One step; as ``set_splits``."""
        with self._work(dataset_id, action or f"Found {pictures(len(places))} again") as work:
            for item, (path, member, mtime, *was) in _cells(
                work, "path, member, mtime_ns, status, note", places
            ).items():
                place, changed = places[item]
                old, new = places_to_json([Place(path, member), place])
                work.change("file", item, [old, mtime, *was], [new, changed, "ok", ""])
        return work.step

    def keep_places(self, dataset_id: int, places: Mapping[int, tuple[Place, int]], *, action: str = "") -> int | None:
        """Say at which place alone items lie, and forget the others: item -> place and time of change, nanoseconds. One
        step; as ``set_splits``. No file is touched.
        """
        with self._work(dataset_id, action or f"Forgot further places of {pictures(len(places))}") as work:
            further: dict[int, list[Place]] = {}
            for item, *place in work.connection.execute(_FURTHER, (json_ids(places),)):
                further.setdefault(item, []).append(Place(*place))
            for item, (path, member, mtime, *was) in _cells(
                work, "path, member, mtime_ns, status, note", places
            ).items():
                place, changed = places[item]
                old, new = places_to_json([Place(path, member), place])
                if old != new:
                    work.change("file", item, [old, mtime, *was], [new, changed, "ok", ""])
                work.change("places", item, places_to_json(further.get(item, [])) or None, None)
        return work.step

    def trash_items(self, dataset_id: int, ids: Iterable[int], *, action: str = "") -> int | None:
        """Put items into the trash for 30 days, as one step; as ``set_splits``. Their files stay where they are."""
        return self._trash_items(dataset_id, ids, "Trashed", action, into=True)

    def restore_items(self, dataset_id: int, ids: Iterable[int], *, action: str = "") -> int | None:
        """Bring items back from the trash, as one step; as ``set_splits``. A category that a label of theirs names and
        that was removed meanwhile comes back too.
        """
        return self._trash_items(dataset_id, ids, "Restored", action, into=False)

    def _trash_items(self, dataset_id: int, ids: Iterable[int], verb: str, action: str, *, into: bool) -> int | None:
        with self._work(dataset_id, action) as work:
            chosen = _cells(work, "trashed", ids)
            moved = {item: was for item, (was,) in chosen.items() if (was is None) == into}
            work.action = action or f"{verb} {pictures(len(moved))}"
            for item, was in moved.items():
                work.change("trash", item, was, work.time if into else None)
            if not into:
                there = {head.id: head for head in work.dataset.heads}
                heads = there | returning(work, there, moved)
                work.change("heads", None, heads_to_json(work.dataset.heads), heads_to_json(list(heads.values())))
        return work.step

    def _set(self, dataset_id: int, kind: str, column: str, values: Mapping[int, str], action: str) -> int | None:
        with self._work(dataset_id, action) as work:
            for item, (was,) in _cells(work, column, values).items():
                work.change(kind, item, was, values[item])
        return work.step


_FURTHER = f"""
    SELECT item, path, member FROM {CHOSEN} dataset_places ON item = chosen.wanted ORDER BY item, path, member
"""  # noqa: S608  # no text of anybody's


def _cells(work: Work, columns: str, ids: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Item -> what these columns hold.

    Raises:
        DatasetError: one of ``ids`` is no item of the dataset.
    """
    wanted = {int(number) for number in ids}
    sql = f"""
        SELECT id, {columns} FROM {CHOSEN} dataset_items ON id = chosen.wanted
        WHERE dataset = ? AND trashed IS NOT ''
    """  # noqa: S608  # names of columns
    rows = work.connection.execute(sql, (json_ids(wanted), work.dataset.id)).fetchall()
    if len(rows) < len(wanted):
        raise DatasetError(f"{pictures(len(wanted) - len(rows))} are not in the dataset any more; look again.")
    return {number: tuple(cells) for number, *cells in rows}
