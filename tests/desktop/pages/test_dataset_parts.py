"""What the tabs of the Dataset page say and do, without a screen."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from desktop.actions.models import new_model
from desktop.pages.dataset import dividing, importing
from desktop.pages.dataset.checking import Checked, Checking, check, fix, load, since, when
from desktop.pages.dataset.details import read_details
from desktop.pages.dataset.dividing import HOWS, Wish, read_table
from desktop.pages.dataset.freezing import NOW, compare, read_kept
from desktop.pages.dataset.painting import paint
from desktop.pages.dataset.state import DatasetState
from desktop.pages.dataset.wording import counted, day, history_rows, label_note, moment, value_words
from models.errors import Cancelled, DatasetError
from models.library import readable_spec
from tests.conftest import ROOT
from tests.desktop.pages.dataset_pictures import labelled_zip, made, write
from training.correction_record import Correction
from training.correction_store import TrainingDataStore
from training.datasets import splitting
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask
from training.datasets.records import Label, Query
from training.datasets.shapes import Rle
from training.datasets.templates import TEMPLATES
from training.datasets.values import Boxes, Category, Grade, Mask, Shape, Tags, Target, Targets
from training.model_folder import model_id

MATERIAL = HeadDef("material", "categories", ("stone", "wood"))
OBJECTS = HeadDef("objects", "boxes", ("door", "lamp"))
PLACES = HeadDef("places", "mask", ("background", "wall"))
STONE, WOOD = Category("stone"), Category("wood")


@pytest.fixture
def state(workspace: Path) -> Iterator[DatasetState]:
    workspace.mkdir()
    found = DatasetState()
    yield found
    found.close()


# -- words ----------------------------------------------------------------------------------------------------------


def test_labels_in_words() -> None:
    boxes = Boxes((Shape("door", 0, 0, 1, 1), Shape("door", 2, 0, 1, 1), Shape("lamp", 0, 0, 1, 1)))
    assert value_words(MATERIAL, WOOD) == "wood"
    assert value_words(MATERIAL, None) == "Unlabelled"
    assert value_words(OBJECTS, boxes) == "door × 2, lamp"
    assert value_words(OBJECTS, Boxes()) == "Nothing in it"
    assert value_words(PLACES, Mask("0" * 64, 2, 2, (0, 1))) == "background, wall"
    assert value_words(HeadDef("t", "tags", ("b", "a")), Tags(frozenset({"b", "a"}))) == "a, b"
    assert value_words(HeadDef("g", "grade"), Grade(7.5)) == "7.5"
    assert value_words(HeadDef("i", "image"), Targets((Target(path="/a"), Target(path="/b")))) == "2 target pictures"
    assert counted(1) == "1 picture"
    assert counted(3600) == "3,600 pictures"
    assert counted(2, "category", "categories") == "2 categories"


def test_who_said_it_and_when() -> None:
    assert label_note(Label(WOOD, "", "2026-11-24T12:00:00", "person")) == "You, 24 Nov 2026"
    assert label_note(Label(WOOD, "Ada", "2026-11-24T12:00:00", "person")) == "Ada, 24 Nov 2026"
    assert label_note(Label(WOOD, "Ada", "2026-11-24T12:00:00", "import")).startswith("Came with the pictures, by Ada")
    assert day("") == moment("") == ""


def test_history_has_the_last_thing_first(state: DatasetState, tmp_path: Path) -> None:
    (number,) = made(state, tmp_path, (MATERIAL,), [{"material": STONE}])
    dataset = state.selected or 0
    state.store.set_labels(dataset, "material", {number: WOOD})
    state.store.set_splits(dataset, {number: "val"})
    rows = [words for _, words in history_rows(state.store.history(number), [*state.store.dataset(dataset).heads])]
    assert rows[0] == "In no split → Validation"
    assert rows[1] == "material: stone → wood (You)"
    assert any(words.startswith("material: unlabelled → stone") for words in rows)
    state.store.set_opinions(dataset, "material", {number: STONE}, annotator="Bo")
    state.store.set_reviews(dataset, "material", {number: "rejected"}, note="too\ndark", reviewer="Bo")
    rows = [words for _, words in history_rows(state.store.history(number), [*state.store.dataset(dataset).heads])]
    assert rows[0] == "Review of material: rejected by Bo: too dark"
    assert rows[1] == "Second opinion of material: Bo stone"


# -- what comes in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "title", "count", "heads"),
    [
        ("textures", "CSV", 1160, ["category"]),
        ("parts", "CSV", 3600, ["part", "color"]),
        ("furniture", "Pictures and targets", 84, ["recoloured", "component", "instances"]),
        ("photometric", "Photometric stereo", 48, ["normals", "reflectance", "object"]),
    ],
)
def test_the_real_data_sets_are_said_in_words(data: Path, name: str, title: str, count: int, heads: list[str]) -> None:
    found = importing.look_into([data / name])
    assert (found.name, found.title, found.count) == (name, title, count)
    assert [one.name for one in found.heads] == heads
    assert all(how for _, how in importing.questions(found.heads))


def test_pictures_without_labels_become_a_dataset_with_a_question(state: DatasetState, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / "flat" / f"{number}.png", number)
    (tmp_path / "flat" / "notes.txt").write_text("none")
    found = importing.look_into([tmp_path / "flat"])
    assert (found.format, found.count, found.name) == ("", 3, "flat")
    came = importing.bring(state.store, found, "Flat")
    assert came.words == "Added 3 pictures."
    assert [head.name for head in state.store.dataset(came.dataset).heads] == ["category"]
    again = importing.add(state.store, came.dataset, [tmp_path / "flat"], copy=True)
    assert again.words == "Added 0 pictures; 3 were here already."
    assert state.store.count(came.dataset) == 3


@pytest.mark.parametrize("kind", ["folders", "coco"])
def test_a_zip_with_labels_is_looked_into(kind: str, state: DatasetState, tmp_path: Path) -> None:
    path = labelled_zip(tmp_path / "walls.zip", kind)
    found = importing.look_into([path])
    titles = {"folders": "A folder for each category", "coco": "COCO"}
    assert (found.name, found.format, found.title, found.count) == ("walls", kind, titles[kind], 3)
    assert [(one.name, one.categories) for one in found.heads] == [
        ("category", ("stone", "wood")) if kind == "folders" else ("objects", ("stone", "wood"))
    ]
    assert found.problems == ()
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        importing.look_into([path], cancel=stopped)
    came = importing.bring(state.store, found, found.name)
    assert came.words == "3 pictures came in."
    assert state.store.count(came.dataset, Query(unlabelled=True)) == 0


def test_nothing_comes_of_an_empty_folder_or_a_stopped_look(state: DatasetState, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DatasetError, match="no picture in empty"):
        importing.look_into([tmp_path / "empty"])
    write(tmp_path / "one" / "1.png", 1)
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(Cancelled):
        importing.look_into([tmp_path / "one"], cancel=stopped)
    found = importing.look_into([tmp_path / "one"])
    with pytest.raises(Cancelled):
        importing.bring(state.store, found, "One", cancel=stopped)
    assert state.store.datasets() == []


def test_the_sample_has_its_categories(state: DatasetState) -> None:
    came = importing.sample(state.store, ROOT / "assets" / "samples")
    assert state.store.count(came.dataset) == 64
    assert state.store.labelled_count(came.dataset, "material") == 64


def test_without_corrections_there_is_a_sentence(state: DatasetState) -> None:
    with pytest.raises(DatasetError, match="no corrections"):
        importing.from_sort(state.store, "Corrections")


@pytest.mark.parametrize("template", ["", *TEMPLATES])
def test_every_template_makes_a_dataset(state: DatasetState, template: str) -> None:
    made_one = state.store.dataset(importing.make_empty(state.store, "New", template))
    assert made_one.template == template
    assert made_one.heads


# -- dividing -------------------------------------------------------------------------------------------------------


def test_all_ways_to_divide_are_offered() -> None:
    assert set(HOWS) == set(splitting.HOWS)


def test_a_division_changes_nothing_before_it_is_applied(state: DatasetState, tmp_path: Path) -> None:
    labels = [{"material": STONE if number % 2 else WOOD} for number in range(20)]
    ids = made(state, tmp_path, (MATERIAL,), [*labels])
    dataset = state.selected or 0
    plan = dividing.plan(state.store, dataset, Wish("stratified", (70, 15, 15)))
    assert sum(plan.table.totals.values()) == 20
    assert plan.table.totals[""] == 0
    assert read_table(state.store, dataset, "material").totals == {"": 20}
    assert dividing.apply(state.store, dataset, plan) is not None
    after = read_table(state.store, dataset, "material")
    assert after.totals == {split: count for split, count in plan.table.totals.items() if count}
    assert {name: sum(row.values()) for name, row in after.rows.items()} == {"stone": 10, "wood": 10}
    assert dividing.freeze(state.store, dataset) is not None
    frozen = read_table(state.store, dataset, None).frozen
    assert frozen == after.totals["test"]
    again = dividing.plan(state.store, dataset, Wish("ratio", (50, 25, 25), seed=3))
    test = {item.id for item in state.store.items(dataset) if item.split == "test"}
    assert not test & set(again.proposal.moves)
    assert any("frozen test set" in one for one in again.proposal.notices)
    assert dividing.release(state.store, dataset) is not None
    assert dividing.release(state.store, dataset) is None
    assert len(ids) == 20


def test_what_cannot_be_divided_says_why(state: DatasetState, tmp_path: Path) -> None:
    made(state, tmp_path, (HeadDef("quality", "grade"),), [{}] * 5)
    with pytest.raises(DatasetError, match="divide it by ratio"):
        dividing.plan(state.store, state.selected or 0, Wish("stratified", (70, 15, 15)))


# -- versions -------------------------------------------------------------------------------------------------------


def test_versions_and_what_differs(state: DatasetState, tmp_path: Path) -> None:
    ids = made(state, tmp_path, (MATERIAL,), [{"material": STONE}, {"material": WOOD}, {}])
    dataset, store = state.selected or 0, state.store
    first = store.freeze(dataset, "first")
    assert compare(store, dataset, first.hash, NOW) == []
    store.set_labels(dataset, "material", {ids[0]: WOOD, ids[2]: STONE})
    store.set_splits(dataset, {ids[1]: "test"})
    store.trash_items(dataset, [ids[1]])
    second = store.freeze(dataset, "second")
    assert [one.name for one in read_kept(store, dataset).versions] == ["second", "first"]
    assert read_kept(store, dataset).trashed == 1
    places = {
        one.id: one.place for trashed in (False, True) for one in store.items(dataset, where=Query(trashed=trashed))
    }
    rows = {(one.title, one.words): one.places for one in compare(store, dataset, first.hash, second.hash)}
    assert rows == {
        ("Gone", "1 picture"): (places[ids[1]],),
        ("material: stone → wood", "1 picture"): (places[ids[0]],),
        ("material: Unlabelled → stone", "1 picture"): (places[ids[2]],),
    }


def test_datasets_in_the_trash_are_listed(state: DatasetState, tmp_path: Path) -> None:
    made(state, tmp_path, (MATERIAL,), [{}])
    gone = state.store.create("old").id
    state.store.trash(gone)
    assert [one.name for one in read_kept(state.store, state.selected or 0).datasets] == ["old"]


# -- checking -------------------------------------------------------------------------------------------------------


def test_a_check_finds_and_fixes(state: DatasetState, tmp_path: Path) -> None:
    ids = made(state, tmp_path, (MATERIAL,), [{"material": STONE}] * 3 + [{}])
    (tmp_path / "2.png").unlink()
    dataset = state.selected or 0
    steps: list[str] = []
    found = check(state.store, dataset, on_step=steps.append)
    assert steps
    kinds = {one.kind: one for one in found.report.findings}
    assert kinds["missing"].items == (ids[2],)
    assert list(found.groups["material"]) == [0, 0, 0, -1]
    assert len(found.report.places) == 4
    checking = Checking()
    checking.take(dataset, found)
    step = fix(state.store, dataset, found, found.report.findings.index(kinds["missing"]))
    assert step is not None
    checking.fixed[dataset, 0] = step
    assert state.store.count(dataset) == 3
    restarted = Checking()
    restarted.restore(dataset, load(state.store, dataset))
    kept = restarted.checked[dataset]
    assert kept.report.findings == found.report.findings
    assert (kept.last_step, kept.time, kept.groups) == (found.last_step, found.time, {"material": (0, 0, 0, -1)})
    assert restarted.fixed == {(dataset, found.report.findings.index(kinds["missing"])): step}
    assert since(kept, state.store.steps(dataset), step) == "1 change since"
    assert since(kept, state.store.steps(dataset), kept.last_step) == ""
    assert when(kept)
    checking.take(dataset, Checked(found.report, {}, (), step))
    assert checking.fixed == {}


# -- painting -------------------------------------------------------------------------------------------------------


def test_boxes_and_masks_are_painted_where_they_are(state: DatasetState, tmp_path: Path) -> None:
    area = np.zeros((24, 32), np.uint8)
    area[:, 16:] = 1
    mask = put_mask(state.store.blobs, area)
    door = Boxes((Shape("door", 2, 2, 8, 8),))
    runs = Rle((0, 24 * 4, 24 * 28), 24, 32)
    crowd = Boxes((Shape("lamp", 0, 0, 4, 24, rle=runs, crowd=True),))
    ids = made(
        state,
        tmp_path,
        (OBJECTS, PLACES, MATERIAL),
        [{"objects": door}, {"places": mask}, {"objects": crowd}, {"material": STONE}],
    )
    black = np.zeros((240, 320, 3), np.uint8)
    dataset = state.store.dataset(state.selected or 0)

    def painted(place: int) -> np.ndarray | None:
        item = state.load_item(ids[place])
        assert item is not None
        return paint(black, item, dataset.heads, state.store.blobs)

    boxed = painted(0)
    assert boxed is not None
    assert boxed[20:100, 20].any()
    assert not boxed[150:, 150:].any()
    walls = painted(1)
    assert walls is not None
    assert not walls[:, :155].any()
    assert walls[:, 165:].any()
    crowded = painted(2)
    assert crowded is not None
    assert crowded[:, 5:35].any()
    assert not crowded[:, 60:].any()
    assert painted(3) is None
    assert not black.any()


def test_the_inspector_reads_everything_of_a_picture(state: DatasetState, tmp_path: Path) -> None:
    door = Boxes((Shape("door", 2, 2, 8, 8),))
    ids = made(state, tmp_path, (OBJECTS,), [{"objects": door}, {}], {0: "test"})
    found = read_details(state, ids[0])
    assert found is not None
    assert found.painted is not None
    assert found.pixels is not None
    assert (found.painted.width, found.painted.height) == (found.pixels.width, found.pixels.height)
    assert found.pixels.width * found.reduced == pytest.approx(32)
    facts = dict(found.facts)
    assert facts["Split"] == "Test"
    assert facts["Source"] == "drawn"
    assert facts["Size"].startswith("32 × 24 pixels")
    assert found.notes["objects"].startswith("Came with the pictures")
    (tmp_path / "1.png").unlink()
    gone = read_details(state, ids[1])
    assert gone is not None
    assert gone.pixels is None
    assert gone.problem
    assert read_details(state, 10**9) is None


def test_the_corrections_of_every_model_can_be_taken(state: DatasetState, workspace: Path) -> None:
    """Those of one model only: each keeps its own."""
    folder = new_model("Bricks", ["part"])
    own = model_id(folder, readable_spec(folder))
    with TrainingDataStore() as corrections:
        for number, (model, label) in enumerate([("starter", "wood"), (own, "plate"), (own, "beam")]):
            content = hashlib.sha256(bytes([number])).hexdigest()
            head = "part" if model == own else "material"
            corrections.add([Correction(f"{number}.png", label, texture_hash=content, head=head, model=model)])
    assert importing.corrected_models() == {own: "Bricks, 2 pictures", "starter": "Game textures (starter), 1 picture"}
    came = importing.from_sort(state.store, "Mine", own)
    assert state.store.count(came.dataset) == 2
    assert [head.name for head in state.store.dataset(came.dataset).heads] == ["part"]
