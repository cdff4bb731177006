"""Labels of every kind, made in a real window with the mouse and the keys alone; then read by the COCO tools."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from pycocotools.coco import COCO
from pytestqt.qtbot import QtBot

from desktop.window import MainWindow
from tests.desktop.widgets.stage import QUIET
from tests.end_to_end.dataset_hands import Key
from tests.end_to_end.label_hands import CanvasHands, choose_file
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.values import Boxes, Category, Grade, Mask, Shape, Tags, Targets
from training.labelling.geometry import mask_iou

pytestmark = [
    QUIET,  # a file chooser, without a screen
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),  # pycocotools' own
]

TRAITS = HeadDef("traits", "tags", ("dark", "wooden", "open"))
WEAR = HeadDef("wear", "grade", options={"low": 1, "high": 10})
THINGS = HeadDef("things", "boxes", ("drawer", "handle"))
AREA = HeadDef("area", "mask", ("background", "drawer", "frame", "handle", "surface", "other"))
BORDER = HeadDef("border", "boxes", ("outer", "inner"), {"quads": True})
RECOLOURED = HeadDef("recoloured", "image", options={"roles": ["recoloured"]})

CABINET = "s000_src.png"
CARD = "c000.jpg"
OUTLINE = ((40, 60), (120, 50), (200, 80), (190, 180), (60, 200))


@pytest.fixture
def pictures(data: Path, tmp_path: Path) -> Path:
    """Cabinets and cards, each in its folder, and a cabinet about which nobody has said anything."""
    root = tmp_path / "things"
    for folder, names, source in (
        ("cabinet", (CABINET, "s001_src.png"), data / "furniture" / "images"),
        ("card", (CARD, "c001.jpg"), data / "cards" / "images"),
        ("", ("s002_src.png",), data / "furniture" / "images"),
    ):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(source / name, root / folder / name)
    return root


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow, pictures: Path) -> CanvasHands:
    found = CanvasHands(qtbot, window)
    found.bring(pictures)
    found.ask(TRAITS, WEAR, THINGS, AREA, BORDER, RECOLOURED)
    found.open_tab()
    return found


def test_every_kind_is_labelled_by_hand_and_read_by_the_coco_tools(
    hands: CanvasHands, data: Path, tmp_path: Path
) -> None:
    items = {hands.item(one).name: one for one in hands.shown}
    cabinet, card = items[CABINET], items[CARD]
    say_names_and_grade(hands, items["s002_src.png"])
    shapes = draw_shapes(hands, cabinet)
    painted = paint(hands, cabinet, data)
    borders = click_corners(hands, card, data)
    choose_target(hands, cabinet, data)

    hands.press("Versions")
    hands.press("Export")
    panel = hands.page.tabs["versions"].panel  # type: ignore[attr-defined]
    hands.wait(panel.isVisible)
    hands.click(panel.format.buttons["coco"])
    choose_file(tmp_path)
    hands.press("Choose a folder")
    hands.wait(lambda: "5 pictures written to things 2." in hands.receipts)
    written = tmp_path / "things 2" / "annotations"

    things = read_coco(written / "things_unsplit.json")
    assert boxes_of(things, CABINET) == shapes.to_json()
    assert things.imgs[image_of(things, "s001_src.png")]["labelled"] is False
    said = things.imgs[image_of(things, "s002_src.png")]["labels"]
    assert said == {"category": "cabinet", "traits": ["open"], "wear": 8.5}

    area = read_coco(written / "area_unsplit.json")
    names = {one["id"]: one["name"] for one in area.loadCats(area.getCatIds())}
    regions = area.loadAnns(area.getAnnIds(imgIds=[image_of(area, CABINET)]))
    assert all(isinstance(one["segmentation"], dict) for one in regions), "run lengths"
    found = {names[one["category_id"]]: area.annToMask(one).astype(np.bool_) for one in regions}
    assert {name: found[name].sum() for name in found} == {
        name: (painted == index).sum() for index, name in enumerate(AREA.categories) if (painted == index).any()
    }
    for index, name in enumerate(AREA.categories):
        assert np.array_equal(found.get(name, np.zeros_like(painted, np.bool_)), painted == index)

    corners = read_coco(written / "border_unsplit.json")
    assert boxes_of(corners, CARD) == borders.to_json()
    assert any("1 label of recoloured left out" in one for one in hands.notices)


# -- the hands --------------------------------------------------------------------------------------------------------


def say_names_and_grade(hands: CanvasHands, item: int) -> None:
    """A category by its number, a tag that is put on and one that is taken off again, a grade by digits."""
    hands.turn_to("category", item)
    hands.tap(Key.Key_1)
    assert hands.value("category", item) == Category("cabinet")
    hands.turn_to("traits", item)
    hands.tap(Key.Key_3, Key.Key_1, Key.Key_1, Key.Key_Return)
    assert hands.value("traits", item) == Tags(frozenset({"open"}))
    hands.turn_to("wear", item)
    hands.tap(Key.Key_8, Key.Key_Period, Key.Key_Return)
    assert hands.value("wear", item) == Grade(8.5)


def draw_shapes(hands: CanvasHands, item: int) -> Boxes:
    """Two boxes and an outline of five clicks; what is called otherwise is named once it is drawn."""
    hands.turn_to("things", item)
    hands.tap(Key.Key_1)
    hands.drag((20, 30), (60, 70), (110, 90))
    hands.drag((140, 150), (150, 190), (170, 230))
    hands.tap(Key.Key_2)
    hands.tap(Key.Key_P)
    clicked = [quarters(hands.exact(*place)) for place in OUTLINE]
    hands.click_at(*OUTLINE)
    hands.tap(Key.Key_Return, Key.Key_1)
    value = hands.value("things", item)
    assert isinstance(value, Boxes)
    first, second, outline = value.shapes
    assert first == Shape("drawer", 20, 30, 90, 60)
    assert second == Shape("handle", 140, 150, 30, 80)
    assert (outline.category, outline.polygons) == ("drawer", (tuple(side for place in clicked for side in place),))
    return value


def paint(hands: CanvasHands, item: int, data: Path) -> NDArray[np.uint8]:
    """A worktop point by point, a drawer from a rough box, a stroke of the brush; uint8 (H, W)."""
    truth = cv2.imread(str(data / "furniture" / "masks" / CABINET.replace("_src", "")), cv2.IMREAD_UNCHANGED)
    _, _, stats, _ = cv2.connectedComponentsWithStats((truth == 1).astype(np.uint8), connectivity=8)
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    left, top, width, height, _ = (int(side) for side in stats[largest])
    hands.turn_to("area", item)

    hands.tap(Key.Key_2, Key.Key_R)
    hands.drag((left - 3, top - 2), (left + 20, top + 20), (left + width + 2, top + height + 4))
    hands.wait(lambda: isinstance(hands.value("area", item), Mask))
    drawer = pixels(hands, item) == 1
    there = np.zeros_like(drawer)
    there[top : top + height, left : left + width] = truth[top : top + height, left : left + width] == 1
    assert mask_iou(drawer, there) > 0.8

    hands.tap(Key.Key_5, Key.Key_P)
    corners = ((10, 220), (90, 215), (80, 250), (12, 245))
    area = outlined([quarters(hands.exact(*place)) for place in corners], truth.shape)
    hands.click_at(*corners)
    hands.tap(Key.Key_Return)
    hands.tap(Key.Key_6, Key.Key_B, Key.Key_BracketRight)
    hands.drag((200, 20), (230, 30), (240, 60))
    found = pixels(hands, item)
    assert np.array_equal(found == 4, area)
    assert np.array_equal(found == 1, drawer & ~area & (found != 5))
    stroke = found == 5
    ends = [hands.exact(*place) for place in ((200, 20), (230, 30), (240, 60))]
    radius = max(truth.shape) / 60 * 1.25
    assert np.array_equal(stroke, near_line(ends[0], ends[1], radius) | near_line(ends[1], ends[2], radius))
    return found


def click_corners(hands: CanvasHands, item: int, data: Path) -> Boxes:
    """The outer border by four rough clicks that snap, the inner one by clicks that count as they are."""
    truth = json.loads((data / "cards" / "truth" / CARD.replace("jpg", "json")).read_text())
    hands.turn_to("border", item)
    outer = np.array(truth["outer_quad"])
    hands.click_at(*((x + 3, y - 3) for x, y in outer.tolist()))
    hands.wait(lambda: "Snapped outer to its edges" in "\n".join(hands.steps()))
    hands.click(hands.tool("snaps"))
    inner = [(x + 1, y + 1) for x, y in truth["inner_quad"]]
    clicked = [quarters(hands.exact(*place)) for place in inner]
    hands.click_at(*inner)
    value = hands.value("border", item)
    assert isinstance(value, Boxes)
    first, second = value.shapes
    assert (first.category, second.category) == ("outer", "inner")
    assert np.hypot(*(np.reshape(first.polygons[0], (4, 2)) - outer).T).max() < 1.5
    assert second.polygons == (tuple(side for place in clicked for side in place),)
    return value


def choose_target(hands: CanvasHands, item: int, data: Path) -> None:
    """The same cabinet in another colour, from a file."""
    path = data / "furniture" / "images" / CABINET.replace("src", "t1")
    hands.turn_to("recoloured", item)
    choose_file(path)
    hands.tap(Key.Key_O)
    value = hands.value("recoloured", item)
    assert isinstance(value, Targets)
    (target,) = value.targets
    assert target.role == "recoloured"
    assert hands.page.state.store.blobs.read(target.blob) == path.read_bytes()


# -- what was meant, and what is there --------------------------------------------------------------------------------


def quarters(place: tuple[float, float]) -> tuple[float, float]:
    """Outlines lie on quarters of a pixel."""
    return np.floor(place[0] * 4 + 0.5) / 4, np.floor(place[1] * 4 + 0.5) / 4


def outlined(corners: list[tuple[float, float]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Bool (H, W): the pixels whose centres lie inside."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    inside = np.zeros(shape, np.bool_)
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        crosses = (ay > y) != (by > y)
        inside ^= crosses & (x < (bx - ax) * (y - ay) / ((by - ay) or 1) + ax)
    return inside


def near_line(a: tuple[float, float], b: tuple[float, float], radius: float) -> NDArray[np.bool_]:
    y, x = np.mgrid[:256, :256] + 0.5
    along = (b[0] - a[0], b[1] - a[1])
    share = np.clip(((x - a[0]) * along[0] + (y - a[1]) * along[1]) / (along[0] ** 2 + along[1] ** 2), 0, 1)
    return np.hypot(x - a[0] - share * along[0], y - a[1] - share * along[1]) <= radius


def pixels(hands: CanvasHands, item: int) -> NDArray[np.uint8]:
    value = hands.value("area", item)
    assert isinstance(value, Mask)
    return read_mask(hands.page.state.store.blobs, value)


def read_coco(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def image_of(coco: COCO, name: str) -> int:
    (found,) = (number for number, one in coco.imgs.items() if Path(one["file_name"]).name == name)
    return found


def boxes_of(coco: COCO, name: str) -> list[dict[str, object]]:
    """As ``Boxes.to_json`` says them."""
    names = {one["id"]: one["name"] for one in coco.loadCats(coco.getCatIds())}
    return [
        {"category": names[one["category_id"]], "box": one["bbox"]}
        | ({"polygons": one["segmentation"]} if one["segmentation"] else {})
        for one in coco.loadAnns(coco.getAnnIds(imgIds=[image_of(coco, name)]))
    ]
