"""Files that appear or change under folders, each as soon as whoever writes it has finished.

The system's word (``models.listening``) makes it prompt; a look at the whole tree from time to time makes it complete,
whatever the system did not say. What has changed is told by size and time of change, compared with what was there when
the watching began.
"""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import one_line
from models.files import trouble
from models.listening import TICK, Listener
from models.walking import is_hidden, is_hidden_by_windows, walk

__all__ = ["SETTLE", "Watch"]

SETTLE = 0.5
"""Seconds without a change after which a file is taken to be finished."""

AT_ONCE = 256
"""The longest list given out."""

LOOK_EVERY = 10.0
LOOK_EVERY_DEAF = 1.0
"""Seconds between two looks at everything: while the system tells of changes, and while it does not."""

LOOK_SHARE = 50
"""A look may take this part of the time at most. One at 100,000 files takes a second, and so comes once a minute."""

Stamp = tuple[int, int]
"""Size in bytes, and time of change in nanoseconds."""


@dataclass(frozen=True, slots=True)
class _Root:
    """A folder that is watched.

    Attributes:
        named: its path as the person named it; paths given out begin with it.
        real: its absolute path without links; paths heard begin with it.
        deep: whether its subfolders are watched too.
    """

    named: str
    real: str
    deep: bool

    def path(self, inner: Sequence[str]) -> str:
        """The path to give out for what is at ``inner`` in this folder."""
        return os.path.join(self.named, *inner)  # noqa: PTH118 - as models.walking joins them, "./a.png" included


