"""Taking back the steps of a sorting: moved files go home, copies go away, and nothing that has changed is touched."""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from pathlib import Path

from desktop.actions.sorting_files import (
    copy,
    has_content,
    make_folder,
    place,
    refused,
    remove,
    sync_folders,
)
from desktop.actions.sorting_forward import Change
from desktop.actions.sorting_journal import Journal, Sorting, Step
from models.errors import FileError
from models.sources import Source

__all__ = ["take_back"]


def take_back(journal: Journal, sorting: Sorting, steps: Sequence[Step]) -> None:
    """Take ``steps``, in state "done" or "returning", back; what can't be is "left", with the reason.

    The journal says "returning" before anything is touched, and only of a file whose old place was free: from then on,
    what is found at the old place with the right content is what was put there.

    Raises:
        SortingError: nothing can be put back any more, because the disk is full; to be gone on with later.
    """
    begun = [step for step in steps if step.state == "returning"]
    checked: list[Change] = []
    for step in steps:
        if step.state == "done":
            error = _obstacle(step)
            checked.append((step, "left", error) if error else (step, "returning", None))
    journal.mark(sorting, checked)
    changes: list[Change] = []
    try:
        for step in begun + [step for step, state, _ in checked if state == "returning"]:
            try:
                _return(sorting, step)
                changes.append((step, "back", None))
            except FileError as error:
                changes.append((step, "left", error))
    finally:
        sync_folders(
            folder
            for step, _, _ in changes
            for folder in ((step.source.path.parent, step.target.parent) if step.moves else (step.target.parent,))
        )
        journal.mark(sorting, changes)


def _obstacle(step: Step) -> FileError | None:
    """Why a step can't be taken back."""
    name = step.target.name
    if not os.path.lexists(step.target):
        return None if not step.moves else FileError(name, "is not where it was sorted to any more", "look for it")
    if not has_content(step.target, step.sha256):
        return FileError(name, "has been changed since it was sorted, so it was left there", "move it by hand")
    if step.moves and os.path.lexists(step.source.path):
        advice = "move one of them away by hand"
        return FileError(name, "was left where it is, because there is a file at its old place", advice)
    return None


def _return(sorting: Sorting, step: Step) -> None:
    """Take back one step, or the rest of it.

    Raises:
        FileError: it can't be.
        SortingError: nor can any other.
    """
    home, target = step.source.path, step.target
    part = home.with_name(f".sortwerk-{sorting.token}-{step.n}.back")
    try:
        if step.moves:
            if os.path.lexists(part):
                remove(part)  # half a copy; or whole, and then home is another name of it
            if not os.path.lexists(home):
                make_folder(home.parent)
                _bring(target, home, part, step.sha256)
            elif not has_content(home, step.sha256):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            sync_folders([home.parent])
        if has_content(target, step.sha256):
            remove(target)
    except OSError as error:
        raise refused(step.target.name, home.parent if step.moves else target.parent, error) from error


def _bring(target: Path, home: Path, part: Path, sha256: bytes) -> None:
    """Put the content of ``target`` at ``home``; across disks ``target`` stays for now."""
    try:
        place(target, home)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if copy(Source(target), part)[0] != sha256:
            remove(part)
            raise FileError(target.name, "has just been changed, so it was left there", "move it by hand") from error
        try:
            place(part, home)
        except OSError:
            remove(part)
            raise
        sync_folders([home.parent])
