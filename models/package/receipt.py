"""What is written beside an installed model: where it came from, and what the person here calls it."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from models.workspace import atomic_file

__all__ = ["NAME", "RECEIPT", "Receipt", "read_name", "read_receipt", "write_name"]

RECEIPT = "package.json"
NAME = "name.txt"
"""Holds what the person here calls the model. Not in ``metadata.json``, which may be signed."""


class Receipt(BaseModel):
    """Of one import.

    Attributes:
        sha256: of the file that was imported.
        imported: ISO 8601 to the second, UTC without saying so.
        file: its name, without folder.
        signature: "valid", or "none" when there was none; what is invalid is not imported.
        author: what the signer is called, by the signer.
        fingerprint: of the signer's key.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    sha256: str
    imported: str
    file: str
    signature: Literal["valid", "none"] = "none"
    author: str = ""
    fingerprint: str = ""

    def to_json(self) -> bytes:
        """The content of ``package.json``."""
        return (json.dumps(self.model_dump(), indent=2) + "\n").encode("ascii")


def read_receipt(folder: Path) -> Receipt | None:
    """Of the model in ``folder``; None for one that was made here, or when it can't be read."""
    try:
        return Receipt.model_validate_json((folder / RECEIPT).read_bytes())
    except (OSError, ValidationError):
        return None


def read_name(folder: Path) -> str:
    """What the person here calls the model in ``folder``; "" when nothing else than its maker does."""
    with contextlib.suppress(OSError, ValueError):
        return (folder / NAME).read_text(encoding="utf-8").strip()
    return ""


def write_name(folder: Path, name: str) -> None:
    """Call the model in ``folder`` otherwise from now on.

    Raises:
        OSError: it can't be written.
    """
    with atomic_file(folder / NAME) as file:
        file.write(name.encode("utf-8") + b"\n")
