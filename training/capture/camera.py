"""Frames from a camera, a video file or a sequence of pictures: one class, so that what is tested is what is used."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from models.errors import CameraError, FileError
from models.images.decode import decode
from models.images.limits import MAX_BYTES

__all__ = ["Camera", "Device", "Frame", "cameras"]

_PROBED = 4  # cameras that are tried where the system has no list of them
_DEVICES = Path("/sys/class/video4linux")
_PATIENCE = 10  # reads without a picture, one after another, until a camera counts as gone
_PAUSE = 0.02  # seconds between them
_ENDINGS = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a stream.

    Attributes:
        number: from 0.
        time: seconds since the first one; of a file what the file says, of a camera when it was read.
        pixels: uint8 (H, W, 3), RGB, contiguous.
    """

    number: int
    time: float
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Device:
    """A camera of this computer: its number for :class:`Camera`, and what the system calls it."""

    number: int
    name: str


class _Feed(Protocol):
    """Where frames come from."""

    live: bool
    rate: float

    def read(self) -> tuple[float | None, NDArray[np.uint8]] | None:
        """Seconds since the first frame, None where a clock has to say, and RGB; None at the end."""

    def close(self) -> None:
        """Let go of it."""


class Camera:
    """A stream of frames. Not to be shared between threads while one reads; use it in a ``with`` statement.

    Args:
        source: the number of a camera; a video file; a folder of pictures, in the order of their names; or such files.
        size: wished width and height, pixels; a camera takes the nearest it has, files stay as they are.
        clock: seconds, rising; for a camera's frames.

    Attributes:
        name: as a person knows it.
        live: whether frames come by themselves and one that is not read is lost.
        rate: frames a second, as the camera or the file says; 0 when unknown.

    Raises:
        CameraError: there is no such camera or it is in use, or the file is no video, or the folder has no picture.
    """

    def __init__(
        self,
        source: int | Path | Sequence[Path],
        *,
        size: tuple[int, int] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._first: float | None = None
        self._number = 0
        self._feed: _Feed
        if isinstance(source, int):
            self.name = next((one.name for one in cameras(probe=False) if one.number == source), f"Camera {source + 1}")
            self._feed = _Stream(self.name, source, size)
        elif isinstance(source, Path) and not source.is_dir():
            self.name = source.name
            self._feed = _Stream(self.name, source, None)
        else:
            files = _pictures(source) if isinstance(source, Path) else list(source)
            self.name = source.name if isinstance(source, Path) else f"{len(files)} pictures"
            self._feed = _Sequence(self.name, files)
        self.live, self.rate = self._feed.live, self._feed.rate

    def read(self) -> Frame | None:
        """The next frame; of a camera, waits for it. None at the end of a file or sequence.

        Raises:
            CameraError: the camera was unplugged or gives no picture any more, or a picture of a sequence is damaged.
        """
        found = self._feed.read()
        if found is None:
            return None
        seconds, pixels = found
        if seconds is None:
            now = self._clock()
            self._first = now if self._first is None else self._first
            seconds = now - self._first
        frame = Frame(self._number, seconds, pixels)
        self._number += 1
        return frame

    def close(self) -> None:
        """Let go of the camera or file; also twice."""
        self._feed.close()

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Stream:
    """What OpenCV reads: a camera by its number, or a video file."""

    def __init__(self, name: str, source: int | Path, size: tuple[int, int] | None) -> None:
        self.live = isinstance(source, int)
        self._name = name
        if isinstance(source, Path) and not source.is_file():
            raise CameraError(f"{name} is not there; choose another video.")
        with _quiet():
            self._capture = cv2.VideoCapture(source if isinstance(source, int) else str(source))
        if not self._capture.isOpened():
            raise CameraError(
                f"{name} gives no picture; plug it in, close other programs that use it, and allow the use of cameras."
                if self.live
                else f"{name} can't be read as a video; convert it to MP4 and try again."
            )
        if size is not None:
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, size[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size[1])
        rate = float(self._capture.get(cv2.CAP_PROP_FPS))
        self.rate = rate if 0 < rate < 1000 else 0.0
        self._count = 0

    def read(self) -> tuple[float | None, NDArray[np.uint8]] | None:
        for _ in range(_PATIENCE if self.live else 1):
            with _quiet():
                there, pixels = self._capture.read()
            if there and pixels is not None and pixels.size:
                self._count += 1
                seconds = None if self.live else (self._count - 1) / (self.rate or 25.0)
                return seconds, cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB).astype(np.uint8, copy=False)
            if self.live:
                time.sleep(_PAUSE)
        if self.live:
            raise CameraError(f"{self._name} gives no picture any more; plug it in again and start it once more.")
        if self._count == 0:
            raise CameraError(f"{self._name} has no picture in it; choose another video.")
        return None

    def close(self) -> None:
        self._capture.release()


class _Sequence:
    """Picture files, one a frame."""

    live = False
    rate = 0.0

    def __init__(self, name: str, files: Sequence[Path]) -> None:
        if not files:
            raise CameraError(f"{name} has no pictures in it; choose another folder.")
        self._files: Iterator[tuple[int, Path]] = enumerate(files)

    def read(self) -> tuple[float | None, NDArray[np.uint8]] | None:
        found = next(self._files, None)
        if found is None:
            return None
        number, path = found
        try:
            if path.stat().st_size > MAX_BYTES:
                raise CameraError(f"{path.name} is too large to open; leave it out.")
            pixels = decode(path.read_bytes(), path.name).pixels
        except OSError as error:
            raise CameraError(f"{path.name} can't be read ({error.strerror}); choose the pictures again.") from error
        except FileError as error:
            raise CameraError(str(error)) from error
        return float(number), np.ascontiguousarray(pixels[..., :3])

    def close(self) -> None:
        self._files = iter(())


def cameras(*, probe: bool = True) -> list[Device]:
    """The cameras of this computer.

    Args:
        probe: where the system has no list of them, try the first few; that may take a second and light a lamp.
    """
    if platform.system() == "Linux":
        return _listed(_DEVICES)
    found = []
    for number in range(_PROBED if probe else 0):
        with _quiet():
            capture = cv2.VideoCapture(number)
        if capture.isOpened():
            found.append(Device(number, f"Camera {number + 1}"))
        capture.release()
    return found


def _listed(folder: Path) -> list[Device]:
    """What Linux lists. Of the several nodes that one camera has, the first (``index`` 0) gives pictures."""
    found = []
    for node in folder.glob("video*"):
        digits = node.name.removeprefix("video")
        try:
            index = (node / "index").read_text().strip()
            name = (node / "name").read_text(errors="replace").strip()
        except OSError:
            continue
        if digits.isdigit() and index == "0":
            found.append(Device(int(digits), name or f"Camera {int(digits) + 1}"))
    return sorted(found, key=lambda one: one.number)


def _pictures(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.suffix.lower() in _ENDINGS and not one.name.startswith("."))


class _quiet:  # noqa: N801  # a context manager that reads like a word
    """OpenCV says on standard error what is said in a sentence here."""

    def __enter__(self) -> None:
        self._level = cv2.utils.logging.getLogLevel()
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

    def __exit__(self, *_: object) -> None:
        cv2.utils.logging.setLogLevel(self._level)
