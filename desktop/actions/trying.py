"""Ask a model about a few pictures and see each answer painted: what the views of the Models page and ``sortwerk models
try`` do. Sorting many pictures is ``classify``'s.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from desktop.actions.facts import Pixels
from models.answer import Answer, Reply
from models.database import Database, open_cache, open_workspace
from models.embedding import Embedder
from models.errors import Cancelled, FileError, WorkspaceError
from models.images.decode import decode
from models.images.resize import thumbnail, to_size
from models.library import STARTER, load_backbone, readable_spec
from models.network import Network
from models.pipeline import cores
from models.sources import Failure, Source, find
from models.spec import ModelSpec
from models.workers import prepare
from models.workspace import atomic_file, reason
from training.learner import Learner

__all__ = [
    "LARGEST_SHOWN",
    "Colour",
    "Trial",
    "Tried",
    "colours_of",
    "find_pictures",
    "paint",
    "save_png",
    "shrunk",
]

LARGEST_SHOWN = 2048
"""Pixels of the longer side at which a picture and its answer are shown and saved."""

Colour = tuple[int, int, int]
"""RGB, 0 to 255 each."""

_LAYERS = {"image": 1, "mask": 2, "boxes": 3}
"""Kinds that paint over what there was, lowest first; others paint nothing."""

_NO_FILE = bytes(32)  # where the hash of a file is asked for: nobody has labelled it

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One picture and what the model says about it.

    Attributes:
        answer: typed results of all heads, and what a person has said.
        picture: uint8 (H, W, 3) RGB, as a person sees it, at most ``LARGEST_SHOWN`` long.
        milliseconds: that the model took, without reading and decoding the file.
    """

    answer: Answer
    picture: NDArray[np.uint8]
    milliseconds: float

    def painted(self) -> NDArray[np.uint8]:
        """The answers as a picture, uint8 (H, W, 3) of the size of ``picture``."""
        return paint(self.answer, self.picture)

    def pixels(self, *, painted: bool) -> Pixels:
        """The picture, or the answers painted, as bytes for the eye."""
        shown = np.ascontiguousarray(self.painted() if painted else self.picture)
        return Pixels(shown.shape[1], shown.shape[0], shown.tobytes())


class Trial:
    """A loaded model that is asked about one picture after another; any thread may ask.

    Answers are those of ``sortwerk classify``, corrections included; only embeddings are not remembered.

    Args:
        model: folder of the model; None for the starter model.
        device: "auto" for the fastest there is, "cpu" for the processor, or one of ``models.inference.DEVICES``.

    Attributes:
        spec: what the model says about itself.
        notice: a sentence when it runs on another device than was wished; "" else.

    Raises:
        ModelError: the model can't be loaded.
    """

    def __init__(self, model: Path | None = None, *, device: str = "auto") -> None:
        folder = model or STARTER
        self.spec = readable_spec(folder)
        backbone = load_backbone(folder, self.spec, threads=cores(), device=device)
        self.notice = str(getattr(backbone, "notice", "")) if device != "auto" else ""
        self._learner = _learner(folder, self.spec, backbone)

    @property
    def colours(self) -> tuple[Colour, ...]:
        """The colours that the model makes pictures in unless told others; () for one that is told none."""
        return colours_of(self.spec)

    def ask(self, source: Source, colours: Sequence[Colour] | None = None) -> Tried:
        """What the model says about a picture.

        Args:
            source: the file, or the member of a zip.
            colours: that are wished for, by a model that is told some; None for its own.

        Raises:
            FileError: the source gives no picture.
            ModelError: the model fails on it.
        """
        data = source.read_picture()
        backbone = self._learner.backbone
        prepared = prepare(data, source.name, backbone)
        shown = thumbnail(decode(data, source.name, max_side=LARGEST_SHOWN), LARGEST_SHOWN)
        content = hashlib.sha256(data).digest()
        started = time.perf_counter()
        reply = self._reply(prepared, content, colours)
        taken = (time.perf_counter() - started) * 1000
        return Tried(Answer(source, content, reply), shown, taken)

    def ask_frame(self, pixels: NDArray[np.uint8]) -> Reply:
        """What the model says about a frame of a camera, uint8 (H, W, 3) RGB, which is no file.

        Raises:
            ModelError: the model fails on it.
        """
        return self._reply(self._learner.backbone.prepare(pixels), _NO_FILE, None)

    def _reply(self, prepared: NDArray[np.uint8], content: bytes, colours: Sequence[Colour] | None) -> Reply:
        backbone = self._learner.backbone
        if isinstance(backbone, Network):
            rows = backbone.embed(prepared[None], colours if self.colours else None)
        else:
            rows = backbone.embed(prepared[None])
        return self._learner.answer([content], rows)[0]

    def ask_all(
        self, sources: Sequence[Source], colours: Sequence[Colour] | None = None, cancel: threading.Event | None = None
    ) -> Iterator[Tried | Failure]:
        """As ``ask``, one after another; a source that gives no picture is a ``Failure``.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the model fails.
        """
        for source in sources:
            if cancel is not None and cancel.is_set():
                raise Cancelled("The work was cancelled.")
            try:
                yield self.ask(source, colours)
            except FileError as error:
                yield Failure(source, error)


