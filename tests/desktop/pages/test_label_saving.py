"""Acts of a hand that labels: kept in order, in a journal while the database refuses them, and taken in again."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.pages.dataset.label_acts import Act, save
from desktop.pages.dataset.label_journal import Journal
from desktop.pages.dataset.label_saving import Saving
from models.database import WORKSPACE_MIGRATIONS, Database
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Mask, Shape, Target, Targets, Value, to_text
from training.labelling.drafts import Draft, GivenTarget, GivenTargets, PaintedMask

HEADS = (
    HeadDef("material", "categories", ("brick", "wood")),
    HeadDef("things", "boxes", ("drawer",)),
    HeadDef("parts", "mask", ("background", "door")),
    HeadDef("recoloured", "image"),
)


class FullDisk(Database):
    """A database on a disk on which nothing is free: SQLite itself says so."""

    full = False

    @contextlib.contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with super().transaction() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages if self.full else 1 << 30}")
            yield connection


class Kept:
    """A dataset of three pictures."""

    def __init__(self, folder: Path) -> None:
        self.database = FullDisk(folder / "workspace.sqlite", WORKSPACE_MIGRATIONS)
        self.store = DatasetStore(self.database)
        self.dataset = self.store.create("walls", HEADS).id
        items = [NewItem(bytes([n]) * 32, os.fsencode(f"/{n}.png"), width=40, height=30) for n in range(3)]
        self.items = self.store.add_items(self.dataset, items).new

    def act(self, head: str, item: int, draft: Draft | None, words: str = "Said") -> Act:
        question = self.store.dataset(self.dataset).head(head)
        return Act(self.dataset, head, {item: draft}, words, categories=question.categories)

    def value(self, head: str, item: int) -> Value | None:
        return self.store.labels(self.dataset, head, [item]).get(item)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.database.close()


MANY = Boxes(tuple(Shape("drawer", n, n, 5, 5) for n in range(800)))
"""Too long for the free room of any page."""


def test_acts_about_one_label_follow_each_other(kept: Kept) -> None:
    saving, item = Saving(), kept.items[0]
    for name in ("brick", "wood", "brick"):
        saving.give(kept.act("material", item, Category(name)), {item: None})
    assert saving.draft(kept.dataset, "material", item, None) == Category("brick")
    saved = saving.work(kept.store, list(saving.waiting))
    saving.take(saved)
    assert (saved.problem, saved.clashes, saving.waiting) == ("", [], [])
    assert kept.value("material", item) == Category("brick")
    assert len(kept.store.steps(kept.dataset)) == 4  # with the adding


def test_a_full_disk_loses_nothing(kept: Kept, tmp_path: Path) -> None:
    saving, item = Saving(), kept.items[0]
    kept.database.full = True
    saving.give(kept.act("things", item, MANY), {item: None})
    saving.give(kept.act("material", item, Category("wood")), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    assert saving.problem.endswith("because the disk is full; free some space and try again.")
    assert saving.dirty(kept.dataset, item)
    assert len(saving.waiting) == 2
    assert all(act.problem == saving.problem for act in saving.waiting), "the second one is not saved either"
    (journal,) = tmp_path.glob("unsaved-labels.*.json")
    kept.database.full = False
    saving.take(saving.work(kept.store, list(saving.waiting)))
    assert not saving.waiting
    assert not saving.problem
    assert not journal.exists()
    assert (kept.value("things", item), kept.value("material", item)) == (MANY, Category("wood"))


def test_what_a_program_that_ended_could_not_save_is_taken_in(kept: Kept, tmp_path: Path) -> None:
    saving, item = Saving(), kept.items[0]
    kept.database.full = True
    saving.give(kept.act("things", item, MANY), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    kept.database.full = False
    (journal,) = tmp_path.glob("unsaved-labels.*.json")
    assert Saving().left_behind(kept.store) == [], "its program runs still"
    ended = journal.rename(tmp_path / "unsaved-labels.999999999-1.json")
    again = Saving()
    again.waiting = again.left_behind(kept.store)
    assert [act.words for act in again.waiting] == ["Said"]
    again.take(again.work(kept.store, list(again.waiting)))
    assert kept.value("things", item) == MANY
    assert not ended.exists()


def ended(folder: Path, number: int = 1) -> Path:
    """The journal of this program as one that has ended would leave it."""
    (own,) = (one for one in folder.glob("unsaved-labels.*.json") if "9999999" not in one.name)
    return own.rename(folder / f"unsaved-labels.99999999{number}-1.json")


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_what_was_saved_before_the_journal_knew_is_not_taken_in_again(kept: Kept, tmp_path: Path, count: int) -> None:
    saving, item = Saving(), kept.items[0]
    kept.database.full = True
    saving.give(kept.act("things", item, MANY, "Drew many"), {item: None})
    for name in ("brick", "wood", "brick"):
        saving.give(kept.act("material", item, Category(name), f"Said {name}"), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    kept.database.full = False
    saved = save(kept.store, saving.waiting[: count + 1])  # and then the program is killed
    assert len(saved.done) == count + 1
    journal = ended(tmp_path)
    steps = [one.action for one in kept.store.steps(kept.dataset)]
    again = Saving()
    again.waiting = again.left_behind(kept.store)
    taken = again.work(kept.store, list(again.waiting))
    assert taken.clashes == []
    assert not journal.exists()
    assert kept.value("material", item) == Category("brick")
    assert len(kept.store.steps(kept.dataset)) == len(steps) + 3 - count


def test_what_was_saved_and_undone_before_the_journal_was_taken_in_stays_undone(kept: Kept, tmp_path: Path) -> None:
    saving, item = Saving(), kept.items[0]
    kept.database.full = True
    saving.give(kept.act("things", item, MANY, "Drew many"), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    kept.database.full = False
    assert len(save(kept.store, saving.waiting).done) == 1  # and then the program is killed
    journal = ended(tmp_path)
    kept.store.undo(kept.dataset)
    kept.store.set_labels(kept.dataset, "material", {item: Category("brick")})  # it can't be done again from now on
    again = Saving()
    again.waiting = again.left_behind(kept.store)
    assert [act.words for act in again.waiting] == ["Drew many"]
    again.take(again.work(kept.store, list(again.waiting)))
    assert (again.waiting, again.clashes) == ([], {})
    assert kept.value("things", item) is None
    assert not journal.exists()


def test_what_two_journals_hold_is_taken_in_once(kept: Kept, tmp_path: Path) -> None:
    first, item = Saving(), kept.items[0]
    kept.database.full = True
    first.give(kept.act("things", item, MANY, "Drew many"), {item: None})
    first.take(first.work(kept.store, list(first.waiting)))
    old = ended(tmp_path, 1)
    data = old.read_bytes()
    second = Saving()
    second.waiting = second.left_behind(kept.store)
    second.give(kept.act("material", item, Category("wood"), "Said wood"), {item: None})
    second.take(second.work(kept.store, list(second.waiting)))
    assert not old.exists(), "the second program's journal holds it"
    ended(tmp_path, 2)
    old.write_bytes(data)  # as if the second one had been killed before it took that away
    third = Saving()
    kept.database.full = False
    third.waiting = third.left_behind(kept.store)
    assert sorted(act.words for act in third.waiting) == ["Drew many", "Said wood"]
    third.take(third.work(kept.store, list(third.waiting)))
    assert (third.waiting, third.clashes) == ([], {})
    assert not list(tmp_path.glob("unsaved-labels.*.json"))
    assert (kept.value("things", item), kept.value("material", item)) == (MANY, Category("wood"))


def test_a_journal_that_is_damaged_stays_where_it_is(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "unsaved-labels.999999999-1.json"
    path.write_text('{"acts": [{"dataset"')
    assert Saving().left_behind(kept.store) == []
    assert path.exists()


def test_another_window_is_not_overwritten_and_both_can_win(kept: Kept) -> None:
    saving, item = Saving(), kept.items[0]
    kept.store.set_labels(kept.dataset, "material", {item: Category("brick")}, annotator="Ada")
    saving.give(kept.act("material", item, Category("wood")), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    assert kept.value("material", item) == Category("brick")
    theirs = saving.clashes["material", item].theirs[item]
    assert theirs is not None
    assert (theirs.value, theirs.annotator) == (Category("brick"), "Ada")
    saving.give(kept.act("material", item, Category("wood")), {item: to_text(theirs.value)})
    assert not saving.clashes
    saving.take(saving.work(kept.store, list(saving.waiting)))
    assert kept.value("material", item) == Category("wood")


def test_what_the_dataset_refuses_does_not_keep_the_rest(kept: Kept) -> None:
    saving, item = Saving(), kept.items[0]
    saving.give(kept.act("parts", item, Category("wood")), {item: None})
    saving.give(kept.act("material", item, Category("wood")), {item: None})
    saving.take(saving.work(kept.store, list(saving.waiting)))
    (left,) = saving.waiting
    assert left.hopeless
    assert "parts is answered with mask" in left.problem
    assert not saving.worth_trying
    assert kept.value("material", item) == Category("wood")
    saving.drop(left)
    assert not saving.waiting
    assert not saving.problem


def test_a_mask_follows_categories_that_changed_while_it_was_painted(kept: Kept) -> None:
    item = kept.items[0]
    indices = np.full((30, 40), 1, np.uint8)
    indices[:5] = 255
    act = kept.act("parts", item, PaintedMask(indices))
    kept.store.remove_category(kept.dataset, "parts", "background")
    saved = save(kept.store, [act])
    assert not saved.problem
    mask = kept.value("parts", item)
    assert isinstance(mask, Mask)
    assert kept.store.dataset(kept.dataset).head("parts").categories == ("door",)
    expected = np.where(indices == 1, 0, 255)
    np.testing.assert_array_equal(read_mask(kept.store.blobs, mask), expected)


def test_a_category_that_is_gone_is_there_again_and_that_is_told(kept: Kept) -> None:
    act = kept.act("material", kept.items[0], Category("brick"))
    kept.store.remove_category(kept.dataset, "material", "brick")
    saved = save(kept.store, [act])
    assert saved.news == ["brick had been taken out of material meanwhile; it is there again, as you have used it."]
    assert kept.value("material", kept.items[0]) == Category("brick")


NAMES = st.sampled_from(["brick", "wood"])
DRAFTS = st.one_of(
    st.none(),
    st.builds(Category, NAMES),
    st.builds(lambda n: Boxes((Shape("drawer", n, 0, 1, 1),)), st.floats(0, 99)),
    st.builds(lambda data: GivenTargets((GivenTarget(data, "r", {"colour": "#112233"}),)), st.binary(min_size=1)),
    st.builds(lambda blob: Targets((Target(blob=blob * 64),)), st.sampled_from("0a")),
)


@given(drafts=st.lists(DRAFTS, min_size=1, max_size=5))
@settings(deadline=None)
def test_a_journal_gives_back_what_was_put_into_it(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[Draft | None]
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    acts: list[Act] = []
    for number, draft in enumerate(drafts):
        base: str | Act | None = acts[-1] if number % 2 else "text"
        acts.append(Act(1, "h", {7: draft}, f"act {number}", {7: base}, ("a",), "Ada"))
    journal = Journal(folder)
    journal.write(acts)
    journal.path.rename(folder / "unsaved-labels.999999999-1.json")
    ((_, found),) = Journal(folder).left_behind()
    assert [(one.words, one.labels, one.annotator, one.categories) for one in found] == [
        (one.words, one.labels, one.annotator, one.categories) for one in acts
    ]
    for place, one in enumerate(found):
        assert one.bases[7] == ("text" if not place % 2 else found[place - 1])


def test_a_painted_mask_comes_through_the_journal(tmp_path: Path) -> None:
    indices = np.random.default_rng(0).integers(0, 256, (7, 11), np.uint8)
    journal = Journal(tmp_path)
    journal.write([Act(1, "h", {7: PaintedMask(indices)}, "Painted")])
    journal.path.rename(tmp_path / "unsaved-labels.999999999-1.json")
    ((_, (act,)),) = Journal(tmp_path).left_behind()
    draft = act.labels[7]
    assert isinstance(draft, PaintedMask)
    np.testing.assert_array_equal(draft.indices, indices)
