"""What a person wishes to pass on of a model, and saving it as a package. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["ExportWish", "file_name", "key_fingerprint", "save"]


@dataclass(frozen=True, slots=True)
class ExportWish:
    """A package a person wishes for.

    Attributes:
        name: of the model, for people.
        version: such as "1.0.0".
        author: who made it.
        licence: under which others may use it.
        description: what it is for.
        learn: whether it may go on learning where it is imported.
        corrections: whether it holds a list of what the person has said, with the names of the files.
        sign: whether it is signed with the person's key.
    """

    name: str
    version: str
    author: str
    licence: str
    description: str
    learn: bool
    corrections: bool
    sign: bool


def file_name(wish: ExportWish) -> str:
    """What the package might be called: "Game textures 1.0.0.ps2model"."""
    from desktop.actions.sorting_names import safe_name

    return f"{safe_name(f'{wish.name} {wish.version}'.strip())}.ps2model"


def key_fingerprint() -> str:
    """Of the person's key; "" when there is none yet. For a background thread.

    Raises:
        WorkspaceError: the key can't be read.
    """
    from models.package import author_key

    key = author_key(create=False)
    return key.fingerprint if key is not None else ""


def save(folder: Path | None, target: Path, wish: ExportWish) -> None:
    """Save the model in ``folder`` as it stands now as a package. For a background thread.

    Raises:
        ModelError: there is nothing to pass on yet, or it can't be packed.
        WorkspaceError: a file can't be read or written.
    """
    from desktop.actions.packages import ExportOptions, export_model_package
    from models.package import author_key

    options = ExportOptions(
        name=wish.name.strip(),
        version=wish.version.strip(),
        author=wish.author.strip(),
        license=wish.licence.strip(),
        description=wish.description.strip(),
        with_state=wish.learn,
        with_corrections=wish.corrections,
        key=author_key() if wish.sign else None,
    )
    export_model_package(folder, target, options)