def colours_of(spec: ModelSpec) -> tuple[Colour, ...]:
    """As ``Trial.colours``."""
    return spec.preprocessing.colours if spec.preprocessing.colours_input else ()


def find_pictures(paths: Sequence[Path], most: int | None = None) -> tuple[list[Source], list[Failure]]:
    """What may be a picture under files, folders and zips, at most ``most``; and what can't be listed."""
    sources: list[Source] = []
    failures: list[Failure] = []
    for one in find(paths):
        if isinstance(one, Failure):
            failures.append(one)
        else:
            sources.append(one)
        if most is not None and len(sources) >= most:
            break
    return sources, failures


def paint(answer: Answer, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The answers of all heads as one picture, uint8 (H, W, 3) of the size of ``picture``, uint8 (H, W, 3) RGB.

    A picture that a head has made comes first, then areas and boxes are drawn over it.
    """
    for result in sorted(answer.heads.values(), key=lambda one: _LAYERS.get(one.kind, 0)):
        picture = result.paint(picture)
    return picture


def shrunk(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """``picture``, uint8 (H, W, 3), at most ``side`` pixels wide and high, never enlarged; C-contiguous."""
    height, width = picture.shape[:2]
    share = min(1.0, side / max(height, width))
    if share == 1:
        return np.ascontiguousarray(picture)
    return to_size(picture, max(1, round(width * share)), max(1, round(height * share)))


def save_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """Write ``picture``, uint8 (H, W, 3) RGB, as a PNG file; whole or not at all.

    Raises:
        WorkspaceError: it can't be written.
    """
    _, png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    try:
        with atomic_file(path) as file:
            file.write(png.tobytes())
    except OSError as error:
        raise WorkspaceError(
            f"{path} could not be written ({reason(error)}); choose a folder that you may write to, with space left."
        ) from error


def _learner(folder: Path, spec: ModelSpec, backbone: Embedder) -> Learner:
    """The model with all it was taught; whoever only asks needs no database afterwards."""
    with ExitStack() as stack:
        workspace, cache = (_opened(stack, which) for which in (open_workspace, open_cache))
        try:
            return Learner(folder, spec, backbone, workspace=workspace, cache=cache)
        except WorkspaceError as error:
            _log.warning("Going on without corrections: %s", error)
            return Learner(folder, spec, backbone, workspace=None, cache=None)


def _opened(stack: ExitStack, which: Callable[[], Database]) -> Database | None:
    """None when it can't be used: answers don't need it."""
    try:
        return stack.enter_context(closing(which()))
    except WorkspaceError as error:
        _log.warning("Going on without a database: %s", error)
        return None
