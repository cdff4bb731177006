"""The models the page can be asked to answer with, and new ones. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.pages.sort.state import SortState

if TYPE_CHECKING:  # NumPy and ONNX Runtime come with them; the page is painted before they are loaded
    from desktop.actions.classify import Classifier
    from desktop.actions.models import Installed

__all__ = ["QUESTION", "Choosing", "NewModel"]

QUESTION = "category"
"""What a new model is asked, when nothing else is wished."""


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model a person wishes for.

    Attributes:
        name: as it was typed.
        questions: as they were typed.
        table: a CSV file of known combinations of two questions' categories; None for none.
    """

    name: str
    questions: tuple[str, ...] = (QUESTION,)
    table: Path | None = None


@dataclass(slots=True)
class Choosing:
    """What can be done about the model of ``page``; all methods are for a background thread.

    Attributes:
        installed: what there was to choose from at the last look.
    """

    page: SortState
    installed: Sequence[Installed] = ()

    def look(self) -> list[Installed]:
        """The models there are now.

        Raises:
            WorkspaceError: their folder can't be read.
        """
        from desktop.actions.models import list_models

        return list_models()

    def load(self, model: Path | None) -> Classifier:
        """A model, ready to answer; whoever gets it has to close it.

        Raises:
            ModelError: it can't be loaded.
        """
        from desktop.actions.classify import Classifier

        return Classifier(model, threads=self.page.threads, device=self.page.device, wrong=self.page.wrong)

    def questions_of(self, table: Path) -> tuple[str, str]:
        """The two questions that a table of known combinations is about.

        Raises:
            FileError: it can't be read, or is no such table.
        """
        from models.combinations_csv import read_combinations

        return read_combinations(table).heads

    def make(self, wish: NewModel) -> Path:
        """Make a model that knows nothing yet; returns its folder.

        Raises:
            LabelError: a name can't be, or is there already.
            FileError: the table can't be read.
            ModelError: the table is about other questions.
            WorkspaceError: the folder can't be written.
        """
        from desktop.actions.models import new_model
        from models.combinations_csv import read_combinations

        table = read_combinations(wish.table) if wish.table is not None else None
        return new_model(wish.name, wish.questions, table)
