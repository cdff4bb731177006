"""Any installed model proposes labels for the pictures of a dataset, as fast as the pipeline goes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

from models.answer import Answer, Answering
from models.embedding import EmbeddingCache
from models.errors import DatasetError
from models.pipeline import Pipeline, Progress
from models.sources import Failure
from training.datasets.heads import HeadDef
from training.datasets.records import Item, Place
from training.labelling.converting import convert
from training.labelling.matching import Match, match_heads, unmatched_words
from training.labelling.proposals import Accepted, Proposal, above, accept

__all__ = ["Accepted", "Match", "NotProposed", "Proposal", "Proposer", "above", "accept"]


@dataclass(frozen=True, slots=True)
class NotProposed:
    """An item whose picture can't be looked at, and why, a sentence."""

    item: int
    words: str


class Proposer:
    """A model that answers the questions of a dataset. Keep it while labelling: what it has seen is cheap to ask again.

    Args:
        model: loaded.
        heads: the dataset's questions.
        cache: of embeddings; None to do without.
        categories: head of the model -> its categories, where they have grown since it was made.
        threads: workers; None for one a core.

    Attributes:
        name: of the model.
        matches: what it can answer.
        words: what it can't, and what else a person should know, a sentence each.

    Raises:
        DatasetError: it can answer none of them.
    """

    def __init__(
        self,
        model: Answering,
        heads: Sequence[HeadDef],
        *,
        cache: EmbeddingCache | None = None,
        categories: Mapping[str, Sequence[str]] | None = None,
        threads: int | None = None,
    ) -> None:
        self.name = model.spec.name
        self.matches = tuple(match_heads(model.spec, heads, categories))
        unmatched = unmatched_words(model.spec, heads, self.matches)
        if not self.matches:
            raise DatasetError(f"{unmatched.rstrip('.')}; choose another model." if unmatched else "Nothing is asked.")
        self.words = tuple(one for one in (unmatched, *(match.words for match in self.matches)) if one)
        self._pipeline = Pipeline(model, cache, threads=threads)

    def propose(
        self,
        items: Sequence[Item],
        *,
        places: Mapping[int, Sequence[Place]] | None = None,
        threshold: float | None = None,
        cancel: threading.Event | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Generator[list[Proposal | NotProposed], None, None]:
        """Proposals in small lists as they are done, in any order, at most one for each item and question.

        Args:
            items: of the dataset, none twice.
            places: item -> further places where its content lies (``DatasetStore.further_places``); asked where the
                first is gone.
            threshold: as ``training.labelling.converting.convert``.
            cancel: set it to stop.
            on_progress: as ``models.pipeline.Pipeline.run``.

        Raises:
            Cancelled: ``cancel`` was set.
            ModelError: the model can't be run.
        """
        by_content = {item.content: item for item in items}
        by_source = {_place(item, (places or {}).get(item.id, ())).source: item for item in items}
        run = self._pipeline.run(by_source, cancel=cancel, on_progress=on_progress)
        try:
            for done in run:
                made = []
                for answer in done:
                    item = by_source[answer.source]
                    if isinstance(answer, Answer):
                        item = by_content.get(answer.content_hash, item)
                    made += self._made(answer, item, threshold)
                if made:
                    yield made
        finally:
            run.close()

    def _made(self, answer: Answer | Failure, item: Item, threshold: float | None) -> list[Proposal | NotProposed]:
        if isinstance(answer, Failure):
            return [NotProposed(item.id, str(answer.error))]
        if answer.content_hash != item.content:
            return [NotProposed(item.id, f"{item.name} was changed since it came in; add it again.")]
        made = (convert(answer, match, item, threshold) for match in self.matches)
        return [one for one in made if one is not None]


def _place(item: Item, further: Sequence[Place]) -> Place:
    """The first of an item's places that is there; the first where none is."""
    for place in (item.place, *further):
        with contextlib.suppress(OSError):
            if place.source.path.exists():
                return place
    return item.place
