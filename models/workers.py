"""The threads of one run of the pipeline, what they share, and which of them does what next."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer, Answering
from models.embedding import Embedder, EmbeddingCache
from models.errors import FileError, ImageTooLargeError, WorkspaceError
from models.images.decode import decode
from models.sources import Failure, Source, find

__all__ = ["News", "Run", "prepare"]

_log = logging.getLogger(__name__)

READ_AHEAD = 8
"""Files a worker reads before it asks the cache about all of them at once."""

READ_AHEAD_BYTES = 16 << 20
BACKLOG = 1 << 16
"""Names found ahead of the reading; enough for the total to be known early, too few to fill the memory."""

UNDELIVERED = 1024
"""Answers that wait for the consumer before the workers pause."""

TICK = 0.1
"""Seconds between two looks at ``cancel``, and between two reports of progress while nothing is done."""


def prepare(data: bytes, name: str, embedder: Embedder) -> NDArray[np.uint8]:
    """A file's bytes to what ``embedder`` sees: uint8 (h, w, 3) RGB, alpha on mid-grey.

    Raises:
        FileError: the bytes are not a picture that can be decoded.
    """
    return embedder.prepare(decode(data, name, max_side=embedder.longest).on_grey())


@dataclass(frozen=True, slots=True, eq=False)
class Square:
    """A picture that waits for its inference."""

    content: bytes
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class News:
    """What a run has to tell: sources found, files done, and the number of all once it is known."""

    found: list[Source]
    done: list[Answer | Failure]
    total: int | None


Step = Callable[[], None]
"""What a worker does next, without holding the lock."""


class Run:
    """The threads and the state of one run.

    Everything mutable is guarded by one lock. Two conditions share it, so that a worker's news never wakes the consumer
    for nothing, nor the other way round.
    """

    def __init__(
        self, model: Answering, cache: EmbeddingCache | None, threads: int, batch_size: int, *, announce: bool
    ) -> None:
        self._model = model
        self._cache = cache if model.backbone.cached else None
        self._batch_size = batch_size
        self._workers = threads
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)  # for workers and finder: there may be something to do
        self._ready = threading.Condition(self._lock)  # for the consumer: something is done, or all is
        self._storing = threading.Lock()  # SQLite's own queue for writers sleeps; this one does not
        self._backlog: deque[Source] = deque()
        self._squares: list[Square] = []
        self._sharing: dict[bytes, list[Source]] = {}  # content on its way -> all who wait for its answer
        self._done: list[Answer | Failure] = []
        self._announce = announce
        self._announced: list[Source] = []
        self._found = 0
        self._finding = True
        self._taken = 0
        self._busy = 0
        self._batches = 0
        self._stopped = False
        self._fault: BaseException | None = None

    def start(self, paths: Iterable[Path | Source]) -> None:
        """Start the finder and the workers."""
        jobs: list[Step] = [lambda: self._find(paths), *[self._work] * self._workers]
        for job in jobs:
            # Daemons, so that a caller who drops the iterator and leaves can't be held back; ``stop`` joins them.
            thread = threading.Thread(target=self._guarded, args=(job,), name="sortwerk-pipeline", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End all threads; what they hold is dropped."""
        with self._lock:
            self._stopped = True
            self._more.notify_all()
        for thread in self._threads:
            thread.join()

    def take(self) -> News | None:
        """What was found and done since the last call, waiting ``TICK`` seconds at most; None when there is no more.

        Raises:
            BaseException: what ended a thread of this run.
        """
        with self._lock:
            if not self._done and not self._over:
                self._ready.wait(TICK)
            if self._fault is not None:
                raise self._fault
            if not self._done and self._over:
                return None
            news = News(self._announced, self._done, None if self._finding else self._found)
            self._announced, self._done = [], []
            self._more.notify_all()
            return news

    @property
    def _over(self) -> bool:
        """Whether nothing more will come. A content on its way always has a busy worker, or a waiting square."""
        return self._fault is not None or not (self._finding or self._backlog or self._squares or self._busy)

    def _guarded(self, job: Step) -> None:
        try:
            job()
        except BaseException as error:
            with self._lock:
                self._fault = self._fault or error
                self._stopped = True
                self._more.notify_all()
                self._ready.notify_all()

    def _find(self, paths: Iterable[Path | Source]) -> None:
        for item in find(paths):
            with self._lock:
                self._more.wait_for(self._may_find)
                if self._stopped:
                    return
                self._found += 1
                if isinstance(item, Failure):
                    self._done.append(item)
                    self._ready.notify()
                else:
                    self._backlog.append(item)
                    if self._announce:
                        self._announced.append(item)
                    self._more.notify()
        with self._lock:
            self._finding = False
            self._more.notify_all()
            self._ready.notify()

    def _may_find(self) -> bool:
        return self._stopped or (len(self._backlog) < BACKLOG and len(self._done) < UNDELIVERED)

    def _work(self) -> None:
        while (step := self._next()) is not None:
            try:
                step()
            finally:
                with self._lock:
                    self._busy -= 1
                    if self._over:
                        self._more.notify_all()
                        self._ready.notify()

    def _next(self) -> Step | None:
        """The most urgent step, waiting for one; None when there will be none. Counts the worker as busy."""
        with self._lock:
            while True:
                if self._stopped or self._over:
                    return None
                step = self._step() if len(self._done) < UNDELIVERED else None
                if step is not None:
                    self._busy += 1
                    return step
                self._more.wait()

    def _step(self) -> Step | None:
        # The first batches are small, so that the first answers come at once.
        target = min(self._batch_size, 1 << min(self._batches, 16))
        # With nothing left to read, a small batch now is better than an idle core.
        if len(self._squares) >= target or (self._squares and not self._backlog):
            batch, self._squares = self._squares[: self._batch_size], self._squares[self._batch_size :]
            self._batches += 1
            return lambda: self._infer(batch)
        if self._backlog:
            # Few at the start, for the first answers, and at the end, so that all workers end together.
            count = 1 + min(READ_AHEAD - 1, self._taken // self._workers, len(self._backlog) // (2 * self._workers))
            sources = [self._backlog.popleft() for _ in range(min(count, len(self._backlog)))]
            self._taken += len(sources)
            return lambda: self._read(sources)
        return None

    def _read(self, sources: Sequence[Source]) -> None:
        fresh: dict[bytes, bytes] = {}
        held = 0
        for source in sources:
            if self._stopped:
                return
            try:
                data = source.read_picture()
            except Exception as error:  # whatever a file does to us is that file's failure
                self._deliver([Failure(source, _as_file_error(source, error))])
                continue
            content = hashlib.sha256(data).digest()
            with self._lock:
                sharing = self._sharing.setdefault(content, [])
                sharing.append(source)
                if len(sharing) > 1:
                    continue
            fresh[content] = data
            held += len(data)
            if held > READ_AHEAD_BYTES:
                self._look(fresh)
                fresh, held = {}, 0
        self._look(fresh)

    def _look(self, fresh: Mapping[bytes, bytes]) -> None:
        """Answer what the cache knows, decode the rest. ``fresh``: content -> bytes."""
        known = self._recall(list(fresh))
        if known:
            self._answer(list(known), np.stack(list(known.values())))
        for content, data in fresh.items():
            if content not in known and not self._stopped:
                self._decode(content, data)

    def _decode(self, content: bytes, data: bytes) -> None:
        """Decode under the name of the first who waits; if that fails, of the next: a name can tell TGA from noise."""
        embedder = self._model.backbone
        while True:
            source = self._sharing[content][0]
            try:
                pixels = prepare(data, source.name, embedder)
            except Exception as error:
                with self._lock:
                    self._sharing[content].pop(0)
                    last = not self._sharing[content]
                    if last:
                        del self._sharing[content]
                self._deliver([Failure(source, _as_file_error(source, error))])
                if last:
                    return
            else:
                with self._lock:
                    self._squares.append(Square(content, pixels))
                    self._more.notify()
                return

    def _infer(self, batch: Sequence[Square]) -> None:
        embeddings = self._model.backbone.embed(np.stack([square.pixels for square in batch]))
        contents = [square.content for square in batch]
        # Stored before it is answered: whoever brings the same content from now on finds it here or there.
        self._store(contents, embeddings)
        self._answer(contents, embeddings)

    def _answer(self, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> None:
        answers: list[Answer | Failure] = []
        for content, reply in zip(contents, self._model.answer(contents, embeddings), strict=True):
            with self._lock:
                sources = self._sharing.pop(content)
            answers += [Answer(source, content, reply) for source in sources]
        self._deliver(answers)

    def _deliver(self, items: list[Answer | Failure]) -> None:
        with self._lock:
            self._done += items
            self._ready.notify()

    def _recall(self, contents: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        cache, backbone = self._cache, self._model.backbone
        if cache is None or not contents:
            return {}
        try:
            known = cache.get(backbone.id, contents)
        except (WorkspaceError, sqlite3.Error) as error:
            self._give_up_cache(error)
            return {}
        # A vector that was cut short on its way to the disk is computed again.
        return {content: vector for content, vector in known.items() if vector.shape == (backbone.dimensions,)}

    def _store(self, contents: Sequence[bytes], embeddings: NDArray[np.float16]) -> None:
        with self._storing:
            cache = self._cache
            if cache is None:
                return
            try:
                cache.put(self._model.backbone.id, dict(zip(contents, embeddings, strict=True)))
            except (WorkspaceError, sqlite3.Error) as error:
                self._give_up_cache(error)

    def _give_up_cache(self, error: Exception) -> None:
        """A cache that can't be used costs time, not answers."""
        if self._cache is not None:
            self._cache = None
            _log.warning("Going on without the cache of embeddings: %s", error)


def _as_file_error(source: Source, error: Exception) -> FileError:
    """``error`` if it is a sentence already; else one, and the traceback to the log."""
    if isinstance(error, FileError):
        return error
    if isinstance(error, MemoryError):
        return ImageTooLargeError(source.name, "needs more memory than is free", "close other programs and try again")
    _log.error("Unexpected trouble with %s", source.label, exc_info=error)
    return FileError(source.name, "could not be read because of a fault in Sortwerk", "please report it with the log")
