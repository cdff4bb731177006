"""TorchScript: a network with its code, in a zip with ``constants.pkl``. The engine runs it in PyTorch's own small
interpreter, which knows no Python; but a few of its operators reach files.
"""

from __future__ import annotations

import re
from pathlib import Path

from models import archives
from models.errors import ArchiveError, FileError, ModelError, one_line
from models.files import open_regular, trouble
from models.formats.format import Format, Members
from models.formats.pickle_scan import named

__all__ = ["FORMATS"]

_REACHES_FILES = re.compile(rb"\b(?:torch|aten)\.(save|from_file)\b")
"""Operators that write or read files of the person's, as TorchScript's code spells them."""

_LONGEST_CODE = 64 << 20


def _matches(path: Path, head: bytes, members: Members) -> bool:
    return named(members, "constants.pkl") and (named(members, "data.pkl") or named(members, "version"))


def _check(path: Path) -> None:
    """Raises ``ModelError`` for one whose code reaches files: some of it runs as soon as it is opened."""
    name = one_line(path.name)
    try:
        with open_regular(path) as file:
            for inner, member in archives.members(file, path.name):
                if isinstance(member, ArchiveError) or not inner.endswith(".py") or member.size == 0:
                    continue
                if member.size > _LONGEST_CODE:
                    raise ModelError(f"{name} holds more code than any network needs; don't use it.")
                if found := _REACHES_FILES.search(archives.read(file, member, path.name)):
                    reached = f"torch.{found[1].decode()}"
                    raise ModelError(
                        f"{name} reaches for files on this computer ({reached}), which no network needs; don't use it."
                    )
    except (OSError, ValueError) as error:
        raise ModelError(str(trouble(path, error))) from error
    except FileError as error:
        raise ModelError(str(error)) from error


FORMATS = (Format("torchscript", "a TorchScript model", (), _matches, converter="torch", check=_check),)
