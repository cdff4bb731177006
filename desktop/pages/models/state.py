"""What the Models page knows and can do: the library, one model of it, its check-list, packages in and out. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.observable import Event
from desktop.pages.models.entries import Entry, read_entry
from models.progress import Progress

if TYPE_CHECKING:  # NumPy, ONNX Runtime and pydantic come with them
    from desktop.pages.sort.choosing import NewModel
    from models.formats import Format
    from models.installed import Removed
    from models.package import Inspected
    from models.validation import Check
    from models.worker import Step

__all__ = ["LICENCES", "ModelsState", "is_model_file"]

LICENCES = ("MIT", "CC0-1.0", "CC-BY-4.0", "Apache-2.0")
"""What is usually chosen; own words are as good."""

_PICTURES_TOO = frozenset({".zip", ".json", ".bin", ".tar"})
"""Endings that some models have and that say nothing: such files stay with the pictures."""

_ORT = ".ort"
"""ONNX Runtime's own form, which isn't imported, and which no picture has: its sentence is said by ``recognise``."""


def is_model_file(path: Path) -> bool:
    """Whether a file or folder that is dropped is a model by its ending or its file; loads nothing heavy."""
    from models.formats import FORMATS

    if path.is_dir():
        return (path / "saved_model.pb").is_file()
    ending = path.suffix.lower()
    known = any(ending in one.endings for one in FORMATS)
    return ending == _ORT or (known and ending not in _PICTURES_TOO)


@dataclass(slots=True)
class ModelsState:
    """Everything the page shows. Methods that are for a background thread say so; the others are for the page's.

    Attributes:
        in_use: folder of the model that answers on the Sort page; None for the starter model.
        changed: fires (with None) whenever something that is shown has changed.
        entries: the library, the starter model first.
        selected: folder of the model that is looked at; None for the starter model.
        checks: what came of the check-lists that were run, by folder.
    """

    in_use: Callable[[], Path | None]
    changed: Event[None] = field(default_factory=Event)
    entries: Sequence[Entry] = ()
    selected: Path | None = None
    checks: dict[Path | None, Sequence[Check]] = field(default_factory=dict)

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def entry(self) -> Entry | None:
        """The model that is looked at; None before the library was read."""
        return self.find(self.selected)

    def find(self, folder: Path | None) -> Entry | None:
        """The model in a folder, None for one that is not there."""
        return next((one for one in self.entries if one.folder == folder), None)

    def take(self, entries: Sequence[Entry]) -> None:
        """The library as it is now; what is looked at stays, where it is still there."""
        self.entries = entries
        if self.entry is None:
            self.selected = self.in_use() if self.find(self.in_use()) is not None else None
        self.changed.fire(None)

    def select(self, folder: Path | None) -> None:
        """Look at another model."""
        if folder != self.selected:
            self.selected = folder
            self.changed.fire(None)

    def take_checks(self, folder: Path | None, checks: Sequence[Check]) -> None:
        """What came of a model's check-list."""
        self.checks[folder] = checks
        self.changed.fire(None)

    @property
    def comparable(self) -> list[Path | None]:
        """Folders of the models that can be compared: the one that is looked at first."""
        usable = [one.folder for one in self.entries if not one.problem]
        return sorted(usable, key=lambda folder: folder != self.selected)

    # -- what can be done; each for a background thread ---------------------------------------------------------------

    def look(self) -> list[Entry]:
        """The models there are now.

        Raises:
            WorkspaceError: their folder can't be read.
        """
        from desktop.actions.models import list_models

        return [read_entry(one) for one in list_models()]

    def check(
        self, folder: Path | None, *, cancel: threading.Event, on_progress: Callable[[Progress], None]
    ) -> list[Check]:
        """Run the check-list of a model.

        Raises:
            Cancelled: ``cancel`` was set.
        """
        from models.validation import validate

        def step(now: Step) -> None:
            total = round(now.total) if now.total is not None else None
            on_progress(Progress(round(now.done), total, 0, 0.0, None))

        installed = [one.folder for one in self.entries if one.folder is not None]
        return validate(folder, installed=installed, cancel=cancel, on_progress=step)

    def rename(self, folder: Path, name: str) -> None:
        """Call a model otherwise.

        Raises:
            LabelError: it can't be called so, or another one is.
            WorkspaceError: the name can't be kept.
        """
        from desktop.actions.models import rename_model

        rename_model(str(folder), name)

    def remove(self, folder: Path) -> Removed:
        """Take a model out of the library; ``restore`` brings it back.

        Raises:
            WorkspaceError: it can't be moved away.
        """
        from desktop.actions.models import remove_model

        return remove_model(str(folder))

    def restore(self, removed: Removed) -> Path:
        """Bring a removed model back; returns its folder.

        Raises:
            ModelError: it is not there any more, or another one has its place.
            WorkspaceError: it can't be moved.
        """
        from desktop.actions.models import restore_model

        return restore_model(removed)

    def look_into(self, path: Path, *, cancel: threading.Event) -> Inspected | Format | None:
        """What is in a package; None when the file is a plain network, which asks for the import assistant; its format
        when it has to be converted first.

        Raises:
            ModelError: it is no model, one of a kind that is not opened, or refused.
            WorkerError: it crashed what looked at it.
            WorkspaceError: there is no room to look at it.
            Cancelled: ``cancel`` was set.
        """
        from models.formats import recognise
        from models.package import inspect_package

        found = recognise(path)
        if found.refusal:
            raise found.refuse(path)
        if found.converter:
            found.check(path)
            return found
        return inspect_package(path, cancel=cancel) if found.name == "ps2model" else None

    def install(self, package: Inspected) -> Path:
        """Put a package into the library; returns its folder.

        Raises:
            WorkspaceError: it can't be written.
        """
        from desktop.actions.packages import install_inspected

        return install_inspected(package)

    def make(self, wish: NewModel) -> Path:
        """Make a model that knows nothing yet; returns its folder.

        Raises:
            LabelError: a name can't be, or is there already.
            FileError: the table of known combinations can't be read.
            ModelError: the table is about other questions.
            WorkspaceError: the folder can't be written.
        """
        from desktop.actions.models import new_model
        from models.combinations_csv import read_combinations

        table = read_combinations(wish.table) if wish.table is not None else None
        return new_model(wish.name, wish.questions, table)

    def questions_of(self, table: Path) -> tuple[str, str]:
        """The two questions that a table of known combinations is about.

        Raises:
            FileError: it can't be read, or is no such table.
        """
        from models.combinations_csv import read_combinations

        return read_combinations(table).heads
