"""What a look beforehand has found, as rows: how bad, what is so, and what a button may do about it. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

__all__ = ["CheckRow", "Deed", "rows_of"]

_SETTING = re.compile(r"[:,]? ?\(?\b((?:heads\.[^=]+?|[a-z]+)\.[a-z_]+)=([\w-]+(?:\.\w+)*)\)?")
"""Where a sentence names a setting and its value for the command line, with what stands before it."""

_DATASET = frozenset(
    {"no-labels", "one-picture", "unlabelled", "unknown", "one-grade", "empty-class", "unseen-class", "few"}
    | {"one-class", "no-boxes", "no-validation", "unsplit", "leak", "look-alikes", "unchecked", "missing"}
    | {"no-questions"}
)
_ENGINE_WORDS = "PyTorch, which trains, is not installed yet. Starting offers to install it first."
_SIGNS = {"error": ("circle-alert", "bad"), "warning": ("triangle-alert", "caution"), "note": ("info", "secondary")}


class Finding(Protocol):
    """As ``training.launching.finding.Finding``."""

    @property
    def severity(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def sentence(self) -> str: ...

    @property
    def fix(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Deed:
    """What a button does.

    Attributes:
        words: on the button.
        path: of the setting that it changes; "" where it leads to the dataset instead.
        value: that the setting gets.
    """

    words: str
    path: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One finding.

    Attributes:
        severity: "error", "warning" or "note".
        icon: of the theme.
        colour: likewise.
        sentence: what is so.
        fix: what to do; "" for nothing.
        deed: what a button does about it; None for none.
    """

    severity: str
    icon: str
    colour: str
    sentence: str
    fix: str
    deed: Deed | None = None


def rows_of(findings: Iterable[Finding]) -> list[CheckRow]:
    """The findings as rows, the worst first. A missing engine is no fault: starting installs it."""
    rows = [_row(one) for one in findings]
    return sorted(rows, key=lambda row: list(_SIGNS).index(row.severity))


def _row(finding: Finding) -> CheckRow:
    if finding.kind == "engine":
        return CheckRow("note", *_SIGNS["note"], _ENGINE_WORDS, "")
    icon, colour = _SIGNS.get(finding.severity, _SIGNS["note"])
    severity = finding.severity if finding.severity in _SIGNS else "note"
    found = _SETTING.search(finding.fix)
    fix = _SETTING.sub("", finding.fix) if found is not None else finding.fix
    fix = fix if not fix or fix.endswith((".", "!", "?")) else f"{fix}."
    deed = None
    if found is not None:
        deed = Deed("Change that", found.group(1), found.group(2))
    elif finding.kind in _DATASET and severity != "note":
        deed = Deed("Open the dataset")
    return CheckRow(severity, icon, colour, finding.sentence, fix, deed)
