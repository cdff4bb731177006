"""How a run stands: what its files say, and whether its process lives."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, TypeAlias

from training.runs.events import Begun, Event, Failed, Finished, Paused, Resumed, read_event
from training.runs.folder import RunFolder
from training.runs.living import is_alive

__all__ = ["ACTIVE", "STATES", "RunState", "last_word", "state_after", "state_of"]

RunState: TypeAlias = Literal["prepared", "running", "pausing", "paused", "stopping", "finished", "failed", "lost"]
STATES: tuple[RunState, ...] = ("running", "pausing", "stopping", "paused", "lost", "failed", "finished", "prepared")
"""All states, those that a person looks for first."""

ACTIVE: frozenset[RunState] = frozenset(("running", "pausing", "stopping"))
"""States of a run whose process lives."""

_WORDS = (Begun, Resumed, Paused, Failed, Finished)
_END = 64 << 10
"""Bytes from the end of the events in which the last word is looked for; nothing follows a last word."""


def state_of(run: RunFolder) -> RunState:
    """How ``run`` stands. "lost": its process is gone without a last word; it can be resumed, as a paused one."""
    return state_after(run, last_word(run.events_path))


def state_after(run: RunFolder, word: Event | None) -> RunState:
    """As ``state_of``, where the last word (``last_word``) is known already."""
    if isinstance(word, Finished):
        return "finished"
    process = run.process()
    if process is None and word is None:
        return "prepared"
    said = isinstance(word, Paused | Failed)
    fresh = word is None or (process is not None and process.since > word.time)
    if (not said or fresh) and is_alive(run):
        want = run.want()
        return "pausing" if want == "pause" else "stopping" if want == "stop" else "running"
    if isinstance(word, Paused):
        return "paused"
    return "failed" if isinstance(word, Failed) else "lost"


def last_word(path: Path) -> Event | None:
    """The last event of ``path`` that says how a run stands (begun, resumed, paused, failed, finished), if any."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _END))
            piece = file.read()
    except OSError:
        return None
    whole = piece[: piece.rfind(b"\n") + 1]
    for line in reversed(whole.splitlines()):
        if any(name in line for name in (b'"begun"', b'"resumed"', b'"paused"', b'"failed"', b'"finished"')):
            event = read_event(line)
            if isinstance(event, _WORDS):
                return event
    return None
