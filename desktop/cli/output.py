"""What a person or a program reads: answers on standard output, everything said beside them on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import one_line

if TYPE_CHECKING:  # NumPy: not for --help
    from models.answer import Answer
    from models.sources import Failure, Source

__all__ = ["Lines", "say", "say_failure", "summary"]


class Lines:
    """Shows answers, a line each: columns for a person, or a JSON object.

    Args:
        categories: names that may come first in a line for a person; its columns are as wide as the longest.
        top_k: categories of each file in a JSON object.
        as_json: JSON objects.
    """

    def __init__(self, categories: Sequence[str], top_k: int, *, as_json: bool) -> None:
        self._width = max((len(name) for name in categories), default=0)
        self._top_k = top_k
        self.as_json = as_json

    def show(self, item: Answer | Failure) -> None:
        """Print one; a file without an answer goes to standard error, unless in JSON."""
        from desktop.actions.records import record_line

        if self.as_json:
            print(record_line(item, self._top_k))
        else:
            self._for_a_person(item)

    def show_sorted(self, item: Answer | Failure, places: Mapping[Source, Path]) -> None:
        """Print one as a JSON object that says where it has been sorted to, if it has."""
        from desktop.actions.records import record

        place = places.get(item.source)
        print(json.dumps(record(item, self._top_k) | {"sorted_to": place and str(place)}))

    def _for_a_person(self, item: Answer | Failure) -> None:
        from models.sources import Failure

        if isinstance(item, Failure):
            say_failure(item)
            return
        answers = "  ".join(self._answer(item, head) for head in item.heads)
        print(f"{answers}  {one_line(item.source.label)}{self._mark(item)}")

    def _answer(self, item: Answer, head: str) -> str:
        """What counts for one question, and how sure the model is of it; nothing where a person has said it."""
        best = item.answered(head)
        if head in item.labels:
            return f"{item.category(head) or 'unknown':<{self._width}}      "
        return f"{best.category:<{self._width}}  {best.confidence:>4.0%}"

    def _mark(self, item: Answer) -> str:
        if item.labels:
            return " (corrected)"
        return " (unknown)" if item.unknown else " (unsure)" if item.unsure else ""


def say(text: str) -> None:
    """One line for the person, on standard error."""
    print(one_line(text), file=sys.stderr, flush=True)


def say_failure(failure: Failure) -> None:
    """A file that gives no answer, and why, on standard error."""
    say(f"{failure.source.label} {failure.error.reason}; {failure.error.advice}.")


def summary(done: int, failed: int) -> str:
    """How many files were asked about, and how many of them gave no answer."""
    if not done:
        return "No files were found; name a picture, or a folder or zip with pictures in it."
    files = f"{done:,} file{'s' if done != 1 else ''}"
    return f"{files}: {done - failed:,} answered, {failed:,} without an answer." if failed else f"{files} answered."
