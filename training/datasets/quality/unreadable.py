"""Files that are gone, or that can't be decoded."""

from __future__ import annotations

from training.datasets.quality.facts import Facts, counted
from training.datasets.quality.finding import Finding, Trash

__all__ = ["find"]

MISSING, UNREADABLE = "missing", "unreadable"


def find(facts: Facts) -> list[Finding]:
    """Two findings at most. Files that were moved are found again by ``training.datasets``, which is the better fix."""
    gone = [row for row in sorted(facts.faults) if facts.missing[row]]
    damaged = [row for row in sorted(facts.faults) if not facts.missing[row]]
    if len(gone) == 1:
        lost = "can't be found where it was; if it was moved, have it searched for"
    else:
        lost = "can't be found where they were; if they were moved, have them searched for"
    them, they = ("it", "it") if len(damaged) == 1 else ("them", "they")
    return [
        *_finding(facts, MISSING, gone, lost),
        *_finding(facts, UNREADABLE, damaged, f"can't be read; copy {them} again from where {they} came from"),
    ]


def _finding(facts: Facts, kind: str, rows: list[int], what: str) -> list[Finding]:
    if not rows:
        return []
    items = facts.items(rows)
    return [
        Finding(
            kind,
            "error",
            items,
            f"{counted(len(rows), 'file')} {what}.",
            fix=Trash(items),
            fix_words=f"Move {len(rows):,} to the trash",
            notes={int(facts.ids[row]): facts.faults[row] for row in rows},
        )
    ]
