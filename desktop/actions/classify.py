"""Ask a model about files: what a drop on the window and ``sortwerk classify`` both do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from models.database import Database, open_cache
from models.embedding import EmbeddingCache
from models.errors import WorkspaceError
from models.library import load_model
from models.pipeline import Answer, Failure, Pipeline, Progress
from models.sources import Source
from models.spec import ModelSpec

__all__ = ["Answer", "Classifier", "ClassifyRequest", "Failure", "Progress", "Source"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClassifyRequest:
    """Which files to ask about: files, folders and zips, as dropped or named."""

    paths: tuple[Path, ...]


class Classifier:
    """A loaded model and the workspace's memory of embeddings; kept between requests, used from any thread.

    Args:
        model: folder of the model; None for the starter model.
        threads: workers; None for one a core.
        device: "auto" for the fastest there is, "cpu" for the processor.

    Raises:
        ModelError: the model can't be loaded.
    """

    def __init__(self, model: Path | None = None, *, threads: int | None = None, device: str = "auto") -> None:
        self._model = load_model(model, device=device)
        self._database = _database()
        cache = EmbeddingCache(self._database) if self._database else None
        self._pipeline = Pipeline(self._model, cache, threads=threads)

    @property
    def spec(self) -> ModelSpec:
        """What the model says about itself."""
        return self._model.spec

    def classify(
        self,
        request: ClassifyRequest,
        *,
        cancel: threading.Event | None = None,
        on_found: Callable[[list[Source]], None] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Generator[list[Answer | Failure], None, None]:
        """Answers in small lists as they are done, in any order; the rest as ``models.pipeline.Pipeline.run``.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the model can't be run.
        """
        return self._pipeline.run(request.paths, cancel=cancel, on_found=on_found, on_progress=on_progress)

    def close(self) -> None:
        """Close the memory of embeddings."""
        if self._database:
            self._database.close()

    def __enter__(self) -> Classifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _database() -> Database | None:
    """None when the workspace can't be used: answers don't need it, they only come faster with it."""
    try:
        return open_cache()
    except WorkspaceError as error:
        _log.warning("Going on without the cache of embeddings: %s", error)
        return None
