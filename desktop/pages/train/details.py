"""Everything about a run, read for a person: settings, data, environment, files, log; and what differs from another.

No Qt; reading is for background threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.actions.facts import file_size
from desktop.pages.train.entries import Entry
from desktop.pages.train.figures import FIGURES, fact_of, short
from desktop.pages.train.history import History
from desktop.pages.train.words import how_long

if TYPE_CHECKING:  # pydantic comes with them
    from training.config import TrainingConfig
    from training.runs.info import RunInfo

__all__ = ["Compared", "Details", "compare", "figure_rows", "read_details"]

_SPLITS = {"train": "To learn from", "val": "To check with", "test": "For the test", "": "Without a split"}
Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Details:
    """One run.

    Attributes:
        settings: section -> (title, value) of each of its settings, those that differ from the task's marked.
        data: of the pictures.
        made: with which code, on which machine.
        files: checkpoints and what was exported, with sizes.
        log: the end of what its process printed.
        folder: where all of it lies.
        config: as it was trained.
    """

    settings: Mapping[str, Rows]
    data: Rows
    made: Rows
    files: Rows
    log: str
    folder: Path
    config: TrainingConfig


def read_details(path: Path) -> Details:
    """Read the run in the folder ``path``.

    Raises:
        TrainingError: it is damaged or gone.
    """
    from training.runs.folder import RunFolder

    run = RunFolder(path)
    config, info = run.config(), run.info()
    return Details(_settings(config), _data(info), _made(info), _files(run.path), run.log_text(), run.path, config)


def _settings(config: TrainingConfig) -> dict[str, Rows]:
    from training.config.fields import SECTIONS, fields_of, head_fields

    found: dict[str, Rows] = {}
    for section, title in SECTIONS.items():
        place: Any = getattr(config, section) if section else config
        rows = [(one.title, _value(one, getattr(place, one.key))) for one in fields_of(section) if one.kind != "hidden"]
        if rows:
            found[title] = rows
    for name, head in config.heads.items():
        found[f"Question {name}"] = [(one.title, _value(one, getattr(head, one.key))) for one in head_fields()]
    return found


def _value(fact: Any, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.zero and value in (0, -1):
        return str(fact.zero)
    if fact.choices:
        return str(dict(fact.choices).get(value, value))
    if value in ("", None, (), {}):
        return "none"
    if isinstance(value, float):
        said = f"{value:.6g}"
    elif isinstance(value, dict):
        return ", ".join(
            f"{name} {one:g}" if isinstance(one, float) else f"{name} {one}" for name, one in value.items()
        )
    elif isinstance(value, tuple):
        return "; ".join(_step(one) for one in value)
    else:
        said = str(value)
    return f"{said}\N{NO-BREAK SPACE}{fact.unit}" if fact.unit else said


def _step(value: Any) -> str:
    if not hasattr(value, "model_dump"):
        return str(value)
    parts = []
    for name, one in value.model_dump().items():
        parts.append(f"{name.replace('_', ' ')} {_plain(one)}")
    return ", ".join(parts)


def _data(info: RunInfo) -> Rows:
    rows = [("Dataset", info.dataset.name), ("Version", info.dataset.version), ("Hash", info.dataset.hash)]
    for split, words in _SPLITS.items():
        by_source = info.counts.get(split, {})
        if by_source:
            total = sum(by_source.values())
            parts = ", ".join(f"{name} {count:,}" for name, count in by_source.items() if name)
            rows.append((words, f"{total:,} pictures ({parts})" if parts else f"{total:,} pictures"))
    for head in info.heads:
        count = f", {head.categories:,} categories" if head.categories else ""
        rows.append(("Question", f"{head.name}: {head.kind}{count}"))
    rows += [("Decided", notice) for notice in info.notices]
    return [(name, value) for name, value in rows if value]


def _made(info: RunInfo) -> Rows:
    code, on = info.code, info.environment
    packages = ", ".join(f"{name} {version}" for name, version in on.packages.items())
    rows = [
        ("Sortwerk", " ".join(part for part in (code.version, "executable" if code.frozen else "") if part)),
        ("Commit", code.commit),
        ("Sources", code.sources),
        ("Python", on.python),
        ("Packages", packages),
        ("System", on.system),
        ("Device", " ".join(part for part in (on.device_name, f"({on.device})" if on.device else "") if part)),
        ("Cores", f"{on.cores}" if on.cores else ""),
        ("Memory", file_size(on.memory) if on.memory else ""),
        ("Seed", str(info.seed)),
        ("Resumed", f"{info.resumed} times" if info.resumed > 1 else "once" if info.resumed else ""),
        ("Group", f"{info.group.kind}, {info.group.role}" if info.group is not None else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _files(path: Path) -> Rows:
    rows = []
    for folder in ("checkpoints", "export"):
        try:
            files = sorted(one for one in (path / folder).iterdir() if one.is_file())
        except OSError:
            continue
        for one in files:
            facts = one.stat()
            moment = datetime.fromtimestamp(facts.st_mtime)
            rows.append((f"{folder}/{one.name}", f"{file_size(facts.st_size)}, {moment:%H:%M}"))
    return rows


def figure_rows(entry: Entry, history: History) -> list[tuple[str, str, str, str]]:
    """Question, figure, on validation at the best epoch, on the test split; each in words, "–" where there is none."""
    rows = []
    for head in entry.heads:
        for figure, facts in FIGURES.get(head.kind, {}).items():
            path = f"{head.name}.{figure}"
            val, test = history.figure_at_best(path), history.test.get(path)
            if val is not None or test is not None:
                rows.append((head.name, facts.title, short(val, facts), short(test, facts)))
    return rows


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs beside each other.

    Attributes:
        figures: (what, first, second, whether the first one is better; None for neither).
        settings: (what, first, second) that differ.
    """

    figures: list[tuple[str, str, str, bool | None]]
    settings: list[tuple[str, str, str]]


