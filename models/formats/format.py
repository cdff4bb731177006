"""What this program knows of a file format, whether it opens it or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from models.errors import ModelError, one_line

__all__ = ["Format", "Members"]

Members = frozenset[str]
"""Names in a zip, with forward slashes; none for anything else."""


def _nothing(path: Path) -> None:
    """There is nothing to look for."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format in which models come.

    Attributes:
        name: such as "onnx".
        title: what a person calls it, with its article: "an ONNX model".
        endings: of file names, in lower case with the dot; asked when no format's content says.
        matches: whether a file or folder is of this format by its content: its path, its first ``HEAD`` bytes (b"" of
            a folder), and the names in it when it is a zip.
        refusal: why it is not opened and what to do, as the end of a sentence that begins with the file's name; "" for
            what this program opens or converts.
        converter: the engine whose code turns it into ONNX, "torch" or "tensorflow"; "" for what needs none.
        check: looks into a file that is to be converted, without running anything of it, and raises ``ModelError`` for
            one that must not be opened, even by the engine.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    matches: Callable[[Path, bytes, Members], bool]
    refusal: str = ""
    converter: str = ""
    check: Callable[[Path], None] = _nothing

    def refuse(self, path: Path) -> ModelError:
        """The sentence for a file of a format that is not opened."""
        return ModelError(f"{one_line(path.name)} is {self.title}, {self.refusal}.")
