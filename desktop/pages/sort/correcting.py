"""What the page can do about wrong answers: acts of a person, one after the other, and what came of them. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from desktop.pages.sort.state import SortState
from models.errors import LabelError

if TYPE_CHECKING:  # NumPy comes with them
    from models.answer import Answer, Reply
    from training.calibration import Calibration
    from training.gallery import Gallery
    from training.learner import Change, Learner

__all__ = ["Act", "Correcting", "News", "Receipt"]

_TAKEN = 256
"""Replies that are shown in one turn of the window: some five milliseconds."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a person did.

    Attributes:
        verb: "label" files, "clear" what was said of them, "undo" or "redo" the last such act; "follow" what another
            window did.
        head: the question; "" for undo, redo and follow.
        said: answers about files, as they were then, and what the files are; None for "can't tell".
    """

    verb: Literal["label", "clear", "undo", "redo", "follow"]
    head: str = ""
    said: tuple[tuple[Answer, str | None], ...] = ()

    @property
    def labels(self) -> frozenset[str | None]:
        """What was said, each once."""
        return frozenset(label for _, label in self.said)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of the last act of some that were done together.

    Attributes:
        act: that one.
        contents: whose label it changed.
        waiting: of them, that are learned only when their pictures are seen again.
        new_categories: that came with it.
        said: of undo and redo: what the labels had been changed to; "" for several.
    """

    act: Act
    contents: frozenset[bytes] = frozenset()
    waiting: int = 0
    new_categories: tuple[str, ...] = ()
    said: str = ""

    def sentence(self) -> str:
        """For a person, with a full stop."""
        count = len(self.contents)
        pictures = f"{count:,} {'picture' if count == 1 else 'pictures'}"
        labels = self.act.labels
        only = next(iter(labels)) if len(labels) == 1 else None
        match self.act.verb:
            case "label" if only is not None and self.new_categories:
                text = f"New category {only}, learned from {pictures}."
            case "label" if only is not None:
                text = f"Learned {only} from {pictures}."
            case "label" if labels == {None}:
                text = f"Noted: can't tell, for {pictures}."
            case "label":
                text = f"Learned {len(labels)} categories from {pictures}."
            case "clear":
                text = f"Took back what was said of {pictures}."
            case "undo":
                text = f"Undone: {self.said + ' for ' if self.said else ''}{pictures}."
            case "redo":
                text = f"Done again: {self.said + ' for ' if self.said else ''}{pictures}."
            case _:
                text = f"Learned what was said elsewhere of {pictures}."
        if self.waiting:
            text += f" {self.waiting:,} will be learned when the picture is seen again."
        return text


Labels: TypeAlias = "Mapping[bytes, Mapping[str, str]]"
News: TypeAlias = "Receipt | Labels | tuple[Mapping[bytes, Reply]]"
"""What :meth:`Correcting.work` hands over: a receipt, labels, or replies (in a tuple, to tell them from labels)."""


