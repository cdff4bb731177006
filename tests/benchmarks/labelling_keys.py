"""Keys, clicks and drags that labels cost in the Label tab: ``python -m tests.benchmarks.labelling_keys``.

A person who knows the truth works in a real window; what the system sends to that window is counted. Modifier keys
count as part of the drag or key that they are held for.

- 100 textures of 14 categories: a number where the category has one, its first letters and Enter where it has none;
  then the same person takes what was learned by Enter where that is right, in the order of the pictures and in that of
  "What teaches most".
- 20 cabinets, test and val first: for each part its category by number and a rough box, its sides some pixels off; then
  strokes over the largest piece that is still wrong, ``--strokes`` at most. IoU of the parts against the truth.
- 20 cards of the test split: four clicks some pixels off, which snap; then F first, and clicks where that finds another
  thing. Distance of the corners from the truth, pixels of 384 x 512.

Options: ``--data FOLDER``, ``--textures N``, ``--masks N``, ``--cards N``, ``--strokes N`` (2), ``--jitter PX`` (3),
``--seed N``, ``--only NAME ...``.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.labelling.mask import MaskEditor
from desktop.labelling.names import CategoriesEditor
from desktop.notices import Notices
from desktop.settings import Settings
from desktop.widgets.name_match import rank
from desktop.window import MainWindow
from tests.benchmarks.labelling import BOX_NOISE, CLASSES, apart, largest_stroke, mean_iou, things
from tests.end_to_end.dataset_hands import CONTROL, Key
from tests.end_to_end.label_hands import CanvasHands
from tests.end_to_end.test_window_label import SHIFT
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.values import Boxes, Category, Mask

NUMBERS = 9
MODIFIERS = {Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_Meta}
PATIENCE = 120.0
FAR = 4.0
"""Pixels of the screen between press and release from which on it is a drag."""


class Waiter:
    """As pytest-qt's, for a program."""

    def waitUntil(self, until: Callable[[], bool], timeout: float = 0) -> None:  # noqa: N802 - its name there
        end = time.monotonic() + PATIENCE
        while not until():
            QApplication.processEvents()
            if time.monotonic() > end:
                raise TimeoutError("it takes too long")
            time.sleep(0.001)


@dataclass
class Count:
    """What was pressed."""

    keys: int = 0
    clicks: int = 0
    drags: int = 0

    @property
    def acts(self) -> int:
        return self.keys + self.clicks + self.drags

    def row(self, what: str, pictures: int, found: str) -> str:
        each = f"{self.acts / pictures:.1f}"
        return f"| {what} | {pictures} | {self.keys} | {self.clicks} | {self.drags} | {each} | {found} |"


class Counter(QObject):
    """Counts what windows get from the system: each key and each button once, whatever becomes of it inside."""

    def __init__(self) -> None:
        super().__init__()
        self.count = Count()
        self._pressed = QPointF()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWindow):
            if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
                self.count.keys += Key(event.key()) not in MODIFIERS
            elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonPress:
                self._pressed = event.position()
            elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
                way = event.position() - self._pressed
                far = math.hypot(way.x(), way.y()) > FAR
                self.count.drags += far
                self.count.clicks += not far
        return False

    def start(self) -> None:
        self.count = Count()


class Person(CanvasHands):
    """Hands whose keys and clicks are counted."""

    def __init__(self, window: MainWindow, counter: Counter) -> None:
        super().__init__(Waiter(), window)  # type: ignore[arg-type]  # all that is asked of it
        self.counter = counter

    def begin(self, folder: Path, head: HeadDef) -> None:
        """Bring a folder in, ask a question, open the tab; then count."""
        self.press("Images") if self.datasets else None
        self.bring(folder)
        self.ask(head)
        self.open_tab()
        while self.page.state.head != head.name:
            self.tap(Key.Key_Tab, held=CONTROL)
        self.ready()
        self.wait(lambda: max(self.tab.stage.canvas.picture_size) > 1)
        self.tab.stage.canvas.setFocus()
        self.rest()
        self.counter.start()

    def type(self, text: str) -> None:
        for letter in text:
            self.tap(Key[f"Key_{letter.upper()}"])

    @property
    def current(self) -> int:
        return self.tab.course.labelling.current or 0


