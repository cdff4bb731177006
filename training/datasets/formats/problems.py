"""What went wrong, or had to be left out, while a dataset was read or written: a sentence each, and never thousands."""

from __future__ import annotations

from collections import Counter

__all__ = ["MOST", "Problems"]

MOST = 10
"""Sentences of one kind; the rest of that kind is counted."""


class Problems:
    """Collects sentences. What happens to many items is said of the first few and counted after that."""

    def __init__(self) -> None:
        self._said: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()

    def say(self, sentence: str) -> None:
        """Keep a sentence that stands for itself."""
        self.note("", sentence)

    def note(self, more: str, sentence: str) -> None:
        """Keep a sentence of a kind of which there may be many.

        Args:
            more: what says that there are others: a sentence with ``{n:,}`` in it, such as "{n:,} more pictures of
                a.json are not there.". It is the kind.
            sentence: about this one.
        """
        said = self._said.setdefault(more, [])
        if sentence in said:
            return
        self._counts[more] += 1
        if not more or len(said) < MOST:
            said.append(sentence)

    def sentences(self) -> tuple[str, ...]:
        """All that is to be said, kind by kind in the order in which they first came up."""
        found: list[str] = []
        for more, said in self._said.items():
            found += said
            if (left := self._counts[more] - len(said)) > 0 and more:
                found.append(more.format(n=left))
        return tuple(found)
