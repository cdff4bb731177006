"""What the import assistant knows: the facts about a plain ONNX file, the draft of its spec, and what it would answer.

No Qt; what takes long is for a background thread. The file is read and run for the first time in a child process
(``models.formats.onnx.examine``); only after that do the live predictions run it in this one.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions.facts import file_size
from desktop.observable import Event
from desktop.pages.models.doubts import doubt
from desktop.pages.models.draft import LEFT_OUT, Draft, Question, count_of, draft_of, problem, spec_of
from desktop.pages.models.rehearsed import Played, look_of

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them
    from desktop.actions.rehearsing import Rehearsal, Seat
    from models.formats.facts import OnnxFacts, Sample
    from models.proposal import Proposal

__all__ = ["SEATS", "Assisting"]

SEATS = 12
"""Pictures that are answered while the spec is written."""

_LOOK = 500  # files that are looked into for ``SEATS`` pictures


class Assisting:
    """One file and the draft of its spec.

    Attributes:
        changed: the draft, or what is known, is another now.
        path: of the file.
        notes: what is known of it besides, as rows of a name and words.
        facts: what the child process found; None before.
        draft: None before there is a proposal.
        seats: the pictures that are answered.
    """

    def __init__(self) -> None:
        self.changed: Event[None] = Event()
        self.path = Path()
        self.notes: tuple[tuple[str, str], ...] = ()
        self.facts: OnnxFacts | None = None
        self.draft: Draft | None = None
        self.seats: tuple[Seat, ...] = ()
        self._rehearsal: Rehearsal | None = None

    # -- for a background thread --------------------------------------------------------------------------------------

    @staticmethod
    def examine(path: Path, cancel: threading.Event) -> tuple[OnnxFacts, Proposal]:
        """What the file is, and how it is likely to be used.

        Raises:
            ModelError: it is refused, crashed the child process, or is for nothing that this program knows.
            Cancelled: ``cancel`` was set.
        """
        from models.formats.onnx import examine
        from models.proposal import propose

        facts = examine(path, cancel=cancel)
        return facts, propose(facts, beside=path)

    @staticmethod
    def take_seats(paths: Sequence[Path], cancel: threading.Event) -> list[Seat]:
        """A dozen of the pictures under ``paths``, decoded.

        Raises:
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.rehearsing import take_seats
        from desktop.actions.trying import find_pictures

        sources, _ = find_pictures(paths, _LOOK)
        step = max(1, len(sources) // SEATS)  # from all over the folder: neighbours are often alike
        chosen = sources[::step][:SEATS]
        return take_seats([*chosen, *(one for one in sources if one not in chosen)], cancel, most=SEATS)

    def play(self, draft: Draft, painted: frozenset[str], cancel: threading.Event) -> Played:
        """What the network answers if ``draft`` is right; never called twice at once.

        Raises:
            ModelError: the network does not do what the draft says.
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.rehearsing import Rehearsal

        if self._rehearsal is None:
            self._rehearsal = Rehearsal(self.path)
        tried = self._rehearsal.play(spec_of(draft), self.seats, cancel)
        looks = [look_of(one, painted) for one in tried]
        return Played(tuple(looks), doubt(tried), tried[0].milliseconds if tried else 0.0)

    def install(self, draft: Draft, cancel: threading.Event) -> Path:
        """Add the model to those of the workspace; returns its folder.

        Raises:
            ModelError: the file is refused, or does not do what the draft says; nothing has changed.
            WorkspaceError: it can't be written.
            WorkerError: it crashed the child process.
            Cancelled: ``cancel`` was set.
        """
        from models.package import install_onnx

        return install_onnx(self.path, spec_of(draft), cancel=cancel)

    # -- for the thread of the view -----------------------------------------------------------------------------------

    def begin(self, path: Path, notes: Sequence[tuple[str, str]] = ()) -> None:
        """Another file, and what is known of it besides; the pictures stay."""
        self.path, self.facts, self.draft, self._rehearsal = path, None, None, None
        self.notes = tuple(notes)
        self.changed.fire(None)

    def take(self, facts: OnnxFacts, proposal: Proposal) -> None:
        """The child process has looked at the file."""
        self.facts = facts
        name = self.path.stem.replace("_", " ").replace("-", " ").strip() or "Model"
        self.draft = draft_of(name[:1].upper() + name[1:], facts, proposal)
        self.changed.fire(None)

    def take_pictures(self, seats: Sequence[Seat]) -> None:
        """These are the pictures now."""
        self.seats = tuple(seats)
        self.changed.fire(None)

    def change(self, **fields: Any) -> None:
        """Change fields of the draft."""
        if self.draft is not None:
            self._set(replace(self.draft, **fields))

    def change_question(self, index: int, **fields: Any) -> None:
        """Change fields of the question at ``index``; another kind gets what it needs to begin with."""
        if self.draft is None:
            return
        questions = list(self.draft.questions)
        one = questions[index]
        changed = replace(one, **fields)
        if changed.kind != one.kind:
            changed = _begun(changed)
        questions[index] = changed
        self._set(replace(self.draft, questions=tuple(questions)))

    def _set(self, draft: Draft) -> None:
        if draft != self.draft:
            self.draft = draft
            self.changed.fire(None)

    @property
    def problem(self) -> str:
        """What keeps the model from being added, in a short sentence; "" when nothing does."""
        return problem(self.draft) if self.draft is not None else "The file is still being looked at."

    def fact_rows(self) -> list[tuple[str, str]]:
        """What was read from the file, in words."""
        facts = self.facts
        if facts is None:
            return []
        rows = [("File", f"{self.path.name}, {file_size(facts.size)}")]
        rows.append(("Made with", facts.producer or "it does not say"))
        rows += [("Takes", _said(one)) for one in facts.sample_inputs]
        rows += [("Gives", _said(one)) for one in facts.sample_outputs]
        kinds = {"float32": "32 bits each", "float16": "16 bits each"}
        rows.append(("Made of", f"{facts.parameters:,} numbers, {kinds.get(facts.weights, facts.weights)}"))
        rows += self.notes
        rows.append(("At once", "any number of pictures" if facts.batches else "one picture after another"))
        return rows


def _begun(one: Question) -> Question:
    """A question of a kind that it was not before."""
    if one.kind == "grade":
        return replace(one, low=1.0, high=10.0)
    if one.kind == "image":
        return replace(one, low=0.0, high=1.0)
    if one.kind == LEFT_OUT:
        return one
    count = count_of(one)
    if one.kind == "boxes" and len(one.outputs) == 1:
        one = replace(one, boxes="yolo")
        count = count_of(one)
    if count is not None and len(one.categories) != count:
        return replace(one, categories=tuple(f"class {index}" for index in range(count)))
    return one


def _said(one: Sample) -> str:
    """An input or output in words, such as "12 numbers a picture (logits)"."""
    shape = one.shape
    if len(shape) == 4 and shape[2:] != (1, 1):
        first = shape[1] <= 4 or shape[1] < min(shape[2:])
        (channels, height, width) = shape[1:] if first else (shape[3], shape[1], shape[2])
        layers = "picture" if channels == 3 else "grey picture" if channels == 1 else f"{channels} layers"
        return f"{layers}, {width:,} × {height:,} ({one.name})"
    sides = [side for side in shape[1:] if side != 1] or [1]
    if len(sides) == 1:
        return f"{sides[0]:,} {'number' if sides[0] == 1 else 'numbers'} a picture ({one.name})"
    return f"{' × '.join(f'{side:,}' for side in sides)} numbers a picture ({one.name})"