# -- textures ---------------------------------------------------------------------------------------------------------


def textures(data: Path, home: Path, count: int, seed: int) -> tuple[Path, dict[str, str], tuple[str, ...]]:
    """A folder of textures that says nothing of their categories; name -> category; all categories."""
    with (data / "textures" / "labels.csv").open() as file:
        rows = list(csv.DictReader(file))
    folder = home / "textures"
    folder.mkdir()
    truth = {}
    for row in random.Random(seed).sample(rows, count):  # noqa: S311 - no secret
        path = Path(row["file"])
        shutil.copy(data / "textures" / path, folder / path.name)
        truth[path.name] = row["category"]
    return folder, truth, tuple(sorted({row["category"] for row in rows}))


def name_textures(
    person: Person, truth: dict[str, str], categories: tuple[str, ...], *, learned: bool, order: str
) -> tuple[Count, int]:
    """What it costs, and how often Enter was enough."""
    taken = 0
    person.tab.course.set_turns(False)
    if order != "shown":
        person.tab.course.set_order(order)
        person.counter.count.clicks += 2  # the menu, and the order in it
        person.wait(lambda: person.tab.course.labelling.order.way.order == order)  # type: ignore[union-attr]
        person.ready()
    for place in range(len(truth)):
        item = person.current
        label = truth[person.item(item).name]
        editor = person.tab.editing.editor
        assert isinstance(editor, CategoriesEditor)
        if learned and place:
            person.kept()
            hear(person)
        proposal = editor._proposal
        if learned and proposal is not None and proposal.draft == Category(label):
            taken += 1
            person.tap(Key.Key_Return)
        elif label in categories[:NUMBERS]:
            person.tap(Key[f"Key_{categories.index(label) + 1}"])
        else:
            person.type(prefix(label, categories))
            person.tap(Key.Key_Return)
        person.wait(lambda item=item: person.current != item or not person.tab.course.labelling.left("material"))  # type: ignore[misc]
        person.ready()
    person.kept()
    assert {person.item(one).name: name for one, name in person.names().items()} == {
        person.item(one).name: truth[person.item(one).name] for one in person.shown
    }
    return person.counter.count, taken


def hear(person: Person) -> None:
    """Wait for what was learned about the picture that is shown."""
    person.wait(lambda: not person.tab.helping._asking._wanted)
    end = time.monotonic() + 0.1
    person.wait(lambda: time.monotonic() > end)


def prefix(label: str, categories: tuple[str, ...]) -> str:
    """The first letters that are enough."""
    lengths = range(1, len(label) + 1)
    return next(label[:one] for one in lengths if rank(label[:one], categories)[0].name == label)


# -- cabinets ---------------------------------------------------------------------------------------------------------


def cabinets(data: Path, home: Path, count: int) -> tuple[Path, dict[str, NDArray[np.uint8]]]:
    folder = home / "cabinets"
    folder.mkdir()
    with (data / "furniture" / "triples.csv").open() as file:
        scenes = {row["scene"]: row["split"] for row in csv.DictReader(file)}
    order = sorted(scenes, key=lambda scene: (("test", "val", "train").index(scenes[scene]), int(scene)))[:count]
    truth = {}
    for scene in order:
        name = f"s{int(scene):03d}"
        shutil.copy(data / "furniture" / "images" / f"{name}_src.png", folder / f"{name}_src.png")
        mask = cv2.imread(str(data / "furniture" / "masks" / f"{name}.png"), cv2.IMREAD_UNCHANGED)
        truth[f"{name}_src.png"] = np.asarray(mask, np.uint8)
    return folder, truth


def paint(person: Person, truth: dict[str, NDArray[np.uint8]], strokes: int, seed: int) -> tuple[Count, str]:
    ious, right, parts = [], [], 0
    for item in list(person.shown):
        if person.current != item:
            person.tap(Key.Key_D)
            person.wait(lambda item=item: person.current == item)  # type: ignore[misc]
            person.ready()
        wanted = truth[person.item(item).name]
        parts += paint_one(person, item, wanted, strokes, np.random.default_rng(seed))
        value = person.value("area", item)
        assert isinstance(value, Mask)
        found = read_mask(person.page.state.store.blobs, value)
        ious.append(mean_iou(found, wanted))
        right.append(float(np.mean(found == wanted)))
    words = f"mean IoU {np.mean(ious):.3f} (lowest {min(ious):.3f}), {np.mean(right):.1%} of the pixels, {parts} parts"
    return person.counter.count, words


