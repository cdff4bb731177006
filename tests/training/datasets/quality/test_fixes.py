"""What each fix does to a dataset in the store: one step, that says in words what it did and can be taken back."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from training.datasets.heads import HeadDef
from training.datasets.quality.finding import (
    DropCategories,
    DropQuestion,
    Finding,
    Fix,
    ForgetPlaces,
    Relabel,
    SetSplits,
    Trash,
)
from training.datasets.quality.fixes import apply_fix
from training.datasets.records import Place
from training.datasets.store import DatasetStore

AREAS = HeadDef("areas", "mask", ("ground", "sky"))


@pytest.fixture
def dataset(store: DatasetStore) -> int:
    made = store.create("set", [MATERIAL, AREAS]).id
    store.add_items(made, [item(name, {"material": WOOD if name < "c" else None}, split="train") for name in "abcd"])
    return made


def found(kind: str, fix: Fix) -> Finding:
    return Finding(kind, "hint", (), "Something is wrong.", fix=fix)


def test_each_fix_is_one_step_that_says_what_it_did(store: DatasetStore, dataset: int) -> None:
    ids = tuple(store.ids(dataset).tolist())
    one, two, three, _ = ids
    before = store.current(dataset)
    fixes: list[tuple[str, Fix, str]] = [
        ("blur", Trash((one, two)), "Moved 2 pictures blurred to the trash"),
        ("leaks", SetSplits({one: "val"}), "Moved 1 picture like others in another split to other splits"),
        ("coverage", SetSplits({three: ""}), "Took 1 picture without a label out of the splits"),
        (
            "wrong-labels",
            Relabel("material", {one: STONE, two: METAL}),
            "Labelled material of 2 pictures with probably wrong labels",
        ),
        (
            "scarce-categories",
            Relabel("material", {one: None}),
            "Took the label of material from 1 picture of categories that have too few",
        ),
        ("unused-categories", DropCategories("material", ("stone",)), "Removed 1 category that nobody uses"),
        ("unused-categories", DropCategories("areas", ("ground", "sky")), "Removed 2 categories that nobody uses"),
    ]
    for kind, fix, words in fixes:
        step = apply_fix(store, dataset, found(kind, fix))
        (last,) = store.steps(dataset, 1)
        assert (last.id, last.action) == (step, words)
        assert store.current(dataset) != before
        store.undo(dataset)
        assert store.current(dataset) == before


def test_labels_of_the_program_say_so_and_leave_alone_what_a_person_has_said(store: DatasetStore, dataset: int) -> None:
    ids = store.ids(dataset).tolist()
    fix = Relabel("material", dict.fromkeys(ids[1:], STONE), origin="model", annotator="Sortwerk")
    assert apply_fix(store, dataset, found("unknown-labels", fix), annotator="Ann") is not None
    facts = store.label_facts(dataset, "material")
    assert facts[ids[1]].value == WOOD
    assert [(facts[one].value, facts[one].origin, facts[one].annotator) for one in ids[2:]] == [
        (STONE, "model", "Sortwerk")
    ] * 2
    assert store.guessed(dataset, "material") == set(ids[2:])
    assert store.steps(dataset, 1)[0].action == "Labelled material of 2 pictures whose label was unknown"
    assert apply_fix(store, dataset, found("unknown-labels", fix)) is None
    only = replace(fix).only(ids[:2])
    assert (only.origin, only.annotator, only.count) == ("model", "Sortwerk", 1)
    store.undo(dataset)
    assert store.guessed(dataset, "material") == set()


def test_the_place_that_is_kept_has_a_file_and_no_file_is_touched(
    store: DatasetStore, dataset: int, tmp_path: Path
) -> None:
    there, other = tmp_path / "there.png", tmp_path / "other.png"
    for path in (there, other):
        path.write_bytes(b"x")
    places = [os.fsencode(path) for path in (other, there)]
    store.add_items(dataset, [replace(item(name), path=path) for name, path in zip("ab", places, strict=True)])
    store.add_items(dataset, [replace(item("a"), path=b"/nowhere/a.png"), replace(item("c"), path=b"/nowhere/c.png")])
    one, two, three, four = store.ids(dataset).tolist()
    before = [store.places(each) for each in (one, two, three)]
    step = apply_fix(store, dataset, found("exact-duplicates", ForgetPlaces((one, two, three, four))))
    assert step is not None
    assert store.steps(dataset, 1)[0].action == "Forgot 4 further places of 3 pictures"
    assert store.places(one) == [Place(os.fsencode(other))], "the first place is gone, the second is not"
    assert store.places(two) == [Place(os.fsencode(there))]
    assert store.places(three) == before[2][:1], "where none has a file, the first stays"
    assert store.places(four) == [Place(b"/pictures/d.png")]
    assert store.items(dataset)[0].mtime_ns == other.stat().st_mtime_ns
    assert there.exists()
    assert other.exists()
    store.undo(dataset)
    assert [store.places(each) for each in (one, two, three)] == before
    assert apply_fix(store, dataset, found("exact-duplicates", ForgetPlaces((four,)))) is None


def test_a_question_that_has_been_answered_meanwhile_stays(store: DatasetStore, dataset: int) -> None:
    with pytest.raises(DatasetError, match="material has answers by now; check again"):
        apply_fix(store, dataset, found("unknown-labels", DropQuestion("material")))
    assert apply_fix(store, dataset, found("unknown-labels", DropQuestion("areas"))) is not None
    assert [one.name for one in store.dataset(dataset).heads] == ["material"]
    store.undo(dataset)
    assert [one.name for one in store.dataset(dataset).heads] == ["material", "areas"]


def test_a_category_that_only_the_trash_names_goes_and_comes_back(store: DatasetStore, dataset: int) -> None:
    ids = store.ids(dataset).tolist()
    store.trash_items(dataset, ids[:1])
    with pytest.raises(DatasetError, match="1 picture is labelled wood; merge"):
        apply_fix(store, dataset, found("unused-categories", DropCategories("material", ("wood",))))
    store.trash_items(dataset, ids[1:2])
    apply_fix(store, dataset, found("unused-categories", DropCategories("material", ("stone", "wood"))))
    assert store.dataset(dataset).head("material").categories == ("metal",)
    store.restore_items(dataset, ids[:2])
    assert store.dataset(dataset).head("material").categories == ("metal", "wood")
    assert store.items(dataset)[0].labels == {"material": WOOD}
    assert apply_fix(store, dataset, found("unused-categories", DropCategories("material", ("stone",)))) is None
