"""What the Models page shows of each model of the library: read in the background, then plain values. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.models.wording import accuracy_line, questions_of, secondary_line

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from desktop.actions.models import Installed
    from models.package.receipt import Receipt
    from models.spec import ModelSpec

__all__ = ["Entry", "Line", "line", "read_entry"]

_PICTURES = "It makes pictures, which can't be sorted into folders; try it on some instead."


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of the library.

    Attributes:
        folder: where it lies; None for the starter model.
        name: for people.
        spec: what its ``metadata.json`` says; None when that can't be read.
        size: of all its files, bytes.
        files: their names, without those that a person need not know of.
        origin: who signed it, or that nobody did, in a few words.
        fingerprint: of the signer's key; "" without one.
        learned: pictures of which a person has said what they are.
        learns: whether it goes on learning from corrections.
        problem: why it can't be used, as a sentence; "" when it can.
    """

    folder: Path | None
    name: str
    spec: ModelSpec | None = None
    size: int = 0
    files: tuple[str, ...] = ()
    origin: str = ""
    fingerprint: str = ""
    learned: int = 0
    learns: bool = False
    problem: str = ""

    @property
    def refusal(self) -> str:
        """Why it can't be used for sorting, a sentence; "" when it can."""
        if self.problem:
            return self.problem
        kinds = {head.kind for head in self.spec.heads} if self.spec is not None else set()
        return _PICTURES if kinds == {"image"} else ""


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a card.

    Attributes:
        name: of the model.
        chips: (what it answers, a sentence about it).
        learns: whether it says so.
        accuracy: "73 % right on 183 unseen pictures".
        details: "11.1 MB · MIT · signed by Anna".
        problem: a sentence; "" when there is none.
    """

    name: str
    chips: tuple[tuple[str, str], ...]
    learns: bool
    accuracy: str
    details: str
    problem: str


def line(entry: Entry) -> Line:
    """The words of a model's card."""
    spec = entry.spec
    if spec is None:
        return Line(entry.name, (), learns=False, accuracy="", details=entry.origin, problem=entry.problem)
    asked = questions_of(spec.heads)
    chips = tuple((one.chip, f"{one.says}: {one.categories}" if one.categories else one.says) for one in asked)
    accuracy = accuracy_line(spec.accuracy)
    if entry.learns and entry.learned:
        pictures = "picture" if entry.learned == 1 else "pictures"
        taught = f"{entry.learned:,} {pictures} labelled by you"
        accuracy = f"{accuracy}, {taught}" if accuracy else taught[:1].upper() + taught[1:]
    return Line(
        entry.name,
        chips,
        learns=entry.learns,
        accuracy=accuracy or ("Knows nothing yet" if spec.format == "corrections" else "Accuracy not measured"),
        details=secondary_line(entry.size, spec.license, entry.origin),
        problem=entry.problem,
    )


def read_entry(one: Installed) -> Entry:
    """What can be known of ``one``, which is in the library. For a background thread."""
    from models.errors import ModelError
    from models.library import STARTER
    from models.package.receipt import read_receipt
    from models.spec import read_spec

    folder = one.folder or STARTER
    origin, fingerprint = _origin(one.folder, read_receipt(folder) if one.folder is not None else None)
    names, size = _files(folder)
    try:
        spec = read_spec(folder)
    except ModelError as error:
        return Entry(one.folder, one.name, None, size, names, origin, fingerprint, problem=one.problem or str(error))
    learned, learns = one.learned, one.card.learns
    return Entry(one.folder, one.name, spec, size, names, origin, fingerprint, learned, learns, one.problem)


def _origin(folder: Path | None, receipt: Receipt | None) -> tuple[str, str]:
    if folder is None:
        return "comes with Sortwerk", ""
    if receipt is None:
        return "made here", ""
    if receipt.signature == "valid":
        return f"signed by {receipt.author or 'somebody without a name'}", receipt.fingerprint
    return "not signed", ""


def _files(folder: Path) -> tuple[tuple[str, ...], int]:
    """Names and bytes together; a folder that can't be read has none."""
    found: Sequence[Path]
    try:
        found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
        return tuple(path.name for path in found), sum(path.stat().st_size for path in found)
    except OSError:
        return (), 0
