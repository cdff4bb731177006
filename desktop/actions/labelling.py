"""Help with labelling a dataset: a model proposes, what to label next, how far annotators agree; and who one is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from desktop.actions.datasets import find_dataset, opened
from desktop.actions.models import find_model
from desktop.settings import annotator_name, load
from models.database import Database, open_cache, open_workspace
from models.embedding import Backbone, EmbeddingCache
from models.errors import DatasetError, one_line
from models.library import BUNDLED, STARTER, load_backbone, readable_spec
from models.progress import Progress
from models.workspace import folder
from training.datasets.heads import HeadDef
from training.datasets.masks import read_mask
from training.datasets.quality.gathering import gather
from training.datasets.records import Dataset, Item, Query
from training.datasets.store import DatasetStore
from training.labelling.active_learning import Suggestion
from training.labelling.agreement import Agreement, agree
from training.labelling.apprentice import Apprentice, can_learn
from training.labelling.drafts import to_value
from training.labelling.pool import Pool
from training.labelling.proposing import Accepted, NotProposed, Proposal, Proposer, accept
from training.learner import Learner

__all__ = [
    "Labelled",
    "Next",
    "compare_annotators",
    "label_by_model",
    "next_to_label",
    "opened_proposer",
    "own_name",
]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What a model did to a dataset.

    Attributes:
        dataset: itself.
        model: the model's name.
        accepted: which items got labels, by which steps.
        counts: question -> items that got a label.
        failures: item -> why its picture could not be looked at.
        words: what a person should know about model and questions, a sentence each.
    """

    dataset: Dataset
    model: str
    accepted: Accepted
    counts: dict[str, int]
    failures: dict[int, str]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """What to label next, with the items in the order of the suggestions."""

    dataset: Dataset
    head: HeadDef
    suggestions: tuple[Suggestion, ...]
    items: tuple[Item, ...]
    words: str


def own_name() -> str:
    """``annotator_name`` by the settings that are kept. Raises ``WorkspaceError``: the workspace can't be used."""
    return annotator_name(load(folder())[0])


@contextlib.contextmanager
def opened_proposer(model: str | None, heads: Collection[HeadDef], *, threads: int | None = None) -> Iterator[Proposer]:
    """A loaded model with all it was taught, ready to propose answers to ``heads``, for the block.

    Args:
        model: its name or folder; None for the starter model.
        heads: of a dataset.
        threads: workers; None for one a core.

    Raises:
        ModelError: there is no such model, or it can't be loaded.
        DatasetError: it answers none of ``heads``.
        WorkspaceError: the workspace can't be used.
    """
    path = find_model(model) or STARTER
    spec = readable_spec(path)
    with contextlib.ExitStack() as stack:
        workspace, cache = (_closing(stack, which) for which in (open_workspace, open_cache))
        learner = Learner(path, spec, load_backbone(path, spec), workspace=workspace, cache=cache)
        stack.callback(learner.close)
        grown = {one.name: one.categories for one in learner.published}
        yield Proposer(learner, list(heads), cache=EmbeddingCache(cache), categories=grown, threads=threads)


