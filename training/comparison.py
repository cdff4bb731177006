"""Two or more models on one labelled set: who is right how often, at what cost, and whether that can be chance.

    found = compare([None, folder], read_labelled(path))
    print(found.standings[0].name, found.note)

``training.ranking`` makes figures of what is asked and timed here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.database import Database
from models.embedding import EmbeddingCache
from models.errors import ModelError, WorkerError
from models.library import BUNDLED, STARTER, load_backbone, on_bundled, readable_spec
from models.pipeline import Answer, Pipeline, Progress
from models.spec import ModelSpec
from models.validation import cost
from models.worker import Step
from training.labelled import LabelledSet
from training.learner import Learner
from training.ranking import Asked, Comparison, rank

__all__ = ["Comparison", "compare"]

TIMED = 30
"""Pictures that each model is timed with."""


@dataclass(frozen=True, slots=True)
class _Contender:
    folder: Path
    spec: ModelSpec
    head: str


def compare(
    folders: Sequence[Path | None],
    labelled: LabelledSet,
    *,
    head: str | None = None,
    workspace: Database | None = None,
    cache: Database | None = None,
    timed: int = TIMED,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Comparison:
    """Ask every model about every picture, then time each in a child process in which nothing else runs.

    Args:
        folders: of two or more models; None for the starter model.
        labelled: pictures, and what they are.
        head: the question that is compared; None for each model's first of kind "categories".
        workspace: what a person has taught the models; None for the models as they were made.
        cache: of embeddings; None to do without.
        timed: pictures to time each model with, one at a time; 0 for no timing.
        cancel: set it to stop.
        on_progress: called in this thread.

    Raises:
        ModelError: fewer than two models, a model can't be loaded or run or does not answer that question, or no
            picture is answered by all of them.
        WorkspaceError: the workspace can't be read.
        Cancelled: ``cancel`` was set.
    """
    contenders = [_contender(folder or STARTER, head) for folder in folders]
    if len(contenders) < 2:
        raise ModelError("There is just one model to compare; name two or more.")
    paths = [path for path, _ in labelled.items]
    asked = []
    for place, one in enumerate(contenders):
        steps = _Steps(place, len(contenders), one.spec.name, on_progress)
        given, taught = _ask(one, paths, workspace, cache, cancel, steps)
        asked.append(Asked(one.spec.name, one.folder, one.head, given, taught, _size(one)))
    for place, model in enumerate(asked if timed else ()):
        steps = _Steps(place, len(asked), f"{model.name}, speed and memory", on_progress)
        some = [paths[index * len(paths) // timed] for index in range(timed)] if len(paths) > timed else paths
        try:
            model.cost = cost(model.folder, some, cancel=cancel, on_progress=steps.child)
        except (ModelError, WorkerError) as error:  # its answers are here all the same
            model.problem = str(error)
    return rank(asked, labelled)


def _contender(folder: Path, head: str | None) -> _Contender:
    spec = readable_spec(folder)
    heads = {one.name: one.kind for one in spec.heads}
    name = head if head is not None else next((one for one, kind in heads.items() if kind == "categories"), None)
    if name is None or heads.get(name) != "categories":
        has = ", ".join(f"{one} ({kind})" for one, kind in heads.items())
        wanted = f"no question {head} of" if head is not None else "no question that is answered with one of its"
        raise ModelError(f"{spec.name} has {wanted} categories, and answers {has}; leave it out, or compare another.")
    return _Contender(folder, spec, name)


def _ask(
    one: _Contender,
    paths: Sequence[Path],
    workspace: Database | None,
    cache: Database | None,
    cancel: threading.Event | None,
    steps: _Steps,
) -> tuple[dict[Path, Answer], frozenset[Path]]:
    """A model's answer to each picture that can be read, and those about which a person has told it."""
    learner = Learner(one.folder, one.spec, load_backbone(one.folder, one.spec), workspace=workspace, cache=cache)
    pipeline = Pipeline(learner, EmbeddingCache(cache) if cache is not None else None)
    given: dict[Path, Answer] = {}
    for items in pipeline.run(paths, cancel=cancel, on_progress=steps.pipeline):
        given |= {item.source.path: item for item in items if isinstance(item, Answer)}
    return given, frozenset(path for path, answer in given.items() if one.head in answer.labels)


def _size(one: _Contender) -> int:
    """Bytes of a model's files, with the bundled network where it stands on that."""
    places = [one.folder, *([BUNDLED / "backbone"] if on_bundled(one.folder, one.spec) else [])]
    return sum(path.stat().st_size for place in places for path in place.rglob("*") if path.is_file())


class _Steps:
    """How far the whole is, from how far one model is."""

    def __init__(self, place: int, models: int, words: str, tell: Callable[[Step], None] | None) -> None:
        self._place, self._models, self._words, self._tell = place, models, words, tell

    def pipeline(self, progress: Progress) -> None:
        if self._tell is not None and progress.total:
            total = progress.total * self._models
            self._tell(Step(progress.total * self._place + progress.done, total, self._words))

    def child(self, step: Step) -> None:
        if self._tell is not None and step.total:
            self._tell(Step(step.total * self._place + step.done, step.total * self._models, self._words))
