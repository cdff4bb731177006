"""What answers may name: categories added, renamed, merged, removed, and the labels that follow them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.errors import DatasetError, one_line
from training.datasets.blobs import BlobStore
from training.datasets.heads import HeadDef, heads_to_json, named_categories
from training.datasets.labels import label_rows
from training.datasets.names import checked_name
from training.datasets.second_looks import follow_opinions, opinion_rows, opinions_naming
from training.datasets.values import Boxes, Category, Mask, Tags, Value, from_text, to_text
from training.datasets.wording import pictures
from training.datasets.work import CHOSEN, Part, Work, json_ids

__all__ = ["Categories", "follow", "returning", "uses"]


class Categories(Part):
    """The part of the store that changes what answers may name. Every method is one step.

    All raise ``DatasetError`` when there is no such dataset, head or category, or the name can't be one, and then
    change nothing; all return the step, or None when nothing has changed.
    """

    def add_category(self, dataset_id: int, head: str, name: str) -> int | None:
        """Add a category at the end; one that is there already is no fault."""
        with self._work(dataset_id, f"Added the category {one_line(name)}") as work:
            question = _with_categories(work.dataset.head(head))
            if checked_name("category", name) not in question.categories:
                _put(work, replace(question, categories=(*question.categories, name)))
        return work.step

    def rename_category(self, dataset_id: int, head: str, old: str, new: str) -> int | None:
        """Call a category something else; labels follow."""
        with self._work(dataset_id, f"Renamed {one_line(old)} to {one_line(new)}") as work:
            question = _with_categories(work.dataset.head(head))
            _position(question, old)
            if new != old and new in question.categories:
                raise DatasetError(f"{question.name} has a category {one_line(new)} already; merge the two instead.")
            self._merge(work, question, [old], new)
        return work.step

    def merge_categories(self, dataset_id: int, head: str, names: Sequence[str], into: str) -> int | None:
        """Make one category of several; labels follow.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            names: of those that go; ``into`` may be among them.
            into: what they become: a category that is there, or a new one in the place of the first that goes.
        """
        with self._work(dataset_id, f"Merged {', '.join(map(one_line, names))} into {one_line(into)}") as work:
            self._merge(work, _with_categories(work.dataset.head(head)), names, into)
        return work.step

    def remove_category(self, dataset_id: int, head: str, name: str, *, to: str | None = None) -> int | None:
        """Take a category away. What is labelled so in the trash brings it along when it comes back.

        Args:
            dataset_id: of the dataset.
            head: the name of the question.
            name: of the category.
            to: the category that its labels get instead; None when there must be none.

        Raises:
            DatasetError: also when labels name it and ``to`` is None: of a mask those in the trash too, whose pixels
                would be lost.
        """
        with self._work(dataset_id, f"Removed the category {one_line(name)}") as work:
            question = _with_categories(work.dataset.head(head))
            _position(question, name)
            if to is not None:
                _position(question, to)
                self._merge(work, question, [name], to)
            else:
                used = uses(work, question, name)
                if used:
                    raise DatasetError(f"{pictures(used)} are labelled {one_line(name)}; say which category they get.")
                after = tuple(one for one in question.categories if one != name)
                follow(work, self.blobs, question, replace(question, categories=after), {})
                _put(work, replace(question, categories=after))
        return work.step

    def remove_unused_categories(self, dataset_id: int, head: str, names: Sequence[str]) -> int | None:
        """Take away those of ``names`` that no label names; as ``remove_category``.

        Returns:
            The step; None when none of them is there any more.

        Raises:
            DatasetError: there is no such dataset or head, or labels name each of them.
        """
        with self._work(dataset_id, "") as work:
            question = _with_categories(work.dataset.head(head))
            there = [name for name in dict.fromkeys(names) if name in question.categories]
            gone = {name for name in there if not uses(work, question, name)}
            if there and not gone:
                used = uses(work, question, there[0])
                also = ", also in the trash," if question.kind == "mask" else ""
                raise DatasetError(
                    f"{pictures(used)}{also} {'is' if used == 1 else 'are'} labelled {one_line(there[0])}; merge that "
                    "category into another instead."
                )
            after = tuple(name for name in question.categories if name not in gone)
            follow(work, self.blobs, question, replace(question, categories=after), {})
            _put(work, replace(question, categories=after))
            work.action = f"Removed {len(gone):,} {'category' if len(gone) == 1 else 'categories'} that nobody uses"
        return work.step

    def _merge(self, work: Work, head: HeadDef, names: Sequence[str], into: str) -> None:
        gone = {name for name in names if name != into}
        for name in gone:
            _position(head, name)
        after = list(head.categories)
        if gone and into not in after:
            after[min(after.index(name) for name in gone)] = checked_name("category", into)
        changed = replace(head, categories=tuple(name for name in after if name not in gone))
        follow(work, self.blobs, head, changed, dict.fromkeys(gone, into))
        _put(work, changed)


def follow(work: Work, blobs: BlobStore, before: HeadDef, after: HeadDef, renamed: Mapping[str, str]) -> None:
    """Change the labels of a head whose categories change; no label may name one that is gone and not renamed.

    Args:
        work: what it is part of.
        blobs: where masks lie.
        before: the head as it is.
        after: as it will be.
        renamed: category -> what its labels get.
    """
    if before.categories == after.categories or (before.kind != "mask" and not renamed):
        return
    table = _table(before, after, renamed)
    known: dict[str, str] = {}
    for item, row in label_rows(work, before.id).items():
        text = known.get(row[0])
        if text is None:
            text = known[row[0]] = to_text(_renamed(from_text(before.kind, row[0]), renamed, table, blobs))
        if text != row[0]:
            work.change("label", item, row, [text, *row[1:]], before.id)
    follow_opinions(work, before, lambda value: _renamed(value, renamed, table, blobs))


def uses(work: Work, head: HeadDef, category: str) -> int:
    """How many items have a label, or a second opinion, that names a category and can't do without it.

    Those in the trash can, as ``returning`` brings it back; but for masks, which hold indices and no names.
    """
    sql = "SELECT item FROM dataset_label_categories WHERE dataset = ? AND head = ? AND category = ?"
    labelled = {item for (item,) in work.connection.execute(sql, (work.dataset.id, head.id, category))}
    naming = labelled | opinions_naming(work, head, category)
    if head.kind == "mask" or not naming:
        return len(naming)
    there = f"SELECT count(*) FROM {CHOSEN} dataset_items ON id = chosen.wanted WHERE trashed IS NULL"  # noqa: S608
    return int(work.connection.execute(there, (json_ids(naming),)).fetchone()[0])


def returning(work: Work, heads: Mapping[int, HeadDef], items: Collection[int]) -> dict[int, HeadDef]:
    """The questions that lack a category which items from the trash name, with it at the end, sorted.

    Args:
        work: what it is part of.
        heads: by number, as they will be.
        items: that come back.
    """
    sql = f"""
        SELECT DISTINCT head, category FROM {CHOSEN} dataset_label_categories AS c ON c.item = chosen.wanted
        WHERE c.dataset = ?
    """  # noqa: S608
    named: dict[int, set[str]] = defaultdict(set)
    for number, category in work.connection.execute(sql, (json_ids(items), work.dataset.id)):
        named[number].add(category)
    found = {}
    for number, head in heads.items():
        opinions = {text for rows in opinion_rows(work, number, items).values() for _, text, _ in rows}
        values = [from_text(head.kind, text) for text in opinions]
        missing = named[number].union(*(named_categories(head, value) for value in values)) - set(head.categories)
        if missing:
            found[number] = replace(head, categories=(*head.categories, *sorted(missing)))
    return found


def _renamed(value: Value, renamed: Mapping[str, str], table: np.ndarray, blobs: BlobStore) -> Value:
    if isinstance(value, Category):
        return Category(renamed.get(value.name, value.name))
    if isinstance(value, Tags):
        return Tags(frozenset(renamed.get(name, name) for name in value.names))
    if isinstance(value, Boxes):
        return Boxes(tuple(replace(one, category=renamed.get(one.category, one.category)) for one in value.shapes))
    if isinstance(value, Mask) and any(table[index] != index for index in value.present):
        from training.datasets.masks import put_mask, read_mask  # OpenCV: only where a mask is painted anew

        return put_mask(blobs, table[read_mask(blobs, value)])
    return value


def _table(before: HeadDef, after: HeadDef, renamed: Mapping[str, str]) -> np.ndarray:
    """uint8 (256,): index into the categories before -> after; 255 stays, as what is gone becomes."""
    table = np.full(256, 255, np.uint8)
    if before.kind == "mask":
        for index, name in enumerate(before.categories):
            now = renamed.get(name, name)
            table[index] = after.categories.index(now) if now in after.categories else 255
    return table


def _put(work: Work, head: HeadDef) -> None:
    heads = [head if one.id == head.id else one for one in work.dataset.heads]
    work.change("heads", None, heads_to_json(work.dataset.heads), heads_to_json(heads))


def _with_categories(head: HeadDef) -> HeadDef:
    if head.kind in ("grade", "image"):
        raise DatasetError(f"{head.name} is answered without categories; choose another question.")
    return head


def _position(head: HeadDef, name: str) -> int:
    if name not in head.categories:
        raise DatasetError(f"{head.name} has no category {one_line(name)}; look at its list of categories.")
    return head.categories.index(name)