def compare(first: tuple[Entry, History, Details], second: tuple[Entry, History, Details]) -> Compared:
    """What two runs came to, and by which settings they differ."""
    from training.config import diff

    (one, one_said, one_details), (other, other_said, other_details) = first, second
    figures: list[tuple[str, str, str, bool | None]] = []
    kinds = {head.name: head.kind for head in (*other.heads, *one.heads)}
    for name, kind in kinds.items():
        for figure in FIGURES.get(kind, {}):
            facts = fact_of(kind, figure)
            a, b = one_said.figure_at_best(f"{name}.{figure}"), other_said.figure_at_best(f"{name}.{figure}")
            if a is not None or b is not None:
                figures.append((f"{name}: {facts.title}", short(a, facts), short(b, facts), _better(a, b, facts.lower)))
    figures.append(("time", how_long(one.seconds), how_long(other.seconds), None))
    figures.append(("epochs", f"{one.epoch:,}", f"{other.epoch:,}", None))
    titles = _titles()
    settings = [
        (titles.get(path, path), _plain(a), _plain(b))
        for path, a, b in diff(one_details.config, other_details.config)
        if path not in ("name", "export.name")
    ]
    pictures = (("dataset", one.dataset, other.dataset), ("version", one.version, other.version))
    settings[:0] = [(what, before or "–", after or "–") for what, before, after in pictures if before != after]
    return Compared(figures, settings)


def _better(a: float | None, b: float | None, lower: bool) -> bool | None:
    if a is None or b is None or a == b:
        return None
    return (a < b) == lower


def _titles() -> dict[str, str]:
    from training.config.fields import SECTIONS, all_fields

    return {one.path: f"{SECTIONS[one.section]}: {one.title}" for one in all_fields()}


def _plain(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return "; ".join(_plain(one) for one in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(one)}" for name, one in value.items()) or "none"
    return str(value) or "none"
