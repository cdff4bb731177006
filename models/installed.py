"""The models in the workspace as things that can be renamed, removed and brought back. None of them is loaded here."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models import workspace
from models.errors import ModelError, WorkspaceError, one_line
from models.package.receipt import Receipt, read_name, read_receipt, write_name

__all__ = [
    "KEPT_DAYS",
    "Facts",
    "Removed",
    "empty_trash",
    "facts",
    "models_folder",
    "own_folders",
    "remove",
    "removed",
    "rename",
    "restore",
]

TRASH = ".trash"
KEPT_DAYS = 30
"""Days a removed model can be brought back."""

_TOKEN = re.compile(r"(?P<name>.+)-(?P<time>\d{8}T\d{12})")
_TIME = "%Y%m%dT%H%M%S%f"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a look into a model's folder says.

    Attributes:
        name: what the person here calls it; "" when its own name stands.
        size: of all its files, bytes.
        receipt: of its import; None for one that was made here.
    """

    name: str
    size: int
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Removed:
    """A model that can be brought back.

    Attributes:
        token: for ``restore``.
        folder: where it lay.
        when: it was removed, UTC.
    """

    token: str
    folder: Path
    when: datetime


def models_folder() -> Path:
    """Where the models of this workspace lie; it need not be there.

    Raises:
        WorkspaceError: the workspace can't be made.
    """
    return workspace.folder() / "models"


def own_folders() -> list[Path]:
    """The folders of the models in the workspace, by name.

    Raises:
        WorkspaceError: they can't be listed.
    """
    place = models_folder()
    try:
        return sorted(path for path in place.iterdir() if path.is_dir() and not path.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as error:
        reason = workspace.reason(error)
        raise WorkspaceError(f"{place} can't be read ({reason}); check that you may open it.") from error


def facts(folder: Path) -> Facts:
    """What there is to say about the model in ``folder`` without reading it; what can't be found out is left out."""
    try:
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except OSError:
        size = 0
    return Facts(read_name(folder), size, read_receipt(folder))


def rename(folder: Path, name: str) -> None:
    """Call a model otherwise. Its metadata stays as its maker wrote and perhaps signed it.

    Raises:
        WorkspaceError: it can't be written.
    """
    try:
        write_name(folder, name)
    except OSError as error:
        reason = workspace.reason(error)
        raise WorkspaceError(f"{folder} can't be renamed ({reason}); check that you may write to it.") from error


def remove(folder: Path) -> Removed:
    """Take a model of the workspace away; ``restore`` with what is returned brings it back.

    Corrections of it stay in the workspace.

    Raises:
        ModelError: it is none of the workspace's.
        WorkspaceError: it can't be moved.
    """
    if folder.parent.resolve() != models_folder().resolve() or not folder.is_dir() or folder.name.startswith("."):
        raise ModelError(f"{folder} is no model of this workspace; remove its folder yourself if you don't need it.")
    now = datetime.now(UTC)
    one = Removed(f"{folder.name}-{now.strftime(_TIME)}", folder, now)
    trash = models_folder() / TRASH
    try:
        trash.mkdir(exist_ok=True)
        folder.rename(trash / one.token)
    except OSError as error:
        reason = workspace.reason(error)
        raise WorkspaceError(f"{folder} can't be removed ({reason}); close programs that use it.") from error
    return one


def removed() -> list[Removed]:
    """The models that can be brought back, the one removed last first.

    Raises:
        WorkspaceError: the workspace can't be made.
    """
    place = models_folder()
    found = []
    for path in (place / TRASH).glob("*"):
        match = _TOKEN.fullmatch(path.name)
        if match and path.is_dir():
            when = datetime.strptime(match["time"], _TIME).replace(tzinfo=UTC)
            found.append(Removed(path.name, place / match["name"], when))
    return sorted(found, key=lambda one: one.when, reverse=True)


def restore(wanted: Removed | str | None = None) -> Path:
    """Bring a removed model back; return its folder.

    Args:
        wanted: what ``remove`` returned, or its token; None for the one removed last.

    Raises:
        ModelError: there is no such model, or another one has its place now.
        WorkspaceError: it can't be moved.
    """
    there = removed()
    token = wanted.token if isinstance(wanted, Removed) else wanted
    one = next((one for one in there if token is None or one.token == token), None)
    if one is None:
        if token is None:
            raise ModelError("No removed model is left to bring back.")
        tokens = ", ".join(one.token for one in there) or "none"
        raise ModelError(f"No removed model is called {one_line(token)}; there are: {tokens}.")
    if one.folder.exists():
        raise ModelError(f"{one.folder} is there again already; remove that model first.")
    try:
        (models_folder() / TRASH / one.token).rename(one.folder)
    except OSError as error:
        reason = workspace.reason(error)
        raise WorkspaceError(
            f"{one.folder} can't be brought back ({reason}); check that you may write there."
        ) from error
    return one.folder


def empty_trash(now: datetime | None = None) -> None:
    """Forget the models that were removed more than ``KEPT_DAYS`` days before ``now``, with a time zone; None for now.

    Raises:
        WorkspaceError: the workspace can't be made.
    """
    oldest = (now or datetime.now(UTC)) - timedelta(days=KEPT_DAYS)
    for one in removed():
        if one.when < oldest:
            shutil.rmtree(models_folder() / TRASH / one.token, ignore_errors=True)
