"""The files of target pictures: reading them, and whether one can be the target of a picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.labelling.editor import Subject
from models.errors import FileError

if TYPE_CHECKING:  # NumPy comes with them
    from training.datasets.values import Target
    from training.labelling.drafts import GivenTarget

__all__ = ["target_data", "target_fit"]

_LIKE = 0.01
"""How far width / height may differ, as a share, for two pictures to show one thing at two sizes."""


def target_data(target: Target | GivenTarget, subject: Subject) -> bytes:
    """The file of a target. Raises ``SortwerkError``."""
    from models.sources import Source
    from training.labelling.drafts import GivenTarget

    if isinstance(target, GivenTarget):
        return target.data
    return subject.read(target.blob) if target.blob else Source(Path(target.path)).read_picture()


def target_fit(data: bytes, subject: Subject) -> tuple[str, str]:
    """Why a file can't be a target of ``subject``, or what to know of it; sentences, "" for nothing."""
    from models.images.decode import decode

    try:
        picture = decode(data, "The picture", max_side=64)
    except FileError as error:
        return str(error), ""
    width, height = picture.width, picture.height
    if (width, height) == (subject.width, subject.height) or not subject.width:
        return "", ""
    said = f"The target is {width:,} × {height:,} pixels and {subject.name} is {subject.width:,} × {subject.height:,}"
    if abs(width * subject.height / (height * subject.width) - 1) <= _LIKE:
        return "", f"{said}; it is stretched where the two are compared."
    return f"{said}; choose a picture of the same size.", ""
