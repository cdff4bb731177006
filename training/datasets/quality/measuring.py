"""Looks at all files of a dataset on all cores: signals and embeddings of those that are not remembered."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.database import Database
from models.embedding import Embedder, EmbeddingCache
from models.errors import Cancelled, FileError, ImageTooLargeError, UnreadableFileError
from models.images.decode import decode
from models.pipeline import cores
from models.progress import Meter, Progress
from models.sources import Source
from training.datasets.quality.signal_cache import SignalCache
from training.datasets.quality.signals import SIGNALS, VIEW_SIDE, Signal, of_picture

__all__ = ["Asked", "Measured", "measure_all"]

_log = logging.getLogger(__name__)

CHUNK = 16
"""Files a thread looks at before what it found is remembered: a killed program loses no more than that."""

TICK = 0.1
"""Seconds between two looks at ``cancel``."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One picture to look at.

    Attributes:
        content: SHA-256 that its file had when it came in.
        sources: where it lies; the first that can be read counts.
        size: of the file then, bytes; 0 when unknown.
        mtime_ns: when the file had been changed then; 0 when unknown.
    """

    content: bytes
    sources: tuple[Source, ...]
    size: int = 0
    mtime_ns: int = 0


@dataclass(slots=True, eq=False)
class Measured:
    """What is known of N pictures; the fields are those of ``training.datasets.quality.facts.Facts``."""

    signals: Signal
    measured: NDArray[np.bool_]
    embeddings: NDArray[np.float16]
    embedded: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    faults: dict[int, str] = field(default_factory=dict)


def measure_all(
    asked: Sequence[Asked],
    cache: Database,
    embedder: Embedder | None,
    *,
    threads: int | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Measured:
    """Signals and embeddings of all that can be read.

    A file of the size and time that it had when it came in is taken to be the same: its content is neither read nor
    hashed where all is remembered. Of a file that was changed the hash decides; another content is a fault.

    Args:
        asked: N pictures.
        cache: from ``models.database.open_cache``.
        embedder: for embeddings; None to do without.
        threads: None for one a core.
        cancel: set it to stop.
        on_progress: told where things stand, in the caller's thread.

    Raises:
        Cancelled: ``cancel`` was set; what was measured until then is remembered.
        ModelError: the embedder fails.
        WorkspaceError: the cache can't be used.
    """
    looking = _Looking(asked, cache, embedder)
    meter = Meter()
    workers = threads or cores()
    starts = iter(range(0, len(asked), CHUNK))
    with ThreadPoolExecutor(workers, thread_name_prefix="sortwerk-measuring") as pool:
        # Few ahead of the work, so that a cancel need not wait for many
        waiting = {pool.submit(looking.look, start) for start in islice(starts, 2 * workers)}
        try:
            while waiting:
                done, waiting = wait(waiting, TICK, FIRST_COMPLETED)
                meter.count(sum(one.result() for one in done), 0)
                waiting |= {pool.submit(looking.look, start) for start in islice(starts, len(done))}
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The work was cancelled.")
                if on_progress is not None:
                    on_progress(meter.progress(len(asked)))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return looking.result


class _Looking:
    """What the threads share; each writes rows of its own."""

    def __init__(self, asked: Sequence[Asked], cache: Database, embedder: Embedder | None) -> None:
        self._asked = asked
        self._signals = SignalCache(cache)
        self._embeddings = EmbeddingCache(cache)
        self._embedder = embedder
        count, dimensions = len(asked), embedder.dimensions if embedder is not None else 0
        self.result = Measured(
            signals=np.zeros(count, SIGNALS),
            measured=np.zeros(count, bool),
            embeddings=np.zeros((count, dimensions), np.float16),
            embedded=np.zeros(count, bool),
            missing=np.zeros(count, bool),
        )

    def look(self, start: int) -> int:
        """One chunk; returns how many pictures it has."""
        rows = range(start, min(start + CHUNK, len(self._asked)))
        contents = [self._asked[row].content for row in rows]
        signals = self._signals.get(contents)
        vectors = self._embeddings.get(self._embedder.id, contents) if self._embedder is not None else {}
        new_signals: dict[bytes, Signal] = {}
        new_vectors: dict[bytes, NDArray[np.float16]] = {}
        for row in rows:
            one, result = self._asked[row], self.result
            signal, vector = signals.get(one.content), vectors.get(one.content)
            complete = signal is not None and (vector is not None or self._embedder is None)
            try:
                data = None if complete and _unchanged(one) else _read(one)
                if data is not None and not complete:
                    signal, vector = self._measure(data, one.sources[0].name, signal, vector)
                    new_signals[one.content] = signal
                    if vector is not None:
                        new_vectors[one.content] = vector
            except FileError as error:
                result.faults[row] = str(error)
                result.missing[row] = not any(_is_there(source) for source in one.sources)
                continue
            except MemoryError:
                result.faults[row] = str(
                    ImageTooLargeError(one.sources[0].name, "needs more memory than is free", "close other programs")
                )
                continue
            result.signals[row], result.measured[row] = signal, True
            if vector is not None and vector.shape == result.embeddings.shape[1:]:
                result.embeddings[row], result.embedded[row] = vector, bool(np.isfinite(vector).all())
        if new_signals:
            self._signals.put(new_signals)
        if new_vectors and self._embedder is not None and self._embedder.cached:
            self._embeddings.put(self._embedder.id, new_vectors)
        return len(rows)

    def _measure(
        self, data: bytes, name: str, signal: Signal | None, vector: NDArray[np.float16] | None
    ) -> tuple[Signal, NDArray[np.float16] | None]:
        """Decoded once for both."""
        embedder = self._embedder
        picture = decode(data, name, max_side=max(VIEW_SIDE, embedder.longest if embedder is not None else 0))
        if signal is None:
            signal = of_picture(picture)
        if vector is None and embedder is not None:
            vector = embedder.embed(embedder.prepare(picture.on_grey())[None])[0]
        return signal, vector


def _unchanged(asked: Asked) -> bool:
    """Whether a place still has a file as it was; the state of a zip says nothing of a member, so that is believed."""
    for source in asked.sources:
        try:
            facts = source.path.stat()
        except OSError:
            continue
        if source.member is not None or (facts.st_size == asked.size and facts.st_mtime_ns == asked.mtime_ns):
            return True
    return False


def _is_there(source: Source) -> bool:
    try:
        return source.path.exists()
    except OSError:
        return False


def _read(asked: Asked) -> bytes:
    """The content, from the first place that still has it.

    Raises:
        FileError: none has; what is said is about the first.
    """
    first: FileError | None = None
    for source in asked.sources:
        try:
            data = source.read()
        except FileError as error:
            first = first or error
            continue
        if hashlib.sha256(data).digest() == asked.content:
            return data
        first = first or UnreadableFileError(source.name, "was changed since it came in", "add it again")
    raise first or UnreadableFileError("A picture", "lies nowhere", "add it again")
