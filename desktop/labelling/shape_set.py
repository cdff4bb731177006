"""The shapes of a picture while they are worked on, each under a number of its own; and those proposed. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desktop.labelling.editor import Proposal
from training.datasets.values import Boxes, Shape

__all__ = ["ShapeSet"]


class ShapeSet:
    """What holds, and what is proposed, by number; numbers are never used twice.

    Attributes:
        shapes: what holds, the lowest first.
        waiting: number of a proposal -> its place in ``Proposal.draft``.
    """

    def __init__(self) -> None:
        self.shapes: dict[int, Shape] = {}
        self.waiting: dict[int, int] = {}
        self._proposed: dict[int, Shape] = {}
        self._sure: dict[int, float] = {}
        self._draft: Boxes | None = None
        self._last = 0

    def _number(self) -> int:
        self._last += 1
        return self._last

    def show(self, shapes: Sequence[Shape], *, again: bool) -> None:
        """These hold now; ``again``: in the same picture, where equal ones keep their numbers."""
        known: dict[Shape, list[int]] = {}
        if again:
            for number, one in self.shapes.items():
                known.setdefault(one, []).append(number)
        self.shapes = {(known.get(one) or [0]).pop(0) or self._number(): one for one in shapes}

    def propose(self, proposal: Proposal | None, *, again: bool) -> None:
        """These are proposed, but for those that hold already; ``again``: the same ones are not proposed anew."""
        draft = proposal.draft if proposal is not None and isinstance(proposal.draft, Boxes) else None
        if again and draft == self._draft:
            return
        self._draft = draft
        self.waiting, self._proposed, self._sure = {}, {}, {}
        held = set(self.shapes.values())
        for place, shape in enumerate(draft.shapes if draft is not None else ()):
            if shape not in held:
                number = self._number()
                self.waiting[number], self._proposed[number] = place, shape
                if proposal is not None and place < len(proposal.parts):
                    self._sure[number] = proposal.parts[place]

    def everything(self) -> list[tuple[int, Shape]]:
        """What holds, then what is proposed."""
        return [*self.shapes.items(), *self._proposed.items()]

    def find(self, number: int) -> Shape | None:
        """Whichever has this number."""
        return self.shapes.get(number) or self._proposed.get(number)

    def of(self, numbers: Iterable[int]) -> list[Shape]:
        """Those of them that are there."""
        return [shape for number in numbers if (shape := self.find(number)) is not None]

    def sure_words(self, number: int) -> str:
        """How sure a proposal is, such as "93 %"; "" where nobody knows."""
        return f"{self._sure[number] * 100:.0f} %" if number in self._sure else ""

    def add(self, shape: Shape) -> int:
        """One more holds; its number."""
        number = self._number()
        self.shapes[number] = shape
        return number

    def put(self, number: int, shape: Shape) -> int | None:
        """Another form under a number. A proposal holds from then on; then its place is returned."""
        self.shapes[number] = shape
        self._proposed.pop(number, None)
        self._sure.pop(number, None)
        return self.waiting.pop(number, None)

    def remove(self, numbers: Iterable[int]) -> int:
        """These hold no more; how many they were."""
        return sum(self.shapes.pop(number, None) is not None for number in numbers)

    def accept(self, numbers: Iterable[int]) -> None:
        """These proposals hold."""
        for number in numbers:
            shape = self._proposed.get(number)
            if shape is not None:
                self.put(number, shape)

    def refuse(self, numbers: Iterable[int]) -> list[int]:
        """These are proposed no more; their places."""
        gone = []
        for number in numbers:
            place = self.waiting.pop(number, None)
            if place is not None:
                gone.append(place)
                self._proposed.pop(number, None)
                self._sure.pop(number, None)
        return gone
