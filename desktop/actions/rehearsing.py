"""What a network would answer if its spec were this one: for the import assistant, which asks at every change.

The pictures are decoded once, the file is loaded once, and it is run anew only where the change reaches its numbers.
It runs in this process: ``models.formats.onnx.examine`` has read the file and run it in a child before.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from desktop.actions.trying import Tried
from models.answer import Answer, Reply
from models.errors import Cancelled, FileError, ModelError
from models.heads import KINDS
from models.images.decode import decode
from models.images.resize import thumbnail
from models.inference import OnnxInferenceSession
from models.network import HeadSlice, Network
from models.pipeline import cores
from models.sources import Source
from models.spec import ModelSpec

__all__ = ["Rehearsal", "Seat", "take_seats"]

LARGEST = 1024
"""Pixels of the longer side at which pictures are kept while a spec is being written."""


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A picture that is at hand, decoded.

    Attributes:
        source: where it is from.
        content: SHA-256 of its file.
        picture: uint8 (H, W, 3) RGB, what is see-through on grey, at most ``LARGEST`` long.
    """

    source: Source
    content: bytes
    picture: NDArray[np.uint8]


def take_seats(
    sources: Sequence[Source], cancel: threading.Event | None = None, *, most: int | None = None
) -> list[Seat]:
    """Those of ``sources`` that are pictures, decoded; the first ``most``.

    Raises:
        Cancelled: ``cancel`` was set.
    """
    seats: list[Seat] = []
    for source in sources:
        if len(seats) == most:
            break
        _check(cancel)
        try:
            data = source.read_picture()
            picture = decode(data, source.name, max_side=LARGEST)
        except FileError:
            continue  # a dozen pictures are wanted, not a report on a folder
        seats.append(Seat(source, hashlib.sha256(data).digest(), thumbnail(picture, LARGEST)))
    return seats


class Rehearsal:
    """One file, played with one spec after another; calls must not overlap.

    Args:
        path: of the .onnx file, which has been examined.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._session: OnnxInferenceSession | None = None
        self._played = ""
        self._rows: NDArray[np.float16] = np.empty((0, 0), np.float16)
        self._heads: tuple[HeadSlice, ...] = ()
        self._milliseconds = 0.0

    def play(self, spec: ModelSpec, seats: Sequence[Seat], cancel: threading.Event | None = None) -> list[Tried]:
        """What the network says about ``seats``, read as ``spec`` says.

        Raises:
            ModelError: the file can't be run, or does not do what ``spec`` says.
            Cancelled: ``cancel`` was set.
        """
        wanted = _numbers_of(spec) + "".join(seat.content.hex() for seat in seats)
        if wanted != self._played:
            self._run(spec, seats, cancel)
            self._played = wanted
        columns = [
            KINDS[head.kind].decode(
                part(self._rows),
                head.categories,
                unsure_below=head.unsure_below,
                unknown_below=head.unknown_below,
                form=part.form,
            )
            for head, part in zip(spec.heads, self._heads, strict=True)
        ]
        names = [head.name for head in spec.heads]
        return [
            Tried(
                Answer(seat.source, seat.content, Reply(dict(zip(names, results, strict=True)))),
                seat.picture,
                self._milliseconds,
            )
            for seat, results in zip(seats, zip(*columns, strict=True), strict=True)
        ]

    def _run(self, spec: ModelSpec, seats: Sequence[Seat], cancel: threading.Event | None) -> None:
        self._played = ""  # whatever fails from here on, what is kept fits no spec
        if self._session is None:
            session = OnnxInferenceSession(self._path, num_threads=cores())
            if not session.is_ready():
                raise ModelError(session.error or f"{self._path} can't be loaded; get the model again.")
            self._session = session
        network = Network(self._path, spec, session=self._session)
        rows = []
        started = time.perf_counter()
        for seat in seats:
            _check(cancel)
            rows.append(network.embed(network.prepare(seat.picture)[None]))
        self._milliseconds = (time.perf_counter() - started) * 1000 / max(1, len(seats))
        self._rows = np.concatenate(rows) if rows else np.empty((0, network.dimensions), np.float16)
        self._heads = network.heads


def _numbers_of(spec: ModelSpec) -> str:
    """What of ``spec`` decides the numbers that come out, as text: names of categories don't."""
    heads = [(head.kind, len(head.categories), head.form) for head in spec.heads]
    return f"{spec.preprocessing!r} {heads!r} "


def _check(cancel: threading.Event | None) -> None:
    if cancel is not None and cancel.is_set():
        raise Cancelled("The work was cancelled.")
