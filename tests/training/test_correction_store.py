from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from models.database import open_workspace
from models.errors import WorkspaceError
from training.correction_record import Correction
from training.correction_rows import Label
from training.correction_store import TrainingDataStore

A, B = hashlib.sha256(b"a"), hashlib.sha256(b"b")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TrainingDataStore]:
    with TrainingDataStore(tmp_path / "a.sqlite") as opened:
        yield opened


def correction(texture_hash: str | None = None, original: str | None = "stone", corrected: str = "metal") -> Correction:
    return Correction("a.dds", corrected, original, 0.5, texture_hash)


class TestRecord:
    def test_a_picture_is_described_by_its_file(self, store: TrainingDataStore, data: Path) -> None:
        path = data / "textures" / "brick" / "nex_brickfloor.jpg"
        number = store.record(path, "brick", "stone", 0.7, metadata={"key": "value"}, annotator="Ada")
        (kept,) = store.corrections()
        assert kept.texture_hash == hashlib.sha256(path.read_bytes()).hexdigest()
        assert kept.image_width is not None
        assert (kept.id, kept.texture_path, kept.corrected_category) == (number, str(path), "brick")
        assert (kept.original_category, kept.confidence, kept.head) == ("stone", 0.7, "material")
        assert (kept.metadata, kept.annotator) == ({"key": "value"}, "Ada")

    def test_a_file_that_is_gone_keeps_its_correction(self, store: TrainingDataStore) -> None:
        store.record("textures/metal_01.dds", "metal")
        (kept,) = store.corrections()
        assert (kept.texture_hash, kept.image_width, kept.original_category) == (None, None, None)

    def test_a_hash_that_is_given_spares_reading_the_file(self, store: TrainingDataStore, tmp_path: Path) -> None:
        path = tmp_path / "a.png"
        path.write_bytes(b"something else")
        store.record(path, "metal", texture_hash=A.digest(), image_width=8)
        (kept,) = store.corrections()
        assert (kept.texture_hash, kept.image_width, kept.image_height) == (A.hexdigest(), 8, None)

    def test_a_name_that_is_not_unicode_is_kept(self, store: TrainingDataStore) -> None:
        store.record("textures/\udcff.dds", "metal")
        assert store.corrections()[0].texture_path == "textures/\udcff.dds"

    def test_one_wrong_among_many_keeps_none(self, store: TrainingDataStore) -> None:
        with pytest.raises(ValueError, match="corrected_category"):
            store.add([correction(), correction(corrected=" ")])
        assert store.count() == 0
        assert store.next_undo() is None

    def test_nothing_is_no_step(self, store: TrainingDataStore) -> None:
        assert store.add([]) == []
        assert store.delete([1, 2]) == 0
        assert store.next_undo() is None


class TestQueries:
    def test_by_category_original_hash_and_head(self, store: TrainingDataStore) -> None:
        first, second, third = store.add(
            [
                correction(A.hexdigest()),
                correction(B.hexdigest(), original=None, corrected="wood"),
                replace(correction(A.hexdigest(), corrected="red"), head="colour"),
            ]
        )

        def ids(**wanted: str | bytes) -> list[int]:
            return [found.id for found in store.corrections(**wanted)]

        assert ids() == [first, second, third]
        assert ids(category="wood") == [second]
        assert ids(original="stone") == [first, third]
        assert ids(texture_hash=A.digest()) == ids(texture_hash=A.hexdigest()) == [first, third]
        assert ids(texture_hash=A.digest(), head="colour") == [third]
        assert store.heads() == ["colour", "material"]

    def test_of_many_pictures_at_once_by_id(self, store: TrainingDataStore) -> None:
        hashes = [f"{number:064x}" for number in range(1200)]
        ids = store.add([correction(one) for one in reversed(hashes)])
        store.add([replace(correction(hashes[0]), model="bricks")])
        contents = {bytes.fromhex(one) for one in hashes[:1100]}
        assert [found.id for found in store.corrections(model="starter", only=contents)] == ids[100:]
        assert [found.model for found in store.corrections(only=[bytes.fromhex(hashes[0])])] == ["starter", "bricks"]
        assert store.corrections(only=[]) == []
        assert list(store.labels(only=contents)) == [bytes.fromhex(one) for one in reversed(hashes[:1100])]

    def test_models_have_labels_and_an_undo_of_their_own(self, store: TrainingDataStore) -> None:
        mine = replace(correction(A.hexdigest(), corrected="brick 2x4"), model="bricks")
        store.add([correction(A.hexdigest(), corrected="wood")])
        store.add([mine])
        assert {k: v.category for k, v in store.labels(model="bricks").items()} == {A.digest(): "brick 2x4"}
        assert {k: v.category for k, v in store.labels().items()} == {A.digest(): "wood"}
        assert store.labels(only=[b"0" * 32]) == {}
        assert set(store.labels(only=[b"0" * 32, A.digest()])) == {A.digest()}
        assert [step.corrections[0].model for step in store.undo(2, model="starter")] == ["starter"]
        assert store.next_undo(model="starter") is None
        assert store.labels() == {}
        assert store.labels(model="bricks")
        assert [step.corrections[0].model for step in store.redo(model="starter")] == ["starter"]

    def test_the_last_correction_of_a_picture_is_its_label_and_counts(self, store: TrainingDataStore) -> None:
        store.add([replace(correction(A.hexdigest()), timestamp="2024-01-02T00:00:00", annotator="Ada")])
        store.add([replace(correction(A.hexdigest(), corrected="wood"), timestamp="2024-01-01T00:00:00")])
        assert store.labels() == {A.digest(): Label("wood", "", "2024-01-01T00:00:00", "a.dds")}
        assert store.category_counts() == {"wood": 1}
        assert store.confusion() == {("stone", "wood"): 1}
        store.undo()
        assert store.labels() == {A.digest(): Label("metal", "Ada", "2024-01-02T00:00:00", "a.dds")}
        assert store.confusion() == {("stone", "metal"): 1}

    def test_corrections_without_a_hash_count_each(self, store: TrainingDataStore) -> None:
        store.add([correction(), correction()])
        assert store.confusion() == {("stone", "metal"): 2}
        assert store.labels() == {}


