"""What a person says about answers: kept, learned, taken back. The window and the command line both come here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from desktop.actions.sorting_names import safe_name
from models.answer import UNKNOWN, Answer
from models.errors import LabelError, one_line
from training.corrections import Correction
from training.learner import Change, Learner

__all__ = ["LONGEST", "checked_label", "correct", "folder_note", "same_name", "take_back"]

LONGEST = 100
"""Characters of a category's name: it becomes a folder's, and systems take 255 bytes."""


def checked_label(label: str, known: Collection[str], *, new: bool) -> str:
    """The name of a category as it is kept: one that is there, however it is capitalised, or a new one.

    Args:
        label: as it was typed.
        known: the head's categories.
        new: whether it may be a new one.

    Raises:
        LabelError: it is no name, or none of a category and ``new`` is False.
    """
    name = " ".join(label.split())
    there = same_name(name, known)
    if there is not None:
        return there
    problem = _problem(name)
    if problem is not None:
        raise LabelError(problem)
    if not new:
        folded = {one.casefold(): one for one in known}
        near = get_close_matches(name.casefold(), folded, 1)
        meant = f"did you mean {folded[near[0]]}?" if near else f"there are {', '.join(known) or 'none yet'}."
        raise LabelError(f"There is no category {name}; {meant}")
    return name


def same_name(name: str, known: Collection[str]) -> str | None:
    """The category that is called so, whatever the capitals: on most systems their folders would be one."""
    folded = name.casefold()
    return next((one for one in known if one.casefold() == folded), None)


def correct(learner: Learner, said: Iterable[tuple[Answer, str | None]], head: str) -> Change:
    """A person says what pictures are, None where nobody can tell: kept as one step, learned.

    Raises:
        WorkspaceError: it could not be kept; nothing has changed.
    """
    corrections = []
    for answer, label in said:
        best = answer.answered(head) if answer.heads[head].categories else None
        corrections.append(
            Correction(
                texture_path=answer.source.label,
                corrected_category=UNKNOWN if label is None else label,
                original_category=best.category if best is not None else None,
                confidence=best.confidence if best is not None else None,
                texture_hash=answer.content_hash.hex(),
                head=head,
                model=learner.id,
            )
        )
    return learner.record(corrections)


def take_back(learner: Learner, answers: Iterable[Answer], head: str) -> Change:
    """A person takes back what was said about ``answers``, as one step.

    Raises:
        WorkspaceError: it could not be kept; nothing has changed.
    """
    return learner.take_back(head, {answer.content_hash for answer in answers})


def folder_note(name: str) -> str | None:
    """A sentence when the folder of a category can't have its name on every system; None when it can."""
    folder = safe_name(name)
    return None if folder == name else f"Its folder will be called {folder}."


def _problem(name: str) -> str | None:
    """Why ``name`` can't be a category's, as a sentence; None when it can."""
    if not name:
        return "A category needs a name; type one."
    if name.casefold() == UNKNOWN:
        return f"{name} is what pictures without a category are called; choose another name."
    if len(name) > LONGEST:
        return f"{name[:20]}… has {len(name)} characters; choose a name of {LONGEST} at most."
    if not name.isprintable():
        return f"{one_line(name)} holds a character that can't be seen; choose another name."
    return None
