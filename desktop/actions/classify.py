"""Ask a model about files: what a drop on the window and ``sortwerk classify`` both do."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from models.database import Database, open_cache, open_workspace
from models.embedding import EmbeddingCache
from models.errors import ModelError, WorkspaceError
from models.library import STARTER, load_backbone, readable_spec
from models.pipeline import Answer, Failure, Pipeline, Progress
from models.sources import Source
from models.spec import ModelSpec
from training.learner import Learner
from training.model_folder import WRONG

__all__ = ["Answer", "Classifier", "ClassifyRequest", "Failure", "Progress", "Source"]

_log = logging.getLogger(__name__)

MAKES_PICTURES = frozenset({"image"})
"""Kinds that have nothing by which files could be sorted."""


@dataclass(frozen=True, slots=True)
class ClassifyRequest:
    """Which files to ask about: files, folders and zips, as dropped or named."""

    paths: tuple[Path, ...]


class Classifier:
    """A loaded model with all it was taught, and the workspace's memory; kept between requests, used from any thread.

    Args:
        model: folder of the model; None for the starter model.
        threads: workers; None for one a core.
        device: "auto" for the fastest there is, "cpu" for the processor, or one of ``models.inference.DEVICES``.
        wrong: share of the answers that may be wrong, 0 to 1: the less, the more is called unknown; None to answer all.

    Attributes:
        learner: the model; what a person says about its answers goes there.
        notice: a sentence when it runs on another device than was wished; "" else.

    Raises:
        ModelError: the model can't be loaded.
    """

    def __init__(
        self,
        model: Path | None = None,
        *,
        threads: int | None = None,
        device: str = "auto",
        wrong: float | None = WRONG,
    ) -> None:
        folder = model or STARTER
        spec = readable_spec(folder)
        if spec.heads[0].kind in MAKES_PICTURES:
            raise ModelError(
                f"{spec.name} answers with a picture, by which nothing can be sorted; try it under Models."
            )
        backbone = load_backbone(folder, spec, device=device)
        self.notice = getattr(backbone, "notice", "") if device != "auto" else ""
        self._cache = _opened(open_cache, "the cache of embeddings")
        self._workspace = _opened(open_workspace, "corrections")
        try:
            self.learner = Learner(folder, spec, backbone, workspace=self._workspace, cache=self._cache)
        except WorkspaceError as error:
            _log.warning("Going on without corrections: %s", error)
            self.learner = Learner(folder, spec, backbone, workspace=None, cache=self._cache)
        found = [head.calibration for head in self.learner.learning_heads() if head is not None]
        if any(one.examples and one.wrong != wrong for one in found):  # as it was made, or used last, for another share
            self.learner.settle(wrong)
        cache = EmbeddingCache(self._cache) if self._cache else None
        self._pipeline = Pipeline(self.learner, cache, threads=threads)

    @property
    def spec(self) -> ModelSpec:
        """What the model says about itself."""
        return self.learner.spec

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
        """Keep what would take long to find again, and close the databases."""
        self.learner.close()
        for database in (self._cache, self._workspace):
            if database:
                database.close()

    def __enter__(self) -> Classifier:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _opened(opened: Callable[[], Database], what: str) -> Database | None:
    """None when it can't be used: answers don't need it, they only come faster, or more to a person's mind, with it."""
    try:
        return opened()
    except WorkspaceError as error:
        _log.warning("Going on without %s: %s", what, error)
        return None