def label_by_model(
    named: str,
    model: str | None,
    *,
    heads: Collection[str] = (),
    threshold: float | None = None,
    only_unlabelled: bool = True,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Labelled:
    """Give the pictures of a dataset the labels that a model proposes, one step a question that can be undone.

    Their origin is "model": whoever looks at them can tell.

    Args:
        named: the dataset.
        model: name or folder of the model; None for the starter model.
        heads: only these questions; all without.
        threshold: 0 to 1, under which nothing is taken; None for whatever the model itself does not call unknown.
        only_unlabelled: whether what has a label keeps it.
        cancel: set it to stop.
        on_progress: told how many files have been looked at.

    Raises:
        Cancelled: ``cancel`` was set; nothing was labelled.
        DatasetError: there is no such dataset or question, or the model answers none of them.
        ModelError: there is no such model, or it can't be run.
        WorkspaceError: the workspace can't be used.
    """
    with opened() as store:
        dataset = find_dataset(store, named)
        questions = [dataset.head(one) for one in heads] or list(dataset.heads)
        with opened_proposer(model, questions) as proposer:
            answered = [one.head.name for one in proposer.matches]
            items = [one for one in store.items(dataset.id) if one.status == "ok"]
            if only_unlabelled:
                items = [one for one in items if any(head not in one.labels for head in answered)]
            labelled = {one.id: frozenset(one.labels) for one in items}
            kept: list[Proposal] = []
            failures: dict[int, str] = {}
            places = store.further_places(dataset.id)
            made = proposer.propose(items, places=places, threshold=threshold, cancel=cancel, on_progress=on_progress)
            for some in made:
                for one in some:
                    if isinstance(one, NotProposed):
                        failures[one.item] = one.words
                    elif not (only_unlabelled and one.head in labelled[one.item]):
                        kept.append(replace(one, draft=to_value(store.blobs, one.draft)))
            name, words = proposer.name, proposer.words
        accepted = accept(
            store,
            dataset.id,
            kept,
            annotator=name,
            origin="model",
            action=f"Labelled by {one_line(name)}",
            only_unlabelled=only_unlabelled,
        )
        done = set(accepted.items)
        counts = {head: sum(one.head == head and one.item in done for one in kept) for head in answered}
    return Labelled(dataset, name, accepted, counts, failures, words)


def compare_annotators(named: str, head: str, one: str, other: str) -> tuple[Dataset, Agreement, dict[int, str]]:
    """How far two annotators agree about a question; and the names of the items about which they don't.

    Args:
        named: the dataset.
        head: the question.
        one: an annotator, in whatever letters; "" for labels without a name.
        other: likewise.

    Raises:
        DatasetError: there is no such dataset, question or annotator, or the two have no picture in common.
        WorkspaceError: the workspace can't be used.
    """
    with opened() as store:
        dataset = find_dataset(store, named)
        question = dataset.head(head)
        said = store.annotations(dataset.id, head)
        first, second = (_annotator(said, name) for name in (one, other))
        if first == second:
            raise DatasetError("Nobody disagrees with himself; name two annotators.")
        found = agree(
            question,
            said[first],
            said[second],
            annotators=(first, second),
            read=lambda mask: read_mask(store.blobs, mask),
        )
        items = [one.item for one in found.disagreements]
        names = {item.id: item.place.text for item in store.items(dataset.id, where=Query(ids=items))}
    return dataset, found, names


def next_to_label(
    named: str,
    head: str | None = None,
    *,
    count: int = 20,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Next:
    """Which pictures of a dataset would teach most if they were labelled next, and why.

    Args:
        named: the dataset.
        head: the question; None for the first that can be learned.
        count: how many at most.
        cancel: set it to stop.
        on_progress: told how many files have been looked at.

    Raises:
        Cancelled: ``cancel`` was set.
        DatasetError: there is no such dataset or question, or it can't be learned.
        ModelError: the backbone can't be run.
        WorkspaceError: the workspace can't be used.
    """
    with opened() as store:
        dataset = find_dataset(store, named)
        question = dataset.head(head) if head is not None else _learnable(dataset)
        with contextlib.closing(open_cache()) as cache:
            backbone = Backbone(BUNDLED / "backbone", threads=1)
            facts = gather(store, dataset.id, cache, backbone, cancel=cancel, on_progress=on_progress)
        apprentice = Apprentice(Pool.of_facts(facts), question, store.labels(dataset.id, question.name))
        suggestions = apprentice.label_next(count)
        items = _items(store, dataset.id, [one.item for one in suggestions])
    return Next(dataset, question, tuple(suggestions), tuple(items), apprentice.words)


def _learnable(dataset: Dataset) -> HeadDef:
    found = next((one for one in dataset.heads if can_learn(one)), None)
    if found is None:
        raise DatasetError(
            f"{one_line(dataset.name)} asks nothing that is answered with categories, tags or a grade; label in any "
            "order."
        )
    return found


def _annotator(said: Collection[str], wanted: str) -> str:
    found = [name for name in said if name.casefold() == wanted.strip().casefold()]
    if not found:
        names = ", ".join(one_line(name) or '""' for name in said) or "nobody"
        raise DatasetError(
            f"{one_line(wanted) or 'Nobody in particular'} has labelled nothing here; there are: {names}."
        )
    return found[0]


def _items(store: DatasetStore, dataset: int, ids: list[int]) -> list[Item]:
    found = {one.id: one for one in store.items(dataset, where=Query(ids=ids))}
    return [found[one] for one in ids]


def _closing(stack: contextlib.ExitStack, which: Callable[[], Database]) -> Database:
    return stack.enter_context(contextlib.closing(which()))