class TestUndo:
    def test_ten_thousand_go_and_come_in_one_step(self, store: TrainingDataStore) -> None:
        store.add([correction(f"{number:064x}") for number in range(10_000)])
        (undone,) = store.undo()
        assert (undone.action, len(undone.corrections)) == ("recorded", 10_000)
        assert store.count() == 0
        store.redo()
        assert store.count() == len(store.labels()) == 10_000

    def test_many_steps_go_in_one_go(self, store: TrainingDataStore) -> None:
        ids = [store.add([correction()])[0] for _ in range(5)]
        assert [step.corrections[0].id for step in store.undo(3)] == ids[:1:-1]
        assert [found.id for found in store.corrections()] == ids[:2]
        assert [step.corrections[0].id for step in store.redo(10**30)] == ids[2:]
        assert store.undo(0) == []

    def test_a_deletion_can_be_undone_and_says_what_it_was(self, store: TrainingDataStore) -> None:
        first, second = store.add([correction(), correction(corrected="wood")])
        assert store.delete([second, 99]) == 1
        step = store.next_undo()
        assert step is not None
        assert (step.action, [gone.id for gone in step.corrections]) == ("deleted", [second])
        assert store.undo() == [step]
        assert store.next_redo() == step
        assert [found.id for found in store.corrections()] == [first, second]

    def test_an_import_is_one_step_and_wins_until_undone(self, store: TrainingDataStore, tmp_path: Path) -> None:
        with TrainingDataStore(tmp_path / "b.sqlite") as other:
            other.add([correction(A.hexdigest(), corrected="wood"), correction(B.hexdigest())])
            other.export_history(tmp_path / "b.json")
        store.add([correction(A.hexdigest())])
        assert store.import_history(tmp_path / "b.json") == 2
        assert store.labels()[A.digest()].category == "wood"
        assert store.undo()[0].action == "imported"
        assert store.labels()[A.digest()].category == "metal"

    def test_clear_forgets_everything_and_no_id_comes_again(self, store: TrainingDataStore) -> None:
        ids = store.add([correction(), correction()])
        store.delete(ids[:1])
        assert store.clear() == 1
        assert (store.count(), store.undo(), store.redo()) == (0, [], [])
        assert store.add([correction()])[0] > ids[-1]


