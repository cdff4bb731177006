"""Between the Label tab and what helps: asks in the background, keeps what came, and gives it to the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.jobs import Context, Job, Loader
from desktop.labelling.editor import Proposal
from desktop.pages.dataset.label_assist import LabelAssist
from desktop.pages.dataset.label_learning import Learning, Modelling
from desktop.pages.dataset.label_proposal import shown_proposal
from desktop.pages.dataset.labelling import Labelling
from desktop.pages.dataset.tab import Around
from desktop.pages.dataset.wording import counted
from models.errors import SortwerkError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.heads import HeadDef
    from training.datasets.quality.facts import Facts
    from training.datasets.store import DatasetStore
    from training.datasets.values import Value
    from training.labelling.active_learning import Suggestion
    from training.labelling.proposals import Proposal as Made

__all__ = ["LabelHelping"]

_BY_ITSELF = 2000
"""Pictures up to which they are looked at without being asked."""

_NEXT = 50


@dataclass(slots=True)
class _Answer:
    """What was learned about an item, and what would teach most."""

    head: str
    proposal: Made | None
    words: str
    next: list[Suggestion] = field(default_factory=list)


class LabelHelping(QObject):
    """Helps with one dataset after another.

    Signals:
        proposed: question and item about which something else is proposed now.
        suggested: question, items that would teach most, and item -> why.
    """

    proposed = Signal(str, int)
    suggested = Signal(str, object, object)

    def __init__(self, around: Around, assist: LabelAssist, parent: QObject) -> None:
        super().__init__(parent)
        self._around, self.assist = around, assist
        self._learning: Learning | None = None
        self._modelling = Modelling()
        self._head: HeadDef | None = None
        self._labelling = Labelling()
        self._learned: dict[tuple[str, int], Made] = {}
        self._made: dict[tuple[str, int], Made] = {}
        self._refused: set[tuple[str, int]] = set()
        self._job: Job | None = None
        self._asking: Loader[_Answer] = Loader(self._ask, self._answered, self)
        assist.propose_wanted.connect(self._propose)
        assist.threshold_changed.connect(lambda _: self._threshold_changed())
        assist.accept_wanted.connect(self._accept_all)
        assist.refuse_wanted.connect(self._refuse_all)
        assist.learn_wanted.connect(self._gather)

    @property
    def facts(self) -> Facts | None:
        """What was gathered of the pictures; None before."""
        return self._learning.facts if self._learning is not None else None

    @property
    def gathered(self) -> bool:
        """Whether the pictures have been looked at."""
        return self._learning is not None and self._learning.gathered

    # -- what is asked ------------------------------------------------------------------------------------------------

    def proposal(self, head: str, item: int) -> Proposal | None:
        """What is proposed for an item: by a model if one was asked, else by what was learned."""
        from training.labelling.proposals import above

        if (head, item) in self._refused:
            return None
        model = self._made.get((head, item))
        kept = above([model], self.assist.threshold) if model is not None else []
        one = kept[0] if kept else self._learned.get((head, item))
        if one is None:
            return None
        return shown_proposal(one, "a model's proposal" if kept else "learned from your labels")

    def decided(self, head: str, item: int, parts: object, accepted: bool) -> None:
        """Parts of a proposal were accepted or refused (all where there are none)."""
        from dataclasses import replace

        from training.datasets.values import Boxes

        made = self._made.get((head, item))
        gone = set(parts) if isinstance(parts, tuple) else set()
        if not gone:
            self._made.pop((head, item), None)
            if not accepted:
                self._refused.add((head, item))
        elif made is not None and isinstance(made.draft, Boxes):
            # parts count what is over the threshold, as the editor was shown it
            at = self.assist.threshold
            shown = [place for place, score in enumerate(made.scores) if score >= at] if made.scores else []
            shown = shown or list(range(len(made.draft.shapes)))
            dropped = {shown[place] for place in gone if place < len(shown)}
            left = [place for place in range(len(made.draft.shapes)) if place not in dropped]
            shapes = Boxes(tuple(made.draft.shapes[place] for place in left))
            scores = tuple(made.scores[place] for place in left) if made.scores else ()
            if left:
                self._made[head, item] = replace(made, draft=shapes, scores=scores)
            else:
                self._made.pop((head, item), None)
        self._show_made()

    # -- what happens in the tab --------------------------------------------------------------------------------------

    def begin(self, dataset: int, pictures: int) -> None:
        """Another dataset, of so many pictures."""
        self._learning = Learning(dataset)
        self._learned.clear()
        self._made.clear()
        self._refused.clear()
        self._show_made()
        if pictures <= _BY_ITSELF:
            self._gather(visible=False)
        else:
            self.assist.show_learning("", waiting=True)
        self._around.jobs.start(
            "Looking for models", lambda _: _models(), on_done=self.assist.set_models, visible=False
        )

    def follow(self, labelling: Labelling, head: HeadDef | None) -> None:
        """The tab is at this picture and this question now: ask about it and those that come."""
        self._labelling, self._head = labelling, head
        learning = self._learning
        if head is not None and learning is not None and learning.gathered:
            self._asking.want(labelling.around(3, 0))

    def tell(self, head: str, item: int, value: Value | None) -> None:
        """An item has another label now."""
        if self._learning is not None:
            self._learning.tell(head, item, value)

    # -- learning -----------------------------------------------------------------------------------------------------

    def _gather(self, *, visible: bool = True) -> None:
        learning, store = self._learning, self._around.state.store
        if learning is None or self._job is not None:
            return
        self.assist.show_learning("Looking at the pictures, to learn from your labels…", waiting=False)

        def work(context: Context[object]) -> None:
            learning.gather(store, context.cancel, context.progress)

        def ended(_: Job) -> None:
            self._job = None
            if learning is self._learning:
                if not learning.gathered:
                    self.assist.show_learning("", waiting=True)
                self.follow(self._labelling, self._head)
            elif self._learning is not None:
                self.assist.show_learning("", waiting=True)

        self._job = self._around.jobs.start(
            "Looking at pictures", work, on_error=self._around.notices.error, on_end=ended, visible=visible
        )

    def _ask(self, item: int) -> _Answer | None:
        learning, head, store = self._learning, self._head, self._around.state.store
        if learning is None or head is None:
            return None
        found = learning.propose(store, head, [item])
        answer = _Answer(head.name, found.get(item), learning.words(store, head))
        labelling = self._labelling
        if labelling.wish == "next" and item == labelling.current and labelling.order is not None:
            answer.next = learning.label_next(store, head, _NEXT, list(labelling.order.ids))
        return answer

    def _answered(self, item: int, answer: _Answer | None) -> None:
        if answer is None or self._learning is None:
            return
        key = (answer.head, item)
        before = self._learned.pop(key, None)
        if before is not None and item == self._labelling.current:
            answer.proposal = before  # a person may be about to take it: it does not become another under the hand
        if answer.proposal is not None:
            self._learned[key] = answer.proposal
        if self._head is not None and answer.head == self._head.name:
            self.assist.show_learning(answer.words, waiting=False)
        if before != answer.proposal:
            self.proposed.emit(answer.head, item)
        if answer.next:
            whys = {one.item: one.why for one in answer.next}
            self.suggested.emit(answer.head, tuple(one.item for one in answer.next), whys)

    # -- a model ------------------------------------------------------------------------------------------------------

    def _propose(self, model: str, everything: bool) -> None:
        head, labelling, dataset = self._head, self._labelling, self._around.state.selected
        if head is None or labelling.current is None or dataset is None or labelling.order is None:
            return
        unanswered = labelling.order.open.get(head.name, set())
        items = [one for one in labelling.order.ids if one in unanswered] if everything else [labelling.current]
        if not items:
            self.assist.show_proposals("Every picture here has a label.", some=False)
            return
        self.assist.show_proposals("Asking the model…", some=False)
        store = self._around.state.store

        def work(context: Context[object]) -> tuple[list[Made], Mapping[int, str], tuple[str, ...]]:
            return self._modelling.propose(store, dataset, model, [head], items, context.cancel, context.progress)

        def done(found: tuple[list[Made], Mapping[int, str], tuple[str, ...]]) -> None:
            made, failed, words = found
            for one in made:
                self._made[one.head, one.item] = one
                self._refused.discard((one.head, one.item))
            said = list(words)
            if failed:
                said.append(f"{counted(len(failed))} could not be looked at: {next(iter(failed.values()))}")
            self._show_made(" ".join(said))
            if labelling.current is not None:
                self.proposed.emit(head.name, labelling.current)

        self._around.jobs.start(
            "Asking for proposals", work, on_done=done, on_error=self._model_failed, visible=everything
        )

    def _model_failed(self, sentence: str) -> None:
        self.assist.show_proposals(sentence, some=False)

    def _over(self) -> list[Made]:
        """The proposals for the question that are sure enough."""
        from training.labelling.proposals import above

        head = self._head.name if self._head is not None else ""
        return above([one for (name, _), one in self._made.items() if name == head], self.assist.threshold)

    def _show_made(self, more: str = "") -> None:
        head = self._head.name if self._head is not None else ""
        there = sum(name == head for name, _ in self._made)
        if not there and not more:
            self.assist.show_proposals("", some=False)
            return
        over = len(self._over())
        words = f"{counted(over, 'proposal')} of {there:,} sure enough. {more}" if there else f"No proposal. {more}"
        self.assist.show_proposals(words.strip(), some=over > 0)

    def _threshold_changed(self) -> None:
        if not self._made:
            return
        self._show_made()
        if self._head is not None and self._labelling.current is not None:
            self.proposed.emit(self._head.name, self._labelling.current)

    def _accept_all(self) -> None:
        """Every proposal that is sure enough becomes a label, in one step: nobody has looked at each."""
        from training.labelling.proposals import accept

        made, head, dataset = self._over(), self._head, self._around.state.selected
        if not made or head is None or dataset is None:
            return

        def work(store: DatasetStore) -> int | None:
            done = accept(store, dataset, made, origin="model")
            return done.steps[-1] if done.steps else None

        def done(step: int | None) -> None:
            for one in made:
                self._made.pop((one.head, one.item), None)
            self._show_made()
            self._around.acting.tell(step)

        self._around.acting.act(work, done)

    def _refuse_all(self) -> None:
        head = self._head.name if self._head is not None else ""
        self._made = {key: one for key, one in self._made.items() if key[0] != head}
        self._show_made()
        if self._labelling.current is not None:
            self.proposed.emit(head, self._labelling.current)

    def close(self) -> None:
        """Stop what runs, and let the model go."""
        self._asking.close()
        if self._job is not None:
            self._job.cancel()
        self._modelling.close()


def _models() -> dict[str, str]:
    """Name -> words of the installed models."""
    from desktop.actions.models import STARTER_WORD, list_models

    try:
        return {str(one.folder or STARTER_WORD): one.name for one in list_models() if not one.problem}
    except SortwerkError:
        return {}
