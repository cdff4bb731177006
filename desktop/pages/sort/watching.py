"""Goes on answering what comes or changes in the folders of the page. No Qt."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from desktop.pages.sort.state import SortState

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with it; the page is painted before they are loaded
    from desktop.actions.classify import Answer, Failure

__all__ = ["Came", "Watching"]

Came: TypeAlias = "Sequence[Answer | Failure] | str"
"""What :meth:`Watching.work` hands over: what files are, or a sentence about a folder that has gone or is back."""

_ASK_AGAIN_SECONDS = 0.1


@dataclass(slots=True)
class Watching:
    """Watches for ``page``.

    Attributes:
        new: files that have come since :meth:`news` was asked for.
        changed: files that have changed since then.
    """

    page: SortState
    new: int = 0
    changed: int = 0

    def work(self, folders: Sequence[Path], cancel: threading.Event, emit: Callable[[Came], None]) -> None:
        """Answer what comes into ``folders`` or changes there, until ``cancel`` is set; for a background thread.

        Everything there is looked at once in between: what came between the page's own look and the beginning of this
        is not missed, and what is known already costs no more than reading it.

        Raises:
            Cancelled: ``cancel`` was set.
            UnreadableFileError: none of the folders is there.
            ModelError: the model can't be loaded or run.
        """
        from desktop.actions import watch
        from desktop.actions.classify import ClassifyRequest

        with contextlib.closing(watch.start(folders, cancel, on_notice=emit)) as files_that_come:
            while self.page.running:  # the page's own look comes first; whatever both would answer is answered once
                if cancel.wait(_ASK_AGAIN_SECONDS):
                    return
            classifier = self.page.prepare()
            for items in classifier.classify(ClassifyRequest(tuple(folders)), cancel=cancel):
                emit(items)
            for files in files_that_come:
                for items in watch.answers(classifier, files, cancel):
                    emit(items)

    def take(self, items: Sequence[Answer | Failure]) -> list[int]:
        """Show what was handed over by :meth:`work`; the items that hold something else now."""
        new, changed = self.page.take_again(items)
        self.new += new
        self.changed += len(changed)
        return changed

    def news(self) -> str:
        """What has come since the last time, as a sentence; "" for nothing."""
        new, changed, self.new, self.changed = self.new, self.changed, 0, 0
        if not changed:
            return f"{_pictures(new)}." if new else ""
        return f"{_pictures(new)}, {changed:,} changed." if new else f"{changed:,} {_noun(changed)} changed."


def _pictures(count: int) -> str:
    return f"{count:,} new {_noun(count)}"


def _noun(count: int) -> str:
    return "picture" if count == 1 else "pictures"
