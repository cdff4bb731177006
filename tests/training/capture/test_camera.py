"""One class reads cameras, videos and sequences; what is tested here is what the window uses."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from models.errors import CameraError
from training.capture.camera import Camera, _listed, cameras


def grey(level: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    return np.full((size[1], size[0], 3), level, np.uint8)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "parts.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 20.0, (64, 48))
    assert writer.isOpened()
    for level in range(0, 250, 25):
        frame = grey(level)
        frame[..., 0] = 255  # blue in OpenCV's order
        writer.write(frame)
    writer.release()
    return path


def test_a_video_is_read_to_its_end_in_rgb_with_its_own_times(video: Path) -> None:
    with Camera(video) as camera:
        assert (camera.name, camera.live, camera.rate) == ("parts.avi", False, 20.0)
        frames = []
        while (frame := camera.read()) is not None:
            frames.append(frame)
        assert camera.read() is None
    assert [frame.number for frame in frames] == list(range(10))
    assert [frame.time for frame in frames] == pytest.approx([number / 20 for number in range(10)])
    assert all(frame.pixels.shape == (48, 64, 3) for frame in frames)
    assert [abs(int(frame.pixels[20, 20, 0]) - 25 * frame.number) < 12 for frame in frames] == [True] * 10
    assert all(frame.pixels[20, 20, 2] > 235 for frame in frames)


def test_a_folder_is_a_sequence_by_name_upright_and_without_what_is_no_picture(tmp_path: Path) -> None:
    for number in (2, 1, 10):
        Image.fromarray(grey(number * 10)).save(tmp_path / f"{number:02}.png")
    exif = Image.Exif()
    exif[0x0112] = 6  # on its side
    Image.fromarray(grey(200)).save(tmp_path / "99.jpg", exif=exif)
    (tmp_path / "notes.txt").write_text("no picture")
    with Camera(tmp_path) as camera:
        frames = [camera.read() for _ in range(4)]
        assert camera.read() is None
    assert [int(frame.pixels[0, 0, 0]) for frame in frames[:3] if frame] == [10, 20, 100]
    assert frames[3] is not None
    assert frames[3].pixels.shape == (64, 48, 3)


def test_files_are_a_sequence_in_the_order_given(tmp_path: Path) -> None:
    files = []
    for level in (30, 10):
        files.append(tmp_path / f"{level}.png")
        Image.fromarray(grey(level)).save(files[-1])
    with Camera(files) as camera:
        levels = [int(frame.pixels[0, 0, 0]) for frame in (camera.read(), camera.read()) if frame]
    assert levels == [30, 10]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: folder / "gone.mp4", "gone.mp4 is not there; choose another video."),
        (lambda folder: folder / "text.mp4", "text.mp4 can't be read as a video; convert it to MP4 and try again."),
        (lambda folder: folder / "empty", "empty has no pictures in it; choose another folder."),
    ],
)
def test_what_gives_no_picture_is_said_in_a_sentence(tmp_path: Path, make, sentence: str) -> None:
    (tmp_path / "text.mp4").write_text("not a video at all")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CameraError) as error:
        Camera(make(tmp_path))
    assert str(error.value) == sentence


def test_a_camera_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(CameraError, match="gives no picture; plug it in"):
        Camera(63)


def test_a_damaged_picture_in_a_sequence_is_named(tmp_path: Path) -> None:
    Image.fromarray(grey(1)).save(tmp_path / "1.png")
    (tmp_path / "2.png").write_bytes((tmp_path / "1.png").read_bytes()[:60])
    with Camera(tmp_path) as camera:
        assert camera.read() is not None
        with pytest.raises(CameraError, match=r"2\.png"):
            camera.read()


def test_the_clock_times_what_comes_by_itself(video: Path) -> None:
    ticks = iter([10.0, 10.5])

    class Live:
        live, rate = True, 0.0

        def read(self):
            return None, grey(1)

        def close(self) -> None:
            pass

    camera = Camera(video, clock=lambda: next(ticks))
    camera.close()
    camera._feed = Live()
    assert [frame.time for frame in (camera.read(), camera.read()) if frame] == [0.0, 0.5]


def test_linux_lists_one_node_a_camera(tmp_path: Path) -> None:
    for node, index, name in (("video0", "0", "Webcam"), ("video1", "1", "Webcam"), ("video10", "0", "Microscope")):
        (tmp_path / node).mkdir()
        (tmp_path / node / "index").write_text(index + "\n")
        (tmp_path / node / "name").write_text(name + "\n")
    assert [(one.number, one.name) for one in _listed(tmp_path)] == [(0, "Webcam"), (10, "Microscope")]
    assert isinstance(cameras(probe=False), list)


def test_a_camera_that_is_unplugged_is_a_sentence_after_the_frames_it_gave(video: Path) -> None:
    """To the reader of OpenCV's, a video that has ended is a camera that gives nothing any more."""
    with Camera(video) as camera:
        camera._feed.live = True
        for _ in range(10):
            assert camera.read() is not None
        with pytest.raises(CameraError) as error:
            camera.read()
    assert str(error.value) == "parts.avi gives no picture any more; plug it in again and start it once more."
