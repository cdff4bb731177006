"""Labels for others: from the previous picture, to near duplicates of real files, to the rest of a burst or series."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from models.database import open_cache
from models.errors import DatasetError
from tests.training.datasets.making import MATERIAL, METAL, STONE, WOOD, item
from training.datasets.heads import HeadDef
from training.datasets.masks import put_mask, read_mask
from training.datasets.quality.facts import Facts
from training.datasets.quality.gathering import gather
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Mask, Shape, Target, Targets
from training.labelling.spreading import carry_out, copy_label, to_burst, to_near_duplicates

THINGS = HeadDef("things", "boxes", ("drawer",))
PARTS = HeadDef("parts", "mask", ("floor", "frame"))


def sized(name: str, width: int, height: int, **facts: object) -> NewItem:
    made = item(name, **facts)
    return NewItem(made.content, made.path, width=width, height=height, size=9, group=made.group)


def names(store: DatasetStore, dataset: int) -> dict[str, int]:
    return {one.name.removesuffix(".png"): one.id for one in store.items(dataset)}


class TestCopy:
    @pytest.fixture
    def dataset(self, store: DatasetStore) -> int:
        number = store.create("set", [MATERIAL, THINGS, PARTS, HeadDef("normals", "image")]).id
        pictures = [("a", 400, 200), ("same", 400, 200), ("half", 200, 100), ("tall", 200, 400), ("lost", 0, 0)]
        store.add_items(number, [sized(*one) for one in pictures])
        return number

    def test_a_name_is_copied_whatever_the_size(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        store.set_labels(dataset, "material", {ids["a"]: WOOD, ids["same"]: METAL})
        plan = copy_label(store, dataset, "material", ids["a"], [ids["same"], ids["tall"], ids["lost"]])
        assert plan.labels == {ids["same"]: WOOD, ids["tall"]: WOOD, ids["lost"]: WOOD}
        assert (plan.notes, plan.left_out) == ({}, {})
        saved = carry_out(store, dataset, plan, annotator="Ada")
        assert saved.conflicts == {}
        assert store.labels(dataset, "material")[ids["same"]] == WOOD
        assert store.steps(dataset)[0].action == "Copied a label of material to 3 pictures"
        store.undo(dataset)
        assert store.labels(dataset, "material") == {ids["a"]: WOOD, ids["same"]: METAL}

    def test_what_has_another_label_may_keep_it(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        store.set_labels(dataset, "material", {ids["a"]: WOOD, ids["same"]: METAL, ids["half"]: WOOD})
        others = [ids["same"], ids["half"], ids["tall"]]
        plan = copy_label(store, dataset, "material", ids["a"], others, overwrite=False)
        assert plan.labels == {ids["tall"]: WOOD}
        assert plan.left_out == {
            ids["same"]: "It has another label, which stays.",
            ids["half"]: "Its label says so already.",
        }
        assert "1 picture left out: it has another label" in plan.words

    def test_shapes_are_brought_to_the_size_and_that_is_said(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        store.set_labels(dataset, "things", {ids["a"]: Boxes((Shape("drawer", 40, 20, 100, 50),))})
        others = [ids[name] for name in ("same", "half", "tall", "lost")]
        plan = copy_label(store, dataset, "things", ids["a"], others)
        assert plan.labels[ids["same"]] == Boxes((Shape("drawer", 40, 20, 100, 50),))
        assert plan.labels[ids["half"]] == Boxes((Shape("drawer", 20, 10, 50, 25),))
        assert plan.labels[ids["tall"]] == Boxes((Shape("drawer", 20, 40, 50, 100),))
        assert plan.notes == {
            ids["half"]: "Brought from 400 × 200 to 200 × 100 pixels.",
            ids["tall"]: "Stretched from 400 × 200 to 200 × 400 pixels.",
        }
        assert list(plan.left_out) == [ids["lost"]]

    def test_masks_too(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        indices = np.zeros((200, 400), np.uint8)
        indices[:, 200:] = 1
        store.set_labels(dataset, "parts", {ids["a"]: put_mask(store.blobs, indices)})
        plan = copy_label(store, dataset, "parts", ids["a"], [ids["half"]])
        mask = plan.labels[ids["half"]]
        assert isinstance(mask, Mask)
        assert np.array_equal(read_mask(store.blobs, mask), indices[::2, ::2])

    def test_what_another_window_has_said_since_the_plan_stays(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        store.set_labels(dataset, "material", {ids["a"]: WOOD, ids["same"]: METAL})
        plan = copy_label(store, dataset, "material", ids["a"], [ids["same"], ids["half"]])
        store.set_labels(dataset, "material", {ids["same"]: STONE, ids["half"]: STONE})
        assert set(carry_out(store, dataset, plan).conflicts) == {ids["same"], ids["half"]}

    def test_what_can_not_be_copied(self, store: DatasetStore, dataset: int) -> None:
        ids = names(store, dataset)
        with pytest.raises(DatasetError, match="no label of material to copy"):
            copy_label(store, dataset, "material", ids["a"], [ids["half"]])
        store.set_labels(dataset, "normals", {ids["a"]: Targets((Target(path="/a.png"),))})
        with pytest.raises(DatasetError, match="belongs to one picture alone"):
            copy_label(store, dataset, "normals", ids["a"], [ids["half"]])
        store.set_labels(dataset, "material", {ids["a"]: WOOD})
        store.trash_items(dataset, [ids["a"]])
        with pytest.raises(DatasetError, match="not in the dataset any more"):
            copy_label(store, dataset, "material", ids["a"], [ids["half"]])


class TestBurst:
    def test_the_rest_of_a_group(self, store: DatasetStore) -> None:
        dataset = store.create("set", [MATERIAL]).id
        store.add_items(dataset, [item("x", group="one"), item("y", group="one"), item("z", group="two")])
        ids = names(store, dataset)
        store.set_labels(dataset, "material", {ids["x"]: WOOD})
        plan = to_burst(store, dataset, "material", ids["x"])
        assert plan.labels == {ids["y"]: WOOD}
        assert plan.words == "1 picture of the group one would get this label."

    def test_without_a_group_the_rest_of_its_series(self, store: DatasetStore) -> None:
        dataset = store.create("set", [MATERIAL]).id
        there = ["wall_01", "wall_02", "wall_03", "floor_01", "floor_02", "sky"]
        store.add_items(dataset, [item(name) for name in there])
        ids = names(store, dataset)
        labels = {"wall_01": STONE, "floor_01": STONE, "floor_02": STONE, "sky": STONE}
        store.set_labels(dataset, "material", {ids[name]: value for name, value in labels.items()})
        plan = to_burst(store, dataset, "material", ids["wall_01"])
        assert plan.labels == {ids["wall_02"]: STONE, ids["wall_03"]: STONE}
        assert plan.words == "2 pictures of its series would get this label."

    def test_the_numbering_of_a_camera_is_no_series(self, store: DatasetStore) -> None:
        dataset = store.create("set", [MATERIAL]).id
        store.add_items(dataset, [item(f"IMG_{number:04}") for number in range(6)])
        ids = names(store, dataset)
        store.set_labels(dataset, "material", {ids["IMG_0000"]: WOOD})
        assert to_burst(store, dataset, "material", ids["IMG_0000"]).labels == {}
        store.add_items(dataset, [item(f"other {name}") for name in "abcdefgh"])
        assert len(to_burst(store, dataset, "material", ids["IMG_0000"]).labels) == 5
        store.set_labels(dataset, "material", {ids["IMG_0003"]: METAL})
        assert to_burst(store, dataset, "material", ids["IMG_0000"]).labels == {}


class TestNearDuplicates:
    """Real files: a texture, itself at half the size, brighter, with its edges cut off, and others."""

    @pytest.fixture
    def files(self, data: Path, tmp_path: Path) -> dict[str, Path]:
        rgb = cv2.imread(str(data / "textures" / "brick" / "nex_bricks01.jpg"))
        other = cv2.imread(str(data / "textures" / "brick" / "nex_brickfloor.jpg"))
        height, width = rgb.shape[:2]
        made = {
            "whole": rgb,
            "half": cv2.resize(rgb, (width // 2, height // 2), interpolation=cv2.INTER_AREA),
            "cut": rgb[height // 40 : height - height // 40, width // 40 : width - width // 40],
            "other": other,
        }
        paths = {name: tmp_path / f"{name}.png" for name in made}
        for name, pixels in made.items():
            cv2.imwrite(str(paths[name]), pixels)
        return paths

    def gathered(
        self, store: DatasetStore, files: dict[str, Path], tmp_path: Path
    ) -> tuple[int, dict[str, int], Facts]:
        dataset = store.create("set", [MATERIAL, THINGS]).id
        new = []
        for path in files.values():
            height, width = cv2.imread(str(path)).shape[:2]
            content = hashlib.sha256(path.read_bytes()).digest()
            new.append(NewItem(content, os.fsencode(path), width=width, height=height, size=path.stat().st_size))
        store.add_items(dataset, new)
        (tmp_path / "cache").mkdir()
        with contextlib.closing(open_cache(tmp_path / "cache")) as cache:
            facts = gather(store, dataset, cache, None)
        return dataset, names(store, dataset), facts

    def test_a_name_goes_to_the_same_picture_and_no_further(
        self, store: DatasetStore, files: dict[str, Path], tmp_path: Path
    ) -> None:
        dataset, ids, facts = self.gathered(store, files, tmp_path)
        store.set_labels(dataset, "material", {ids["whole"]: METAL})
        plan = to_near_duplicates(store, facts, dataset, "material", ids["whole"])
        assert ids["half"] in plan.labels
        assert ids["other"] not in plan.labels
        assert plan.action.startswith("Copied a label of material to ")

    def test_shapes_go_to_what_is_the_same_beyond_doubt(
        self, store: DatasetStore, files: dict[str, Path], tmp_path: Path
    ) -> None:
        dataset, ids, facts = self.gathered(store, files, tmp_path)
        whole = next(one for one in store.items(dataset) if one.id == ids["whole"])
        box = Shape("drawer", 0, 0, whole.width / 2, whole.height)
        store.set_labels(dataset, "things", {ids["whole"]: Boxes((box,))})
        plan = to_near_duplicates(store, facts, dataset, "things", ids["whole"])
        assert list(plan.labels) == [ids["half"]]
        (shape,) = plan.labels[ids["half"]].shapes  # type: ignore[union-attr]
        assert shape.width == pytest.approx(whole.width / 4, abs=1)
        assert plan.notes[ids["half"]].startswith("Brought from")
        assert ids["cut"] not in plan.labels

    def test_a_picture_without_near_duplicates(
        self, store: DatasetStore, files: dict[str, Path], tmp_path: Path
    ) -> None:
        dataset, ids, facts = self.gathered(store, files, tmp_path)
        store.set_labels(dataset, "material", {ids["other"]: METAL})
        plan = to_near_duplicates(store, facts, dataset, "material", ids["other"])
        assert (plan.labels, plan.words) == ({}, "0 near duplicates would get this label.")
