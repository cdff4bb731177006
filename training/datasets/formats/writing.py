"""What all formats share when they are written: pictures put in their places, and an account of what is left out."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from models.errors import DatasetError, one_line
from models.workspace import reason
from training.datasets.attributes import Attributes
from training.datasets.formats.attributes_file import ATTRIBUTES, entry
from training.datasets.formats.documents import write_document
from training.datasets.formats.plan import Contents, ContentsItem, stop_if
from training.datasets.formats.problems import Problems
from training.datasets.heads import HeadDef
from training.datasets.wording import pictures

__all__ = ["KINDS", "Writing", "copy"]

KINDS = {
    "categories": "categories",
    "tags": "tags",
    "grade": "grades",
    "mask": "masks",
    "boxes": "boxes",
    "image": "pictures as answers",
}
"""What each kind of label is called in a sentence."""


class Writing:
    """One export: goes through the items, copies files, and counts what the format can't say.

    Args:
        contents: what goes out.
        folder: that it goes to; there, and empty.
        title: of the format, for the sentences.
        problems: takes the sentences.
        keeps: heads whose labels the format takes.
        parts: which of "split", "source", "group" and "said" (who gave a label, and when) it has.
        cancel: set it to stop.
    """

    def __init__(
        self,
        contents: Contents,
        folder: Path,
        title: str,
        problems: Problems,
        *,
        keeps: Collection[HeadDef],
        parts: Collection[str] = (),
        cancel: threading.Event | None = None,
    ) -> None:
        self.contents = contents
        self.folder = folder
        self.problems = problems
        self._title = title
        self._keeps = frozenset(head.name for head in keeps)
        self._parts = frozenset(parts)
        self._cancel = cancel
        self._left: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._persons = False
        self._kept: dict[str, dict[str, Any]] = {}

    def items(self) -> Iterator[ContentsItem]:
        """Every item once, counting what the format leaves out of it; then the account is complete."""
        for item in self.contents.items():
            stop_if(self._cancel)
            self._left.update(head for head in item.labels if head not in self._keeps)
            self._lost.update(
                part for part in ("split", "source", "group") if getattr(item, part) and part not in self._parts
            )
            self._persons = self._persons or any(one.origin == "person" for one in item.said.values())
            yield item
        self._account()

    def lost(self, what: str) -> None:
        """Count one thing that can't be said; ``what`` with ``{n:,}`` in it is the sentence, right for any number."""
        self._lost[what] += 1

    def keep(
        self, name: str, metadata: Attributes | None, shapes: Sequence[Attributes] = (), group: str | None = None
    ) -> None:
        """Put into ``attributes.json`` what the format has no place for.

        Args:
            name: of the picture, as it was placed.
            metadata: of it; None where the format says them itself, exactly so.
            shapes: the attributes of each shape that a reader of the format will find, in that order.
            group: of it; None as ``metadata``.
        """
        if found := entry(metadata, shapes, group):
            self._kept[name] = found

    def place(self, source: Path, name: str) -> Path:
        """Copy ``source`` to ``name`` (forward slashes) in the folder; return where it lies."""
        return copy(source, self.folder / name)

    def text(self, name: str, content: str) -> None:
        """Write a text file in UTF-8."""
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", errors="surrogateescape", newline="\n")
        except OSError as error:
            raise unwritable(path, error) from error

    def _account(self) -> None:
        kinds = {head.name: head.kind for head in self.contents.heads}
        kept = {kinds[name] for name in self._keeps}
        for head, count in self._left.items():
            kind = KINDS[kinds[head]]
            why = f"takes one question with {kind}" if kinds[head] in kept else f"has no {kind}"
            labels = f"{count:,} label{'' if count == 1 else 's'} of {one_line(head)}"
            self.problems.say(f"{self._title} {why}: {labels} left out.")
        if self._persons and "said" not in self._parts:
            self.problems.say(f"{self._title} does not say who gave a label and when: that is left out.")
        for part in ("split", "source", "group"):
            if count := self._lost.pop(part, 0):
                self.problems.say(f"{self._title} has no {part}s: those of {pictures(count)} left out.")
        for what, count in self._lost.items():
            self.problems.say(what.format(n=count))
        if self._kept:
            count = len(self._kept)
            self.problems.say(
                f"{self._title} has no place for what else is known of {pictures(count)}: it lies in {ATTRIBUTES}, "
                "which other programs pass over."
            )
            try:
                write_document(self.folder / ATTRIBUTES, {"pictures": self._kept})
            except OSError as error:
                raise unwritable(self.folder / ATTRIBUTES, error) from error


def copy(source: Path, target: Path) -> Path:
    """Copy a file, with its folders.

    Raises:
        DatasetError: the system refuses.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    except OSError as error:
        raise unwritable(Path(error.filename or target), error) from error
    return target


def unwritable(path: Path, error: OSError) -> DatasetError:
    """The sentence for a file that can't be written, or read for it."""
    return DatasetError(f"{one_line(path)} can't be copied or written ({reason(error)}); check it and try again.")
