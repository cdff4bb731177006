"""``events.jsonl``: written line by line, and followed while another process writes it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from models.errors import TrainingError
from models.workspace import reason
from training.runs.events import Event, event_line, read_event

__all__ = ["EventWriter", "read_events", "tail", "tail_lines"]

_AT_ONCE = 8 << 20
"""Bytes that one look reads at most; what is left comes with the next."""


class EventWriter:
    """Appends events; each is handed to the system when ``write`` returns, so that it outlives the process.

    Any number of threads may write. A line that a process which died had begun is ended first.

    Args:
        path: of the file; its folder must be there.

    Raises:
        TrainingError: the file can't be written. So does ``write``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
            size = os.lseek(self._file, 0, os.SEEK_END)
            if size and _byte_at(self._file, size - 1) != b"\n":
                os.write(self._file, b"\n")
        except OSError as error:
            raise self._trouble(error) from error

    def write(self, event: Event) -> None:
        """Append ``event``."""
        rest = memoryview(event_line(event))
        try:
            with self._lock:
                while rest:
                    rest = rest[os.write(self._file, rest) :]
        except OSError as error:
            raise self._trouble(error) from error

    def close(self) -> None:
        """No more is said. May be called again."""
        with self._lock:
            file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _trouble(self, error: OSError) -> TrainingError:
        return TrainingError(
            f"The events of the run can't be written to {self._path} ({reason(error)}); "
            "make room on the disk and resume the run."
        )


def tail(path: Path, offset: int = 0, most: int = _AT_ONCE) -> tuple[list[Event], int]:
    """The events after ``offset`` bytes, and the offset to go on from.

    A last line that is not ended is left for the next look; damaged lines and unknown events are passed over. Where
    nothing is new this costs one look at the size.

    Args:
        path: of ``events.jsonl``; it need not be there yet.
        offset: 0, or what an earlier call gave. One beyond the end means that the file is another: all of it is read.
        most: bytes that are read at once.
    """
    lines, offset = tail_lines(path, offset, most)
    return [event for line in lines if (event := read_event(line)) is not None], offset


def tail_lines(path: Path, offset: int = 0, most: int = _AT_ONCE) -> tuple[list[bytes], int]:
    """As ``tail``, with lines as they are."""
    try:
        size = path.stat().st_size
        if size < offset:
            offset = 0
        if size == offset:
            return [], offset
        with path.open("rb") as file:
            file.seek(offset)
            piece = file.read(most)
            while b"\n" not in piece and (more := file.read(most)):
                piece += more
    except OSError:
        return [], offset
    end = piece.rfind(b"\n") + 1
    return piece[:end].splitlines(), offset + end


def read_events(path: Path) -> list[Event]:
    """All events so far."""
    found: list[Event] = []
    offset = 0
    while True:
        events, after = tail(path, offset)
        if after == offset:
            return found
        found += events
        offset = after


def _byte_at(file: int, place: int) -> bytes:
    os.lseek(file, place, os.SEEK_SET)
    return os.read(file, 1)
