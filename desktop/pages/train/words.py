"""How runs stand, how long they take and what they use, in words. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from desktop.pages.train.entries import Entry
from desktop.pages.train.figures import PRIMARY, fact_of, sentence_of, short
from desktop.pages.train.history import History

__all__ = [
    "STATES",
    "bar_words",
    "device_words",
    "finished_words",
    "how_long",
    "left_words",
    "outcome",
    "rate_words",
    "state_words",
    "when",
]

STATES: Mapping[str, str] = MappingProxyType(
    {
        "prepared": "not begun",
        "running": "running",
        "pausing": "pausing…",
        "paused": "paused",
        "stopping": "stopping…",
        "finished": "finished",
        "failed": "failed",
        "lost": "interrupted",
    }
)
"""State -> what a person reads."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def how_long(seconds: float) -> str:
    """A time that was, short: "14 s", "12 min", "2 h 05 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole}\N{NO-BREAK SPACE}s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes}\N{NO-BREAK SPACE}min"
    return f"{minutes // 60}\N{NO-BREAK SPACE}h {minutes % 60:02}\N{NO-BREAK SPACE}min"


def left_words(seconds: float | None) -> str:
    """A time to come: "4 min left"; "" where it is not known."""
    return "" if seconds is None else f"{how_long(max(1.0, seconds))} left"


def when(created: str, now: datetime | None = None) -> str:
    """A moment (ISO 8601, UTC) in local time: "14:05" of today, "yesterday", "3 Nov 14:05", "3 Nov 2025"."""
    try:
        moment = datetime.fromisoformat(created).replace(tzinfo=UTC).astimezone()
    except ValueError:
        return created
    today = (now or datetime.now(UTC)).astimezone()
    days = (today.date() - moment.date()).days
    clock = f"{moment:%H:%M}"
    if days == 0:
        return clock
    if days == 1:
        return "yesterday"
    day = f"{moment.day} {_MONTHS[moment.month - 1]}"
    return f"{day} {clock}" if moment.year == today.year else f"{day} {moment.year}"


def state_words(entry: Entry) -> str:
    """How a run stands: "running, epoch 24 of 30"."""
    if entry.problem:
        return "can't be read"
    said = STATES.get(entry.state, entry.state)
    if entry.state in ("running", "paused", "lost", "failed") and entry.epoch and entry.epochs:
        return f"{said}, epoch {entry.epoch} of {entry.epochs}"
    return said


def bar_words(entry: Entry, history: History) -> str:
    """One line for the job bar: "Training Walls: epoch 24 of 30 · 4 min left"."""
    if entry.state in ("pausing", "stopping"):
        return f"{entry.name}: {STATES[entry.state]}"
    parts = [f"Training {entry.name}"]
    if history.epoch and history.begun is not None:
        parts = [f"Training {entry.name}: epoch {history.epoch} of {history.begun.epochs}"]
    if history.step is not None and history.step.seconds_left is not None:
        parts.append(left_words(history.step.seconds_left))
    return "  ·  ".join(parts)


def device_words(device: str, name: str = "", cores: int = 0) -> str:
    """What computes: "the processor, 8 cores", "NVIDIA RTX 4070"."""
    if device.startswith("cpu") or not device:
        return f"the processor, {cores} cores" if cores > 1 else "the processor"
    if name:
        return name
    return "the graphics card" if device.startswith(("cuda", "mps", "xpu")) else device


def rate_words(rate: float) -> str:
    """How fast: "69 pictures a second"."""
    return f"{rate:,.0f} pictures a second" if rate >= 10 else f"{rate:.1f} pictures a second"


def outcome(entry: Entry) -> str:
    """The primary figures in a line: "material 87.2 % · colour 91.0 %"."""
    said = [
        f"{head.name} {short(entry.figures.get(head.name), fact_of(head.kind, PRIMARY[head.kind]))}"
        for head in entry.heads
        if entry.figures.get(head.name) is not None
    ]
    return "  ·  ".join(said)


_REASONS = {
    "epochs": "All epochs are done.",
    "early": "It ended early, as nothing got better any more.",
    "stopped": "It was stopped, and the best is kept.",
}


def finished_words(entry: Entry, history: History) -> list[str]:
    """What came of a finished run, a sentence each: why it ended, then for each question how good it is."""
    said = [_REASONS.get(history.reason, "")] if history.reason else []
    for head in entry.heads:
        figure = f"{head.name}.{PRIMARY[head.kind]}"
        if figure in history.test:
            said.append(f"{sentence_of(head.name, head.kind, history.test[figure], entry.test)}.")
        else:
            value = history.figure_at_best(figure)
            said.append(f"{sentence_of(head.name, head.kind, value, entry.val)}.")
    return [_capital(one) for one in said if one]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