class Watch(Iterator[list[Path]]):
    """Iterate to get the files that appear or change, in small lists, each file once it has settled.

    The watching begins when this is made, not with the first ``next``: make it, work through what is there, then
    iterate, and nothing is missed in between. What changes during that work is given out after it, even if the work has
    seen the change already. ``next`` blocks; between two of them changes are kept.

    A file is given out when neither size nor time of change have moved for ``settle`` seconds and it is not empty, and
    again whenever it has changed since. One that keeps changing waits; one that goes before is forgotten, and new if it
    ever comes back. So a file written under another name and renamed in the end comes under its last name alone, if
    no pause in the writing is longer than ``settle``. Hidden files and folders are skipped, as ``models.walking`` does.

    A watched folder that goes is waited for: files that have come with it when it is back are given out. The iteration
    ends when ``cancel`` is set. Use from one thread at a time.

    Args:
        paths: folders, watched with everything in them, and files, whose folder is watched without its subfolders.
        cancel: set it to end; ``next`` returns within a tenth of a second or so.
        settle: seconds.
        without: folders in which nothing is watched, such as the program's own.
        on_notice: is given a sentence for the person when a folder goes or comes back; in the thread that iterates.
        look_every: seconds between two looks at everything while the system tells of changes.

    Raises:
        UnreadableFileError: none of ``paths`` is there; it names the first.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        cancel: threading.Event,
        *,
        settle: float = SETTLE,
        without: Sequence[Path] = (),
        on_notice: Callable[[str], None] | None = None,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._roots = _roots(paths)
        self._without = _left_out(self._roots, without)
        self._cancel = cancel
        self._settle = settle
        self._look_every = look_every
        self._tell = on_notice or (lambda _: None)
        self._known: dict[str, Stamp] = {}
        self._pending: dict[str, tuple[Stamp, float]] = {}
        self._gone: set[_Root] = set()
        self._listeners: list[Listener] = []
        self._next_look = self._soonest_look = 0.0
        self._look()
        self._known |= {path: stamp for path, (stamp, _) in self._pending.items()}
        self._pending.clear()

    def __next__(self) -> list[Path]:
        """The next files to have settled, 1 to 256 of them; waits for them."""
        while not self._cancel.is_set():
            self._hear()
            if time.monotonic() >= self._next_look:
                self._look()
            if settled := self._settled():
                return settled
        self.close()
        raise StopIteration

    def know(self, paths: Iterable[Path]) -> None:
        """Take these files, as they are now, for ones that were there: what the program itself has just made."""
        for path in paths:
            real = os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118 - text, as in all of this
            for root in self._roots:
                inner = _inside(real, root.real)
                stamp = _stamp(root.path(inner)) if inner else None
                if inner and stamp:
                    self._known[root.path(inner)] = stamp
                    self._pending.pop(root.path(inner), None)

    def close(self) -> None:
        """Stop listening. Iterating to the end does it too."""
        for listener in self._listeners:
            listener.close()
        self._listeners = []

    def _listen(self) -> None:
        self.close()
        for deep in (True, False):
            folders = [root.real for root in self._roots if root.deep is deep and root not in self._gone]
            if folders:
                self._listeners.append(Listener(folders, self._cancel, deep=deep))

    @property
    def _deaf(self) -> bool:
        return bool(self._gone) or not self._listeners or not all(one.alive for one in self._listeners)

    def _hear(self) -> None:
        heard = [path for listener in self._listeners if listener.alive for path in listener.hear()]
        if not any(listener.alive for listener in self._listeners):
            self._cancel.wait(TICK)
        if self._deaf:
            self._next_look = min(self._next_look, self._soonest_look + LOOK_EVERY_DEAF)
        for real in heard:
            self._heard(real)

    def _heard(self, real: str) -> None:
        """Take a hint: a file is looked at, a folder walked; whatever else it means, a look at everything will show."""
        inside = [(root, inner) for root in self._roots if (inner := _inside(real, root.real)) is not None]
        if not all(inner for _, inner in inside):
            self.close()  # a watched folder itself: one that is made anew has to be listened to anew
        clear = False
        for root, inner in inside:
            path = root.path(inner)
            if inner and (_is_hidden(root, inner) or self._consider(path)):
                clear = True
            elif inner and root.deep and os.path.isdir(path):  # noqa: PTH112 - text, as in all of this
                clear = True
                for found, error in walk(path):
                    if error is None:
                        self._consider(found)
        if not clear:
            self._next_look = self._soonest_look

    def _look(self) -> None:
        """Compare everything with what is known. Listening begins anew before, where it has failed."""
        self._notice_gone()
        if self._deaf:
            self._listen()
        began = time.monotonic()
        there: set[str] = set()
        for root in self._roots:
            if root in self._gone:  # a disk that is unplugged has not lost its files
                there.update(path for path in self._known if _inside(path, root.named) is not None)
                continue
            for path, error in walk(root.named, deep=root.deep):
                if self._cancel.is_set():
                    return
                if error is None:
                    self._consider(path)
                    there.add(path)
        self._known = {path: stamp for path, stamp in self._known.items() if path in there}
        took = time.monotonic() - began
        self._soonest_look = began + took * LOOK_SHARE
        self._next_look = max(self._soonest_look, began + (LOOK_EVERY_DEAF if self._deaf else self._look_every))

    def _notice_gone(self) -> None:
        gone = {root for root in self._roots if not os.path.isdir(root.named)}  # noqa: PTH112 - text, as in all of this
        for root in gone ^ self._gone:
            self.close()
            there = "is not there; it will be watched as soon as it is" if root in gone else "is there now, and watched"
            self._tell(f"{one_line(root.named)} {there}.")
        self._gone = gone

    def _consider(self, path: str) -> bool:
        """Let a file that is new or has changed settle; return whether there is one, or was."""
        if path.startswith(self._without):
            return True
        stamp = _stamp(path)
        if stamp is None:
            forgotten = self._pending.pop(path, None), self._known.pop(path, None)
            return any(forgotten)
        if self._known.get(path) != stamp and self._pending.get(path, (None,))[0] != stamp:
            self._pending[path] = (stamp, time.monotonic())
        return True

    def _settled(self) -> list[Path]:
        """Files to give out, as they were written: what is heard of comes in no order."""
        settled: list[Path] = []
        before = time.monotonic() - self._settle
        ripe = [(stamp[1], path) for path, (stamp, since) in self._pending.items() if since <= before]
        for _, path in sorted(ripe)[:AT_ONCE]:
            stamp = _stamp(path)
            if stamp is None or stamp != self._pending[path][0]:
                self._consider(path)
                continue
            del self._pending[path]
            self._known[path] = stamp
            if stamp[0]:
                settled.append(Path(path))
        return settled


def _roots(paths: Sequence[Path]) -> list[_Root]:
    """The folders to watch, each once, none within another."""
    roots = []
    troubles = []
    for path in paths:
        folder, deep = path, True
        try:
            if path.is_file():
                folder, deep = path.parent, False
            os.scandir(folder).close()
        except OSError as error:
            troubles.append(trouble(path, error))
        roots.append(_Root(str(folder), os.path.realpath(folder), deep))
    if troubles and len(troubles) == len(paths):
        raise troubles[0]
    roots.sort(key=lambda root: (not root.deep, len(root.real)))  # one that holds others comes before them
    kept: list[_Root] = []
    for root in roots:
        if not any(other.real == root.real or (other.deep and _inside(root.real, other.real)) for other in kept):
            kept.append(root)
    return kept


def _left_out(roots: Sequence[_Root], folders: Sequence[Path]) -> tuple[str, ...]:
    """What the paths of files in ``folders`` begin with, of those folders that lie in a root."""
    reals = [os.path.realpath(folder) for folder in folders]
    return tuple(root.path(inner) + os.sep for root in roots for real in reals if (inner := _inside(real, root.real)))


def _inside(path: str, folder: str) -> tuple[str, ...] | None:
    """The names that lead from ``folder`` to ``path``; none when they are the same, None when it is not in there."""
    if path == folder:
        return ()
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return Path(path[len(start) :]).parts if path.startswith(start) else None


def _is_hidden(root: _Root, inner: Sequence[str]) -> bool:
    if any(is_hidden(name) for name in inner):
        return True
    try:
        return any(is_hidden_by_windows(Path(root.path(inner[: n + 1]))) for n in range(len(inner)))
    except OSError:  # gone
        return False


def _stamp(path: str) -> Stamp | None:
    """None unless it is a regular file, or a link to one."""
    try:
        status = os.stat(path)  # noqa: PTH116 - a Path for each of a hundred thousand files would cost a second
    except (OSError, ValueError):
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
