"""What a card says of one model: what it answers, how well, whose it is. From its folder alone; nothing is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.installed import facts
from models.library import STARTER, on_bundled
from models.spec import Accuracy, ModelSpec
from training.model_folder import EMPTY

__all__ = ["Card", "Question", "card_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """One head of a model.

    Attributes:
        name: of the head.
        kind: how it is answered: a key of ``models.heads.KINDS``.
        categories: how many it tells apart; of a model that learns from corrections alone, those it came with.
    """

    name: str
    kind: str
    categories: int


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a model without loading it.

    Attributes:
        questions: its heads, in order.
        accuracy: as its maker measured it; empty when nothing is stated.
        size: of its files, bytes.
        version: of the model.
        license: "" when not stated.
        author: "" when not stated.
        description: "" when there is none.
        format: such as "onnx"; "corrections" for one that was made here.
        created: ISO 8601, or "".
        imported: ISO 8601 to the second, UTC; "" for one that was made here.
        signature: "valid" or "none".
        fingerprint: of the signer's key; "" without a signature.
        learns: whether corrections of it teach it something.
    """

    questions: tuple[Question, ...] = ()
    accuracy: tuple[Accuracy, ...] = ()
    size: int = 0
    version: str = ""
    license: str = ""
    author: str = ""
    description: str = ""
    format: str = ""
    created: str = ""
    imported: str = ""
    signature: str = "none"
    fingerprint: str = ""
    learns: bool = False

    @property
    def best(self) -> Accuracy | None:
        """The figure that a card shows: of the first head, on the test set if there is one; None when there is none."""
        first = self.questions[0].name if self.questions else None
        own = [one for one in self.accuracy if one.head in (None, first) and "error" not in one.metric]
        tested = [one for one in own if one.split == "test"]
        return next(iter(tested or own), None)


def card_of(folder: Path | None, spec: ModelSpec) -> tuple[str, Card]:
    """What the person calls a model, "" for its own name, and its card; ``folder`` is None for the starter model."""
    place = folder or STARTER
    found = facts(place)
    receipt = found.receipt
    return found.name, Card(
        questions=tuple(Question(head.name, head.kind, len(head.categories)) for head in spec.heads),
        accuracy=spec.accuracy,
        size=found.size,
        version=spec.version,
        license=spec.license,
        author=spec.author,
        description=spec.description,
        format=spec.format,
        created=spec.created,
        imported=receipt.imported if receipt else "",
        signature=receipt.signature if receipt else "none",
        fingerprint=receipt.fingerprint if receipt else "",
        learns=_learns(place, spec),
    )


def _learns(folder: Path, spec: ModelSpec) -> bool:
    state = any(head.state_hash for head in spec.heads)
    return (spec.format == EMPTY or state) if on_bundled(folder, spec) else bool(spec.embedding) and state
