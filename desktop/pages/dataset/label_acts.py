"""One act of a hand that labels, and how it is kept: a transaction in the store, or a journal until that works. No Qt.

Everything here is for background threads.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.errors import DatasetError, SortwerkError, WorkspaceError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.records import Label
    from training.datasets.store import DatasetStore
    from training.datasets.values import Value
    from training.labelling.drafts import Draft

__all__ = ["Act", "Clash", "Saved", "save"]

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Act:
    """What a hand has said: one step of undo.

    Attributes:
        dataset: its id.
        head: name of the question.
        labels: item -> what it is; None for "nobody knows".
        words: what the step is called, such as "Drew a box".
        bases: item -> the text (``training.datasets.values.to_text``) of the label that the person was shown, None for
            none, or the act before it that is not saved yet; items that are missing are labelled whatever they were.
        categories: of the question, as the hand knew them.
        annotator: who says so.
        values: item -> the label, with its pixels in the blob store; filled by ``save``.
        problem: why it is not saved, a sentence; "" while it was not tried.
        hopeless: whether trying again won't help before the person has done something.
        step: that it became; None before, and when nothing has changed.
        key: of this act alone, also in the journals of several programs: the store keeps it once.
    """

    dataset: int
    head: str
    labels: Mapping[int, Draft | None]
    words: str
    bases: Mapping[int, str | Act | None] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    annotator: str = ""
    values: dict[int, Value | None] = field(default_factory=dict)
    problem: str = ""
    hopeless: bool = False
    step: int | None = None
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    def expected(self) -> dict[int, str | None]:
        """As ``DatasetStore.save_labels`` takes it."""
        return {item: base.text(item) if isinstance(base, Act) else base for item, base in self.bases.items()}

    def text(self, item: int) -> str | None:
        """What ``item`` says after this act; what it said before where it could not be saved."""
        from training.datasets.values import to_text

        if item in self.values:
            value = self.values[item]
            return None if value is None else to_text(value)
        return self.expected().get(item)


@dataclass(frozen=True, slots=True)
class Clash:
    """Another window has labelled what a hand has labelled here: ``theirs`` is what holds, until the person decides."""

    act: Act
    theirs: Mapping[int, Label | None]


@dataclass(slots=True, eq=False)
class Saved:
    """What came of acts.

    Attributes:
        done: those that are in the database now, or clash.
        clashes: of those, what was left as another window has it.
        problem: why the others are not there, a sentence; "" for none.
        news: sentences that a person should read.
    """

    done: list[Act] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    problem: str = ""
    news: list[str] = field(default_factory=list)


def save(store: DatasetStore, acts: Sequence[Act]) -> Saved:
    """Keep acts, in their order; the first that the workspace refuses stops it, as the others would be refused too.

    An act that the dataset refuses (its question is gone) is left out, and those after it are kept.
    """
    saved = Saved()
    for act in acts:
        try:
            _save(store, act, saved)
        except WorkspaceError as error:
            act.problem, act.hopeless = str(error), False
            saved.problem = act.problem
            break
        except SortwerkError as error:
            act.problem, act.hopeless = str(error), True
            saved.problem = saved.problem or act.problem
        except Exception as error:  # whatever it is, nothing that was said may be lost
            _log.exception("a label could not be saved")
            sentence = f"Saving stopped at a fault in Sortwerk ({type(error).__name__}); the log has the details."
            act.problem, act.hopeless = sentence, False
            saved.problem = sentence
            break
        else:
            act.problem = ""
            saved.done.append(act)
    if saved.problem:
        for act in acts:  # what comes after it is not saved either
            if act not in saved.done:
                act.problem = act.problem or saved.problem
    return saved


def _save(store: DatasetStore, act: Act, saved: Saved) -> None:
    from training.labelling.drafts import to_value

    head = store.dataset(act.dataset).head(act.head)
    for item, draft in act.labels.items():
        kept = draft
        if draft is not None and _paints(draft) and act.categories and act.categories != head.categories:
            kept, head = _remapped(store, act, head, draft)
        act.values[item] = None if kept is None else to_value(store.blobs, kept)
    back = _brought_back(act, head)
    outcome = store.save_labels(
        act.dataset,
        act.head,
        act.values,
        expected=act.expected(),
        annotator=act.annotator,
        action=act.words,
        new_categories=True,
        key=act.key,
    )
    act.step = outcome.step
    if back:
        saved.news.append(f"{back} had been taken out of {act.head} meanwhile; it is there again, as you have used it.")
    if outcome.conflicts:
        saved.clashes.append(Clash(act, outcome.conflicts))


def _paints(draft: object) -> bool:
    from training.labelling.drafts import CompressedMask, PaintedMask

    return isinstance(draft, PaintedMask | CompressedMask)


def _remapped(store: DatasetStore, act: Act, head: HeadDef, draft: Draft) -> tuple[Draft, HeadDef]:
    """A painted mask, and the question, after somebody has changed the categories while it was painted."""
    import numpy as np

    from training.labelling.drafts import PaintedMask, shown

    painted = shown(draft)
    if not isinstance(painted, PaintedMask):
        raise DatasetError(f"The answer to {head.name} is no mask; make it anew.")
    used = [index for index in np.unique(painted.indices).tolist() if index < len(act.categories)]
    for index in used:
        if act.categories[index] not in head.categories:
            store.add_category(act.dataset, act.head, act.categories[index])
            head = store.dataset(act.dataset).head(act.head)
    table = np.arange(256, dtype=np.uint8)
    for index in used:
        table[index] = head.categories.index(act.categories[index])
    return PaintedMask(table[painted.indices]), head


def _brought_back(act: Act, head: HeadDef) -> str:
    """The first category that the hand knew, that the question does not know any more, and that the act names."""
    from training.datasets.heads import named_categories

    for value in act.values.values():
        for name in sorted(named_categories(head, value)) if value is not None else ():
            if name in act.categories and name not in head.categories:
                return name
    return ""
