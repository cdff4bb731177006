"""The models a person can choose from: the starter model, and those made in the workspace, a folder each."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop.actions.model_cards import Card, card_of
from desktop.actions.sorting_names import folded, safe_name
from models import installed as kept
from models.answer import UNKNOWN
from models.combinations import Combinations
from models.database import open_workspace
from models.errors import LabelError, ModelError, WorkspaceError, one_line
from models.installed import Removed, models_folder, own_folders
from models.library import STARTER, readable_spec
from models.spec import ModelSpec
from training.correction_store import TrainingDataStore
from training.model_folder import create, model_id

__all__ = [
    "LONGEST",
    "STARTER_WORD",
    "Installed",
    "check_table",
    "find_installed",
    "find_model",
    "free_name",
    "list_models",
    "new_model",
    "remove_model",
    "rename_model",
    "restore_model",
]

LONGEST = 100
"""Characters of a model's or a question's name."""

STARTER_WORD = "starter"
"""What the starter model is called where its name is too long to type."""


@dataclass(frozen=True, slots=True)
class Installed:
    """One model.

    Attributes:
        folder: where it lies; None for the starter model.
        name: for people; the folder's name when the model can't be read.
        heads: the questions it answers.
        learned: pictures of which a person has said what they are, for the question with most of them.
        problem: why it can't be used, as a sentence; "" when it can.
        card: what else is known of it; empty when it can't be used.
    """

    folder: Path | None
    name: str
    heads: tuple[str, ...] = ()
    learned: int = 0
    problem: str = ""
    card: Card = field(default=Card(), compare=False)


def list_models() -> list[Installed]:
    """The starter model, then those of the workspace by name; one that can't be read is listed with its problem.

    Models that were removed long ago are forgotten here.

    Raises:
        WorkspaceError: the folder of the models can't be read.
    """
    kept.empty_trash()
    with contextlib.ExitStack() as stack:
        store = _store(stack)
        own = [_installed(folder, store) for folder in own_folders()]
        return [_installed(None, store), *sorted(own, key=lambda one: folded(one.name))]


def new_model(name: str, questions: Sequence[str], combinations: Combinations | None = None) -> Path:
    """Make a model in the workspace that knows nothing yet; return its folder.

    Args:
        name: for people; its folder is called like it, as far as every system takes that.
        questions: the names of its heads, such as "part" and "colour".
        combinations: a table about two of them.

    Raises:
        LabelError: a name can't be, or is there already.
        ModelError: the table is about other questions.
        WorkspaceError: the folder can't be written.
    """
    called = _name(name, "model")
    asked = [_name(question, "question") for question in questions]
    if not asked:
        raise LabelError("A model answers at least one question; add one.")
    for place, question in enumerate(asked):
        if folded(question) in map(folded, asked[:place]):
            raise LabelError(f"{question} is there twice; give each question its own name.")
    installed = list_models()
    taken = [one.name for one in installed] + [STARTER_WORD]
    if there := next((one for one in taken if folded(one) == folded(called)), None):
        raise LabelError(f"There is a model called {there} already; choose another name.")
    if combinations is not None:
        check_table(combinations, asked)
    folder = models_folder() / _unused(safe_name(called), [one.folder.name for one in installed if one.folder])
    backbone = readable_spec(STARTER).backbone
    create(folder, called, asked, backbone or "", combinations)
    return folder


def find_installed(named: str | None) -> Installed:
    """As ``find_model``, with what is known of the model; one outside of the workspace too."""
    folder = find_model(named)
    with contextlib.ExitStack() as stack:
        return _installed(folder, _store(stack))


def rename_model(named: str, name: str) -> Installed:
    """Call a model of the workspace otherwise; return it as it is listed now.

    Raises:
        LabelError: the name can't be, or is there already.
        ModelError: there is no such model, or it is the starter model.
        WorkspaceError: it can't be written.
    """
    folder = _own(named, "renamed")
    called = _name(name, "model")
    others = [one.name for one in list_models() if one.folder != folder] + [STARTER_WORD]
    if there := next((one for one in others if folded(one) == folded(called)), None):
        raise LabelError(f"There is a model called {there} already; choose another name.")
    kept.rename(folder, called)
    return next(one for one in list_models() if one.folder == folder)


def remove_model(named: str) -> Removed:
    """Remove a model of the workspace; ``restore_model`` takes what is returned, or its token, and brings it back.

    Raises:
        ModelError: there is no such model, or it is the starter model.
        WorkspaceError: it can't be moved.
    """
    return kept.remove(_own(named, "removed"))


def restore_model(wanted: Removed | str | None = None) -> Path:
    """Bring back a removed model, or the one removed last; return its folder.

    Raises:
        ModelError: there is none, or another one has its place.
        WorkspaceError: it can't be moved.
    """
    return kept.restore(wanted)


def free_name(name: str) -> str:
    """``name``, with a number behind it where a model is called so already.

    Raises:
        WorkspaceError: the folder of the models can't be read.
    """
    return _unused(" ".join(one_line(name).split()) or "Model", [*(one.name for one in list_models()), STARTER_WORD])


def check_table(table: Combinations, questions: Sequence[str]) -> None:
    """Make sure that a table of known combinations is about two of ``questions``.

    Raises:
        ModelError: it is about others.
    """
    if not set(table.heads) <= set(questions):
        asked = " and ".join(questions) or "nothing"
        raise ModelError(
            f"The known combinations are about {' and '.join(table.heads)}, and the model is asked about {asked}; "
            "name the questions as in the first row of the file."
        )


def find_model(named: str | None) -> Path | None:
    """The folder of a model that is named by its folder's path, or by its name.

    Args:
        named: as it was typed; None when no model was named.

    Returns:
        The folder; None for the starter model.

    Raises:
        ModelError: there is no such model.
        WorkspaceError: the folder of the models can't be read.
    """
    if named is None:
        return None
    path = Path(named)
    if (path / "metadata.json").is_file():
        return path
    installed = list_models()
    for one in installed:
        if folded(named) in {folded(one.name), folded(one.folder.name if one.folder else STARTER_WORD)}:
            return one.folder
    if path.is_dir():
        return path  # whoever loads it says what is missing there
    names = ", ".join([STARTER_WORD, *(one.name for one in installed[1:])])
    raise ModelError(f"There is no model {one_line(named)}; name the folder of one, or one of these: {names}.")


def _own(named: str, what: str) -> Path:
    """The folder of a model of the workspace.

    Raises:
        ModelError: there is none, or it is the starter model, which can't be ``what``.
    """
    folder = find_model(named)
    if folder is None:
        raise ModelError(f"The starter model can't be {what}: it comes with the program; choose another one.")
    return folder


def _installed(folder: Path | None, store: TrainingDataStore | None) -> Installed:
    try:
        spec = readable_spec(folder or STARTER)
    except ModelError as error:
        return Installed(folder, folder.name if folder else STARTER_WORD, problem=str(error))
    name, card = card_of(folder, spec)
    heads = tuple(head.name for head in spec.heads)
    return Installed(folder, name or spec.name, heads, _learned(folder, spec, store), card=card)


def _learned(folder: Path | None, spec: ModelSpec, store: TrainingDataStore | None) -> int:
    if store is None:
        return 0
    model = model_id(folder, spec)
    return max(sum(store.category_counts(head.name, model=model).values()) for head in spec.heads)


def _store(stack: contextlib.ExitStack) -> TrainingDataStore | None:
    """None when the workspace can't be used: models can be chosen without knowing what they have learned."""
    with contextlib.suppress(WorkspaceError):
        return TrainingDataStore(stack.enter_context(contextlib.closing(open_workspace())))
    return None


def _name(text: str, what: str) -> str:
    """A name as it is kept.

    Raises:
        LabelError: it can't be one.
    """
    name = " ".join(text.split())
    if not name:
        raise LabelError(f"A {what} needs a name; type one.")
    if len(name) > LONGEST:
        raise LabelError(f"{name[:20]}… has {len(name)} characters; choose a name of {LONGEST} at most.")
    if not name.isprintable():
        raise LabelError(f"{one_line(name)} holds a character that can't be seen; choose another name.")
    if folded(name) == UNKNOWN:
        raise LabelError(f"{name} is what pictures without a category are called; choose another name.")
    return name


def _unused(name: str, folders: Sequence[str]) -> str:
    """``name``, with a number behind it where a folder is called so already, whatever the capitals."""
    taken = {folded(folder) for folder in folders}
    tried, number = name, 2
    while folded(tried) in taken:
        tried, number = f"{name} ({number})", number + 1
    return tried
