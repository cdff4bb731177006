"""Files to typed answers at full speed: find, read, decode, infer, with progress, cancel and bounded memory.

Every worker carries whatever is most urgent: a full batch through the network if one is ready, else the next few files
through reading and decoding. So all cores are busy with whichever of the two is behind, no thread hands work to another
core and waits for it, and the throughput comes close to what the cores could do at best. Reading, hashing, decoding,
inference and SQLite all release the interpreter's lock, so a window beside it stays alive.

Sources that share their content, at the same time or through the cache, share one inference.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from models.answer import Answer, Answering
from models.embedding import EmbeddingCache
from models.errors import Cancelled
from models.progress import Meter, Progress
from models.sources import Failure, Source
from models.workers import Run, prepare

__all__ = ["Answer", "Failure", "Pipeline", "Progress", "prepare"]

BATCH_SIZE = 2
"""Pictures an inference. One core has nothing to gain from more: what it works on leaves its cache sooner, and every
picture in flight takes some 20 MB of activations (docs/benchmarks.md)."""

AT_ONCE = 256
"""The longest list handed to the consumer: a window stays alive while it shows one."""


class Pipeline:
    """Runs files through a model.

    Args:
        model: what answers.
        cache: of embeddings by content, None to do without.
        threads: workers; None for one a core.
        batch_size: pictures an inference, at most.
    """

    def __init__(
        self,
        model: Answering,
        cache: EmbeddingCache | None,
        *,
        threads: int | None = None,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._model = model
        self._cache = cache
        self._threads = threads or cores()
        self._batch_size = batch_size

    def run(
        self,
        paths: Iterable[Path | Source],
        *,
        cancel: threading.Event | None = None,
        on_found: Callable[[list[Source]], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Generator[list[Answer | Failure], None, None]:
        """Answers about all that is found under ``paths``, in small lists as they are done, in any order.

        The workers run while the caller handles a list, and pause when it falls a thousand answers behind. Closing the
        iterator stops them. The functions given are called in the caller's thread, between two lists.

        Args:
            paths: files, folders and zips, as ``find`` takes them.
            cancel: set it to stop.
            on_found: is given the sources found, each before its answer, in lists as small as those of answers.
            on_progress: is told where things stand before each list, and ten times a second while nothing is done.

        Raises:
            Cancelled: ``cancel`` was set; every thread has ended by then.
            ModelError: the model can't be run.
        """
        run = Run(self._model, self._cache, self._threads, self._batch_size, announce=on_found is not None)
        meter = Meter()
        try:
            run.start(paths)
            while (news := run.take()) is not None:
                if cancel is not None and cancel.is_set():
                    raise Cancelled("The work was cancelled.")
                if on_found is not None:
                    for sources in _slices(news.found):
                        on_found(sources)
                meter.count(len(news.done), sum(isinstance(item, Failure) for item in news.done))
                if on_progress is not None:
                    on_progress(meter.progress(news.total))
                yield from _slices(news.done)
        finally:
            run.stop()


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


T = TypeVar("T")


def _slices(items: list[T]) -> Iterator[list[T]]:
    return (items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE))