def paint_one(person: Person, item: int, wanted: NDArray[np.uint8], strokes: int, chance: np.random.Generator) -> int:
    editor = person.tab.editing.editor
    assert isinstance(editor, MaskEditor)
    person.wait(lambda: editor._painting is not None and editor._subject is not None and editor._subject.item == item)
    assert editor._painting is not None
    height, width = wanted.shape
    waiting = list(things(wanted))
    for place, (index, thing) in enumerate(waiting):
        later = np.zeros(wanted.shape, np.bool_)
        for _, other in waiting[place + 1 :]:
            later |= other
        if editor._category != index:
            person.tap(Key[f"Key_{index + 1}"])
        if editor._tool != "rough":
            person.tap(Key.Key_R)
        rows, columns = np.nonzero(thing)
        off = 2 + np.abs(chance.normal(0, BOX_NOISE, 4))
        left, top = max(0.0, columns.min() - off[0]), max(0.0, rows.min() - off[1])
        right, bottom = min(width, columns.max() + 1 + off[2]), min(height, rows.max() + 1 + off[3])
        person.drag((left, top), ((left + right) / 2, (top + bottom) / 2), (right, bottom))
        answered(person, editor)
        boxed = np.zeros(wanted.shape, np.bool_)
        boxed[int(top) : math.ceil(bottom), int(left) : math.ceil(right)] = True
        for _ in range(strokes):
            painted = editor._painting.indices == index
            wrong = (painted & (wanted != index) & ~later & boxed) | (thing & ~painted)
            stroke = largest_stroke(wrong)
            if stroke is None or np.count_nonzero(wrong) < 0.02 * np.count_nonzero(thing):
                break
            belongs = bool(thing[stroke].mean() > 0.5)
            ends = ends_of(stroke)
            person.drag(ends[0], *ends, held=SHIFT if belongs else CONTROL)
            answered(person, editor)
    return len(waiting)


def answered(person: Person, editor: MaskEditor) -> None:
    hand = editor._hand
    assert hand is not None
    person.wait(lambda: hand._rough is None or not hand._rough.pending)


