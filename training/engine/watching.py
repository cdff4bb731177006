"""How far an installation is, in bytes: what uv says that it has fetched, and how the disk fills."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.engine.places import disk_usage

__all__ = ["Fetching", "Installing", "fetched"]

_SAYS = re.compile(r"^\s*(Downloading|Downloaded|Prepared|Installed|Resolved)\s+(\S+)")

_LOOK = 0.5
"""Seconds between two looks at the disk."""

_REST = 10.0
"""Times that a look took, until the next: tens of thousands of files are not to keep a core busy."""

_WINDOW = 10.0
"""Seconds over which the rate is measured."""


@dataclass(frozen=True, slots=True)
class Installing:
    """How far an installation is.

    Attributes:
        phase: "preparing", "downloading", "installing" or "proving".
        done: bytes fetched; never less than before.
        total: bytes to fetch, about; None while not known.
        rate: bytes a second, lately.
        seconds_left: at that rate; None while not known.
        words: what goes on.
    """

    phase: str
    done: int
    total: int | None
    rate: float
    seconds_left: float | None
    words: str


def fetched(cache: Path, versions: Mapping[str, Sequence[str]]) -> list[str]:
    """Names of the distributions that uv has in its ``cache``, in one of ``versions``.

    Only for showing how far it is: uv does not promise what its cache looks like, and where this finds nothing, an
    installation that goes on seems to begin anew until uv is through with it.
    """
    there = {
        (path.parent.name, path.name.partition("-")[0].partition("+")[0])
        for folders in ("*/*", "*/*/*")  # pypi/NAME, and index/HASH/NAME
        for path in cache.glob(f"wheels-v*/{folders}/*.http")
    }
    return [name for name, allowed in versions.items() if any((name, version) in there for version in allowed)]


class Fetching:
    """Follows uv while it fetches; says ``Installing`` about twice a second, also when nothing comes.

    Args:
        sizes: name of a distribution -> bytes of its wheel; all that are to be fetched, or have been.
        there: the names of those that have been fetched before.
        unpacked: bytes on the disk for one of a wheel.
        folders: that grow.
        on_progress: is told.
        clock: seconds that only ever grow.
    """

    def __init__(
        self,
        sizes: Mapping[str, int],
        there: Collection[str],
        unpacked: float,
        folders: Sequence[Path],
        on_progress: Callable[[Installing], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sizes, self._total = sizes, sum(sizes.values())
        self._unpacked, self._folders = unpacked, folders
        self._say, self._clock = on_progress, clock
        self._before = disk_usage(*folders)
        self._start = self._whole = self._done = sum(sizes.get(name, 0) for name in there)
        self._running: list[str] = []
        self._phase = "downloading"
        self._looked, self._cost = -1.0, 0.0
        self._marks: list[tuple[float, int]] = [(clock(), self._start)]

    def line(self, text: str) -> None:
        """Take in a line that uv has said."""
        match = _SAYS.match(text)
        if match is None:
            return
        what, name = match[1], match[2].lower().replace("_", "-")
        if what == "Downloading":
            self._running.append(name)
        elif what == "Downloaded":
            if name in self._running:
                self._running.remove(name)
            self._whole += self._sizes.get(name, 0)
        elif what == "Prepared":
            self._phase = "installing"
        self._looked = -1.0

    def tick(self) -> None:
        """Look at the disk and say how far it is, if it is time."""
        now = self._clock()
        if self._looked >= 0 and now - self._looked < max(_LOOK, _REST * self._cost):
            return
        self._looked = now
        grown = (disk_usage(*self._folders) - self._before) / self._unpacked
        reached = self._total if self._phase == "installing" else max(self._whole, self._start + int(grown))
        self._cost = self._clock() - now
        self._done = max(self._done, min(self._total, reached))
        self._marks.append((now, self._done))
        while len(self._marks) > 2 and now - self._marks[1][0] > _WINDOW:
            self._marks.pop(0)
        since, before = self._marks[0]
        rate = (self._done - before) / (now - since) if now > since else 0.0
        left = (self._total - self._done) / rate if rate > 0 else None
        self._say(Installing(self._phase, self._done, self._total, rate, left, self._words()))

    def _words(self) -> str:
        if self._phase == "installing":
            return "Putting everything in its place"
        return f"Fetching {', '.join(self._running[:3])}" if self._running else "Fetching"
