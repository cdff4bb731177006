"""In which formats models come: one module a format, and the table of them all. ``onnx`` is the one that is opened;
others are turned into it by an engine.

A file is judged by its content first, then by its ending: a name is easily wrong, and with a foreign file it may be so
on purpose.
"""

from __future__ import annotations

from pathlib import Path

from models import archives
from models.errors import FileError, ModelError, one_line
from models.files import open_regular, trouble
from models.formats.checkpoint import FORMATS as CHECKPOINTS
from models.formats.format import Format, Members
from models.formats.frozen_graph import FORMATS as FROZEN_GRAPHS
from models.formats.keras_h5 import FORMATS as KERAS_H5
from models.formats.keras_zip import FORMATS as KERAS_ZIPS
from models.formats.onnx import FORMATS as ONNX
from models.formats.ort import FORMATS as ORT
from models.formats.ps2model import FORMATS as PACKAGES
from models.formats.python_pickle import FORMATS as PICKLES
from models.formats.safetensors import FORMATS as SAFETENSORS
from models.formats.saved_model import FORMATS as SAVED_MODELS
from models.formats.tflite import FORMATS as TFLITE
from models.formats.torchscript import FORMATS as TORCHSCRIPT

__all__ = ["FORMATS", "HEAD", "Format", "recognise"]

FORMATS: tuple[Format, ...] = (
    *PACKAGES,
    *TORCHSCRIPT,
    *CHECKPOINTS,
    *PICKLES,
    *SAFETENSORS,
    *SAVED_MODELS,
    *FROZEN_GRAPHS,
    *KERAS_H5,
    *KERAS_ZIPS,
    *TFLITE,
    *ORT,
    *ONNX,
)
"""All of them, in the order in which they are asked. ONNX comes last: its content is the least sure to tell."""

HEAD = 4096
"""Bytes from the beginning of a file that a format may look at."""


def recognise(path: Path) -> Format:
    """The format of the file or folder at ``path``; whether it is opened, its ``refusal`` says.

    Raises:
        ModelError: it can't be read, is empty, or is nothing that this program knows.
    """
    name = one_line(path.name or str(path))
    try:
        folder = path.is_dir()
        head, members = (b"", frozenset()) if folder else _look(path)
    except (OSError, ValueError) as error:
        raise ModelError(str(trouble(path, error))) from error
    except FileError as error:
        raise ModelError(str(error)) from error
    if not folder and not head:
        raise ModelError(f"{name} is empty (0 bytes); get the model again.")
    for one in FORMATS:
        if one.matches(path, head, members):
            return one
    if folder:
        raise ModelError(f"{name} is a folder without a model in it; choose the file of the model.")
    for one in FORMATS:
        if path.suffix.lower() in one.endings:
            return one
    raise ModelError(f"{name} is no model that Sortwerk knows; choose an ONNX file (.onnx) or a package (.ps2model).")


def _look(path: Path) -> tuple[bytes, Members]:
    """The first bytes of a file, and the names in it when it is a zip."""
    with open_regular(path) as file:
        head = file.read(HEAD) or b""
        listed = archives.members(file, path.name) if archives.is_zip(head) else ()
        return head, frozenset(inner for inner, _ in listed)