def ends_of(stroke: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """The way of a hand along a stroke: from one end over the middle to the other."""
    points = np.argwhere(stroke)[:, ::-1] + 0.5
    middle = points.mean(axis=0)
    _, _, axes = np.linalg.svd(points - middle, full_matrices=False)
    along = (points - middle) @ axes[0]
    return [tuple(points[int(np.argmin(np.abs(along - at)))]) for at in (along.min(), 0.0, along.max())]


# -- cards ------------------------------------------------------------------------------------------------------------


def cards(data: Path, home: Path, count: int) -> tuple[Path, dict[str, NDArray[np.float64]]]:
    folder = home / "cards"
    folder.mkdir()
    with (data / "cards" / "cards.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "test"][:count]
    truth = {}
    for row in rows:
        name = Path(row["image"]).name
        shutil.copy(data / "cards" / row["image"], folder / name)
        truth[name] = np.array(json.loads((data / "cards" / row["truth"]).read_text())["outer_quad"])
    return folder, truth


def mark_cards(
    person: Person, truth: dict[str, NDArray[np.float64]], jitter: float, seed: int, *, finding: bool
) -> tuple[Count, str]:
    chance = np.random.default_rng(seed)
    clicked, after, found = [], [], 0
    for item in list(person.shown):
        if person.current != item:
            person.tap(Key.Key_D)
            person.wait(lambda item=item: person.current == item)  # type: ignore[misc]
            person.ready()
        wanted = truth[person.item(item).name]
        near = False
        if finding:
            person.tap(Key.Key_F)
            near = settled(person, item) and apart(corners(person, item), wanted) < jitter
            found += near
            if not near and person.value("border", item) is not None:
                person.tap(Key.Key_V, Key.Key_Delete, Key.Key_Q)
                person.kept()
        if not near:
            hand = wanted + chance.normal(0, jitter, (4, 2))
            person.click_at(*((float(x), float(y)) for x, y in hand))
            clicked.append(apart(hand, wanted))
            settled(person, item)
        after.append(apart(corners(person, item), wanted))
    sure = np.array(after)
    words = (
        f"{sure.mean():.2f} px (median {np.median(sure):.2f}, worst {sure.max():.2f}; {np.mean(sure < 1):.0%} under 1)"
    )
    words += f", clicked {np.mean(clicked):.2f}" if clicked else ""
    words += f"; found by itself {found}" if finding else ""
    return person.counter.count, words


def settled(person: Person, item: int) -> bool:
    """Wait until a border was found or snapped; whether there is one."""
    end = time.monotonic() + 1.5
    person.wait(lambda: time.monotonic() > end or bool(person.tab.editing.editor._sure))  # type: ignore[union-attr]
    person.kept()
    return isinstance(person.value("border", item), Boxes)


def corners(person: Person, item: int) -> NDArray[np.float64]:
    value = person.value("border", item)
    assert isinstance(value, Boxes)
    return np.reshape(value.shapes[0].polygons[0], (4, 2))


# -- all --------------------------------------------------------------------------------------------------------------


def in_window(counter: Counter, home: Path, work: Callable[[Person], str]) -> None:
    """Do something in a new window over a new workspace, and print its row."""
    with tempfile.TemporaryDirectory(dir=home) as workspace:
        os.environ["SORTWERK_HOME"] = workspace
        window = MainWindow(Settings(theme="light"), Notices())
        window.resize(1440, 900)
        window.show()
        began = time.monotonic()
        print(work(Person(window, counter)), flush=True)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
        window.close()
        window.deleteLater()
        QApplication.processEvents()


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[3] / "shared" / "data")
    for name, default in (("--textures", 100), ("--masks", 20), ("--cards", 20), ("--strokes", 2), ("--seed", 0)):
        parser.add_argument(name, type=int, default=default)
    parser.add_argument("--jitter", type=float, default=3.0)
    parser.add_argument("--only", nargs="+", choices=("textures", "cabinets", "cards"))
    chosen = parser.parse_args(arguments)
    only = chosen.only or ("textures", "cabinets", "cards")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication(sys.argv[:1])
    theme.apply(application, "light")
    counter = Counter()
    application.installEventFilter(counter)
    print("| what | pictures | keys | clicks | drags | a picture | what came of it |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        if "textures" in only:
            folder, truth, categories = textures(chosen.data, home, chosen.textures, chosen.seed)
            head = HeadDef("material", "categories", categories)
            for what, learned, order in (
                ("textures, numbers and first letters", False, "shown"),
                ("textures, Enter where what was learned is right", True, "shown"),
                ("the same, what teaches most first", True, "next"),
            ):

                def name_all(person: Person, what: str = what, learned: bool = learned, order: str = order) -> str:
                    person.begin(folder, head)
                    person.wait(lambda: person.tab.helping.gathered or not learned)
                    count, taken = name_textures(person, truth, categories, learned=learned, order=order)
                    return count.row(what, len(truth), f"Enter was right {taken} times" if learned else "")

                in_window(counter, home, name_all)
        if "cabinets" in only:
            folder, masks = cabinets(chosen.data, home, chosen.masks)

            def paint_all(person: Person) -> str:
                person.begin(folder, HeadDef("area", "mask", CLASSES))
                count, words = paint(person, masks, chosen.strokes, chosen.seed)
                return count.row(f"cabinets, a rough box a part, {chosen.strokes} strokes at most", len(masks), words)

            in_window(counter, home, paint_all)
        if "cards" in only:
            folder, quads = cards(chosen.data, home, chosen.cards)
            for what, finding in (("cards, four clicks that snap", False), ("cards, F first", True)):

                def mark_all(person: Person, what: str = what, finding: bool = finding) -> str:
                    person.begin(folder, HeadDef("border", "boxes", ("outer",), {"quads": True}))
                    count, words = mark_cards(person, quads, chosen.jitter, chosen.seed, finding=finding)
                    return count.row(what, len(quads), words)

                in_window(counter, home, mark_all)


if __name__ == "__main__":
    main()
