"""A person photographs parts by a plan: a video stands for the camera, all the rest is real."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.pages.dataset.camera_view import CameraView
from desktop.pages.dataset.capturing import BURST
from desktop.window import MainWindow
from models.images.decode import decode
from tests.end_to_end.dataset_hands import Hands
from training.capture.sharpness import sharpness
from training.datasets.heads import HeadDef
from training.datasets.records import Item
from training.datasets.values import Category

Key = Qt.Key


def parts_video(path: Path, data: Path, frames: int = 200) -> Path:
    """One part after another out of focus and back, twelve frames a second."""
    files = sorted((data / "parts" / "real").glob("*/*.jpg"))[::40][:8]
    pictures = [decode(one.read_bytes(), one.name).pixels[..., :3] for one in files]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 24.0, (224, 224))
    rng = np.random.default_rng(4)
    for number in range(frames):
        blur = 0.01 + 3 * abs(np.sin(number / 3))
        seen = cv2.GaussianBlur(pictures[number // 12 % len(pictures)], (0, 0), blur) + rng.normal(0, 2, (224, 224, 3))
        writer.write(cv2.cvtColor(np.clip(seen, 0, 255).astype(np.uint8), cv2.COLOR_RGB2BGR))
    writer.release()
    return path


@pytest.fixture
def hands(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window)


@pytest.fixture
def camera(hands: Hands) -> CameraView:
    heads = [HeadDef("part", "categories", ("3001", "3002")), HeadDef("colour", "categories", ("red", "blue"))]
    store = hands.page.state.store
    made = store.create("Bricks", heads=heads)
    hands.page.acting.look()
    hands.wait(lambda: hands.page.state.selected == made.id)
    hands.rest()
    hands.press("Camera")
    view = hands.page.tabs["camera"]
    assert isinstance(view, CameraView)
    return view


def items(hands: Hands) -> list[Item]:
    return sorted(hands.page.state.store.items(hands.page.state.selected or 0), key=lambda one: one.id)


def test_parts_are_photographed_by_a_plan(hands: Hands, camera: CameraView, data: Path, tmp_path: Path) -> None:
    hands.press("Make a plan")
    hands.wait(lambda: "Angles of each" in hands.words)
    camera.plan.form.angles.setValue(2)
    assert "8 pictures in all." in hands.words
    hands.press("Make it")
    hands.wait(lambda: "0 of 8 pictures taken." in hands.words)
    assert camera.plan.answers == {"part": "3001", "colour": "red"}
    camera.start(parts_video(tmp_path / "parts.avi", data))
    hands.wait(lambda: "parts.avi" in hands.words)
    camera.picture.setFocus()
    order = []
    for number in range(8):
        order.append(tuple(camera.plan.answers.values()))
        QTest.keyClick(camera.picture, Key.Key_Space if number % 2 else Key.Key_B)
        hands.wait(lambda wanted=number + 1: len(items(hands)) == wanted)
        hands.wait(lambda wanted=number + 1: f"{wanted} of 8" in hands.words or "All 8" in hands.words)
        hands.rest()
        if not camera.running:
            camera.start(tmp_path / "parts.avi")
            hands.wait(lambda: camera.running)
    assert "All 8 pictures of the plan are taken." in hands.words
    lines = [("3001", "red"), ("3001", "blue"), ("3002", "blue"), ("3002", "red")]  # only one thing changes at a time
    assert order == [line for line in lines for _ in range(2)]
    found = items(hands)
    assert [tuple(value.name for value in (one.labels["part"], one.labels["colour"])) for one in found] == order
    assert all(one.source == "camera" and one.group for one in found)
    hands.press("Stop")
    hands.wait(lambda: not camera.running)
    camera.window().setFocus()
    hands.page.acting.undo()
    hands.wait(lambda: "7 of 8" in hands.words)


def test_of_a_burst_the_sharpest_comes_in(hands: Hands, camera: CameraView, data: Path, tmp_path: Path) -> None:
    camera.plan.questions.answer("part", "3002")
    camera.start(parts_video(tmp_path / "parts.avi", data))
    hands.wait(lambda: "parts.avi" in hands.words)
    hands.press(f"Burst of {BURST}")
    hands.wait(lambda: len(items(hands)) == 1)
    (item,) = items(hands)
    assert item.labels == {"part": Category("3002")}
    kept = decode(item.place.source.read(), item.name).pixels
    assert sharpness(kept) > 0
    hands.wait(lambda: any(receipt.startswith("Kept the sharpest of 8") for receipt in hands.receipts))


def test_the_model_says_what_it_sees_and_the_lamp_goes_out(
    hands: Hands, camera: CameraView, data: Path, tmp_path: Path
) -> None:
    hands.wait(lambda: bool(camera._models))
    camera.start(parts_video(tmp_path / "parts.avi", data, 600))
    hands.wait(lambda: camera.picture._image is not None)
    camera._model.set_value(next(iter(camera._models)))
    camera._model.chosen.emit(camera._model.value)
    hands.wait(lambda: "%" in camera._answers.text())
    hands.press("Images")
    hands.wait(lambda: not camera.running)


def test_what_is_no_video_is_a_sentence(hands: Hands, camera: CameraView, tmp_path: Path) -> None:
    (tmp_path / "notes.avi").write_text("no video")
    camera.start(tmp_path / "notes.avi")
    hands.wait(lambda: any("notes.avi can't be read as a video" in one for one in hands.notices))
    assert not camera.running