class TestSharing:
    def test_the_workspace_is_the_default(self, workspace: Path) -> None:
        with TrainingDataStore() as store:
            store.add([correction()])
        database = open_workspace(workspace)
        borrowed = TrainingDataStore(database)
        assert borrowed.count() == 1
        borrowed.close()
        assert borrowed.count() == 1
        database.close()
        with pytest.raises(WorkspaceError, match="has been closed"):
            borrowed.count()

    def test_the_version_tells_of_changes_by_others(self, store: TrainingDataStore) -> None:
        with TrainingDataStore(store._database.path) as other:
            before = store.version()
            other.add([correction()])
            assert store.version() > before

    def test_the_version_rises_by_one_with_a_change_and_not_without(self, store: TrainingDataStore) -> None:
        def rises(by: int) -> None:
            nonlocal before
            assert store.version() == before + by
            before += by

        before = store.version()
        store.add([])
        store.delete([7])
        store.undo()
        store.redo()
        rises(0)
        ids = store.add([correction(), correction()])
        rises(1)
        store.delete(ids)
        rises(1)
        store.undo(2)
        rises(1)
        store.undo()
        rises(0)
        store.redo(9)
        rises(1)

    def test_threads_write_side_by_side(self, store: TrainingDataStore) -> None:
        def write(number: int) -> None:
            for _ in range(20):
                store.add([replace(correction(), annotator=str(number))] * 3)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert Counter(found.annotator for found in store.corrections()) == {str(number): 60 for number in range(4)}

    def test_a_full_disk_is_one_sentence_and_keeps_what_was_there(self, store: TrainingDataStore) -> None:
        store.add([correction()])
        pages = store._database.query("PRAGMA page_count")[0][0]
        store._database.query(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(WorkspaceError, match="the disk is full; free some space and try again"):
            store.add([correction()] * 1000)
        assert store.count() == 1


Step = tuple[str, list[Correction]]


class Machine(RuleBasedStateMachine):
    """The store against two lists: what was done, and what was undone of it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "a.sqlite"
        self.done: list[Step] = []
        self.undone: list[Step] = []

    @initialize()
    def open(self) -> None:
        self.store = TrainingDataStore(self.path)

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def active(self) -> list[Correction]:
        kept: dict[int, Correction] = {}
        for action, corrections in self.done:
            for one in corrections:
                if action == "deleted":
                    del kept[one.id]
                else:
                    kept[one.id] = one
        return [kept[number] for number in sorted(kept)]

    @rule(
        given=st.lists(
            st.tuples(st.sampled_from([None, *"abc"]), st.sampled_from([None, *"xyz"]), st.sampled_from("xyz")),
            min_size=1,
            max_size=4,
        )
    )
    def record(self, given: list[tuple[str | None, str | None, str]]) -> None:
        made = [
            replace(
                correction(hashlib.sha256(name.encode()).hexdigest() if name else None, original, corrected),
                timestamp="2024-01-01T00:00:00",
            )
            for name, original, corrected in given
        ]
        ids = self.store.add(made)
        assert ids == sorted(set(ids))
        self.done.append(("recorded", [replace(one, id=number) for one, number in zip(made, ids, strict=True)]))
        self.undone.clear()

    @rule(choose=st.data())
    def delete(self, choose: st.DataObject) -> None:
        chosen = choose.draw(st.lists(st.sampled_from([0, *(one.id for one in self.active())]), max_size=3))
        gone = [one for one in self.active() if one.id in chosen]
        assert self.store.delete(chosen) == len(gone)
        if gone:
            self.done.append(("deleted", gone))
            self.undone.clear()

    @rule(steps=st.integers(0, 3))
    def undo(self, steps: int) -> None:
        expected = [self.done.pop() for _ in range(min(steps, len(self.done)))]
        assert [(step.action, list(step.corrections)) for step in self.store.undo(steps)] == expected
        self.undone += expected

    @rule(steps=st.integers(0, 3))
    def redo(self, steps: int) -> None:
        expected = [self.undone.pop() for _ in range(min(steps, len(self.undone)))]
        assert [(step.action, list(step.corrections)) for step in self.store.redo(steps)] == expected
        self.done += expected

    @rule()
    def clear(self) -> None:
        assert self.store.clear() == len(self.active())
        self.done.clear()
        self.undone.clear()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = TrainingDataStore(self.path)

    @invariant()
    def agrees(self) -> None:
        active = self.active()
        assert self.store.corrections() == active
        assert self.store.count() == len(active)
        latest = {one.texture_hash or str(one.id): one for one in active}
        assert {content.hex(): label.category for content, label in self.store.labels().items()} == {
            one.texture_hash: one.corrected_category for one in latest.values() if one.texture_hash
        }
        assert self.store.category_counts() == Counter(one.corrected_category for one in latest.values())
        assert self.store.confusion() == Counter(
            (one.original_category, one.corrected_category) for one in latest.values() if one.original_category
        )
        steps = [(step.action, list(step.corrections)) for step in [self.store.next_undo()] if step]
        assert steps == self.done[-1:]


class TestMachine(Machine.TestCase):
    settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
