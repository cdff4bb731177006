"""What labels and their history say, in words. No Qt."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desktop.pages.dataset.wanted import SPLIT_WORDS

if TYPE_CHECKING:  # NumPy comes with them
    from collections.abc import Sequence

    from training.datasets.heads import HeadDef
    from training.datasets.outcomes import Event
    from training.datasets.records import Label
    from training.datasets.reviews import Opinion, Review
    from training.datasets.values import Value

__all__ = ["KIND_WORDS", "counted", "day", "history_rows", "label_note", "moment", "value_words"]

KIND_WORDS = {
    "categories": "one name a picture",
    "tags": "any number of names",
    "grade": "a number",
    "mask": "what each pixel is",
    "boxes": "things and where they are",
    "image": "another picture",
}
"""Kind of question -> how it is answered."""

_NONE = "Unlabelled"


def counted(count: int, one: str = "picture", many: str = "") -> str:
    """A count and its noun: 1 picture, 3,600 pictures."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def value_words(head: HeadDef, value: Value | None) -> str:
    """A label in a few words, such as "wood" or "drawer × 2, frame"."""
    from training.datasets.values import Boxes, Category, Grade, Mask, Tags, Targets

    match value:
        case None:
            return _NONE
        case Category():
            return value.name
        case Tags():
            return ", ".join(sorted(value.names)) or "None of them"
        case Grade():
            return f"{value.value:g}"
        case Boxes():
            counts = Counter(shape.category for shape in value.shapes)
            return ", ".join(f"{name} × {n}" if n > 1 else name for name, n in counts.items()) or "Nothing in it"
        case Mask():
            names = [head.categories[index] for index in value.present if index < len(head.categories)]
            return ", ".join(names) or "Nothing in it"
        case Targets():
            return counted(len(value.targets), "target picture")
    raise TypeError(f"{type(value).__name__} is no label")


def day(time: str) -> str:
    """ISO 8601 in UTC as a local day: 24 Nov 2026."""
    return f"{_local(time).day} {_local(time):%b %Y}" if time else ""


def moment(time: str) -> str:
    """ISO 8601 in UTC as local day and time: 24 Nov 2026, 22:15."""
    return f"{day(time)}, {_local(time):%H:%M}" if time else ""


def label_note(label: Label) -> str:
    """Who says so and when."""
    who = {"person": label.annotator or "You", "import": "Came with the pictures", "model": "A model's answer"}
    by = who.get(label.origin, label.origin)
    if label.origin != "person" and label.annotator:
        by = f"{by}, by {label.annotator}"
    return f"{by}, {day(label.time)}" if label.time else by


def history_rows(events: Sequence[Event], heads: Sequence[HeadDef]) -> list[tuple[str, str]]:
    """(when, what) of what happened to a picture, the last thing first."""
    from models.errors import one_line
    from training.datasets.records import Label
    from training.datasets.reviews import Review

    by_id = {head.id: head for head in heads}

    def said(event: Event, one: Label | Review | tuple[Opinion, ...] | str | None) -> str:
        head = by_id.get(event.head)
        if isinstance(one, Label):
            return value_words(head, one.value) if head is not None else ""
        if isinstance(one, Review):
            note = f": {one_line(' '.join(one.note.split()))}" if one.note else ""
            return f"{one.state}{f' by {one_line(one.reviewer)}' if one.reviewer else ''}{note}"
        if isinstance(one, tuple):
            opinions = [f"{one_line(x.annotator)} {value_words(head, x.value)}" for x in one if head is not None]
            return ", ".join(opinions)
        if event.what == "split" and one is not None:
            name, _, fixed = one.partition(", ")
            return SPLIT_WORDS.get(name, name) + (f", {fixed}" if fixed else "")
        return one or ""

    rows = []
    for event in reversed(events):
        before, after = said(event, event.before), said(event, event.after)
        if event.what == "trash":
            words = event.action
        elif event.what == "label":
            head = by_id.get(event.head)
            name = head.name if head is not None else "a question that is gone"
            words = f"{name}: {before or 'unlabelled'} → {after or 'unlabelled'}"
            if isinstance(event.after, Label):
                words = f"{words} ({label_note(event.after).rpartition(',')[0] or event.after.origin})"
        elif event.what in ("review", "opinion"):
            head = by_id.get(event.head)
            name = head.name if head is not None else "a question that is gone"
            kind, none = ("Review", "not reviewed") if event.what == "review" else ("Second opinion", "taken back")
            words = f"{kind} of {name}: {after or none}"
        elif event.what == "split":
            words = f"{before or 'In no split'} → {after or 'In no split'}"
        else:
            words = event.action
        rows.append((moment(event.time), words))
    return rows


def _local(time: str) -> datetime:
    return datetime.fromisoformat(time).replace(tzinfo=UTC).astimezone()