@dataclass(slots=True)
class Correcting:
    """Does acts for ``page``. ``work``, ``settle`` and what else says so is for a background thread."""

    page: SortState
    queue: list[Act] = field(default_factory=list)
    _marked: dict[bytes, Mapping[str, str]] = field(default_factory=dict)
    _gallery: Gallery | None = None
    _stale: bool = False
    _behind: bool = False

    def refusal(self, name: str) -> str | None:
        """What is wrong with a new category's name, in a sentence; None when it can be."""
        from desktop.actions.correct import checked_label

        try:
            checked_label(name, (), new=True)
        except LabelError as error:
            return str(error)
        return None

    def answers(self, numbers: Iterable[int], head: str) -> tuple[Answer, ...]:
        """The answers of those items that have one for ``head``; a content that several files hold counts once."""
        found: dict[bytes, Answer] = {}
        for number in numbers:
            answer = self.page.items[number].answer
            if answer is not None and head in answer.heads:
                found.setdefault(answer.content_hash, answer)
        return tuple(found.values())

    def mark(self, act: Act) -> None:
        """Show at once what a person has said; what comes of it follows."""
        labels = {}
        for answer, label in act.said:
            said = {head: other for head, other in answer.labels.items() if head != act.head}
            if act.verb == "label":
                said[act.head] = _kept(label)
            labels[answer.content_hash] = said
        self.queue.append(act)
        self._marked |= labels
        self.page.forget_changes()
        self.page.take_labels(labels)

    def take(self, news: News, *, learned: bool = True) -> Receipt | int:
        """Show what was handed over by :meth:`work`, or without ``learned`` by :meth:`settle`.

        Returns:
            A receipt, or how many files have another category by what was handed over.
        """
        if isinstance(news, Receipt):
            return news
        if isinstance(news, tuple):
            (replies,) = news
            waiting = self._marked.keys() & replies.keys()
            fresh = {content: replace(replies[content], labels=self._marked[content]) for content in waiting}
            return self.page.take_replies({**replies, **fresh}, news=learned)
        self.page.take_labels({**news, **{content: self._marked[content] for content in self._marked.keys() & news}})
        return 0

    def begin(self) -> tuple[Act, ...]:
        """The acts that wait, to be done together by :meth:`work`; what they have marked is theirs to confirm now."""
        acts = tuple(self.queue)
        self.queue.clear()
        self._marked = {}
        return acts

    def work(self, acts: Sequence[Act], visible: Sequence[bytes], emit: Callable[[News], None]) -> None:
        """Do ``acts`` in their order, and say anew what all files of the page are, the ``visible`` ones first.

        Raises:
            WorkspaceError: an act could not be kept; those before it are done, the labels emitted are true.
        """
        learner = self._learner()
        # What is being answered meanwhile may have been answered by what the model knew before
        self._stale = self._stale or self.page.running
        changed = False
        try:
            for act in acts:
                change = _done(learner, act)
                if change is not None:
                    changed = True
                    emit(self._labels(learner, change))
                    emit(_receipt(act, change))
                elif act.verb in ("undo", "redo"):
                    emit(Receipt(act))
        finally:
            # What could not be kept was marked already
            touched = {answer.content_hash for act in acts for answer, _ in act.said}
            emit(_labels(learner, touched))
            if changed or self._behind:
                self._answer_again(learner, visible, emit)

    def settle(self, visible: Sequence[bytes], emit: Callable[[News], None]) -> Calibration:
        """In a quiet moment: find anew how sure to sound, and get ready for the next correction."""
        learner = self._learner()
        stale, self._stale = self._stale, False
        if learner.settle(self.page.wrong) or stale:
            self._answer_again(learner, visible, emit, whole=stale)
        return learner.head(self.page.head or None).calibration

    def forget(self) -> None:
        """The page was emptied, or has another model."""
        self.queue.clear()
        self._marked = {}
        self._gallery = None

    def _learner(self) -> Learner:
        return self.page.prepare().learner

    def _answer_again(
        self, learner: Learner, visible: Sequence[bytes], emit: Callable[[News], None], *, whole: bool = False
    ) -> None:
        from training.gallery import Gallery

        if self._gallery is None:
            self._gallery = Gallery(learner)
        self._behind = True
        for replies in self._gallery.replies(self.page.contents, visible, whole=whole):
            rest = iter(replies.items())
            while some := dict(islice(rest, _TAKEN)):
                emit((some,))
            if self.queue and not whole:
                return  # what waits changes the answers again, and goes through all of them
        self._behind = False

    def _labels(self, learner: Learner, change: Change) -> Labels:
        return _labels(learner, change.contents)


def _kept(label: str | None) -> str:
    from models.answer import UNKNOWN

    return UNKNOWN if label is None else label


def _done(learner: Learner, act: Act) -> Change | None:
    from desktop.actions.correct import correct, take_back

    match act.verb:
        case "label":
            return correct(learner, act.said, act.head)
        case "clear":
            return take_back(learner, (answer for answer, _ in act.said), act.head)
        case "undo":
            return learner.undo()
        case "redo":
            return learner.redo()
        case _:
            return learner.refresh()


def _labels(learner: Learner, contents: set[bytes] | frozenset[bytes]) -> Labels:
    heads = learner.published
    return {
        content: {head.name: head.labels[content] for head in heads if content in head.labels} for content in contents
    }


def _receipt(act: Act, change: Change) -> Receipt:
    said = {correction.corrected_category for correction in change.corrections}
    return Receipt(act, change.contents, change.waiting, change.new_categories, said.pop() if len(said) == 1 else "")
