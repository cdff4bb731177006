"""Proposals: what a model, or what was learned while labelling, would answer; accepted one by one or in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from models.errors import DatasetError
from training.datasets.records import Origin
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes
from training.datasets.wording import pictures
from training.labelling.drafts import Draft, to_value

__all__ = ["Accepted", "Proposal", "above", "accept", "box_words", "percent"]


@dataclass(frozen=True, slots=True, eq=False)
class Proposal:
    """What one picture may be, by one question.

    Attributes:
        item: its id.
        head: the name of the dataset's question.
        draft: the answer.
        confidence: 0 to 1; of several things that of the least sure; None where the model does not say how sure it is.
        words: what to read beside it, such as "oak 93 %, walnut 5 %".
        scores: of ``Boxes``, one for each shape, 0 to 1; else empty.
    """

    item: int
    head: str
    draft: Draft
    confidence: float | None
    words: str
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of proposals.

    Attributes:
        items: that have a label of them now, rising.
        steps: of the store, one for each question.
        kept: items that had a label already, and keep it.
    """

    items: tuple[int, ...]
    steps: tuple[int, ...]
    kept: tuple[int, ...] = ()


def above(proposals: Iterable[Proposal], threshold: float) -> list[Proposal]:
    """The proposals that are at least so sure. Of boxes, each shape that is; without one there is no proposal.

    A model that does not say how sure it is gets through a threshold of 0 only.
    """
    return [kept for one in proposals if (kept := _above(one, threshold)) is not None]


def accept(
    store: DatasetStore,
    dataset_id: int,
    proposals: Sequence[Proposal],
    *,
    annotator: str = "",
    origin: Origin = "person",
    action: str = "",
    only_unlabelled: bool = True,
) -> Accepted:
    """Make labels of proposals, one step a question.

    Args:
        store: of datasets.
        dataset_id: of the dataset.
        proposals: at most one for each item and question.
        annotator: who accepts them, or the model's name where nobody has looked at them.
        origin: "person" where somebody has looked at each, "model" else.
        action: what the steps are called; "" for "Accepted n proposals of material".
        only_unlabelled: whether what has a label keeps it, also where another window has given it a moment ago.

    Raises:
        DatasetError: an answer does not fit its question any more, or a picture is gone; that question gets no label.
        WorkspaceError: a mask can't be kept, or the database can't be written.
    """
    by_head: dict[str, dict[int, Proposal]] = {}
    for one in proposals:
        if one.item in by_head.setdefault(one.head, {}):
            raise DatasetError(f"{pictures(1)} has two proposals of {one.head}; accept one of them.")
        by_head[one.head][one.item] = one
    steps, done, kept = [], set(), set()
    for head, chosen in by_head.items():
        there = store.labels(dataset_id, head, list(chosen)) if only_unlabelled else {}
        labels = {item: to_value(store.blobs, one.draft) for item, one in chosen.items() if item not in there}
        saved = store.save_labels(
            dataset_id,
            head,
            labels,
            expected=dict.fromkeys(labels) if only_unlabelled else {},
            annotator=annotator,
            origin=origin,
            action=action or f"Accepted {len(labels):,} proposal{'' if len(labels) == 1 else 's'} of {head}",
        )
        steps += [saved.step] if saved.step is not None else []
        done |= labels.keys() - saved.conflicts.keys()
        kept |= there.keys() | saved.conflicts.keys()
    return Accepted(tuple(sorted(done)), tuple(steps), tuple(sorted(kept)))


def _above(one: Proposal, threshold: float) -> Proposal | None:
    if isinstance(one.draft, Boxes) and one.scores:
        places = [place for place, score in enumerate(one.scores) if score >= threshold]
        if not places:
            return None
        if len(places) == len(one.scores):
            return one
        scores = tuple(one.scores[place] for place in places)
        shapes = Boxes(tuple(one.draft.shapes[place] for place in places))
        return replace(one, draft=shapes, scores=scores, confidence=min(scores), words=box_words(shapes, scores))
    if one.confidence is None:
        return one if threshold <= 0 else None
    return one if one.confidence >= threshold else None


def box_words(boxes: Boxes, scores: Sequence[float]) -> str:
    """Such as "drawer × 2 (91 %, 54 %), frame (88 %)"."""
    by_name: dict[str, list[float]] = {}
    for shape, score in zip(boxes.shapes, scores, strict=True):
        by_name.setdefault(shape.category, []).append(score)
    parts = []
    for name, some in by_name.items():
        times = f" × {len(some)}" if len(some) > 1 else ""
        listed = ", ".join(percent(score) for score in some[:3]) + (", …" if len(some) > 3 else "")
        parts.append(f"{name}{times} ({listed})")
    return ", ".join(parts) or "nothing"


def percent(share: float) -> str:
    """0.931 as "93 %"."""
    return f"{share * 100:.0f} %"
