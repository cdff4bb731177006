"""The key with which this person signs models: in the workspace, readable for its owner alone."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from models import signing, workspace
from models.errors import WorkspaceError

__all__ = ["AuthorKey", "author_key"]

FILE = "author.key"


@dataclass(frozen=True, slots=True)
class AuthorKey:
    """A key pair.

    Attributes:
        private: ``signing.KEY_BYTES`` bytes that are shown to nobody.
    """

    private: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """What an author tells others, so that they know the key again."""
        return signing.fingerprint(signing.public_key(self.private))


def author_key(*, create: bool = True) -> AuthorKey | None:
    """This person's key; made at the first wish, None when there is none and ``create`` is False.

    Raises:
        WorkspaceError: it can't be read or written, or is damaged.
    """
    path = workspace.folder() / FILE
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except FileNotFoundError:
        return _made(path) if create else None
    except OSError as error:
        raise WorkspaceError(
            f"{path} can't be read ({workspace.reason(error)}); check that you may open it."
        ) from error
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != signing.KEY_BYTES:
        raise WorkspaceError(f"{path}, your key, is damaged; put a copy of it back, or delete it to get a new one.")
    return AuthorKey(key)


def _put(beside: Path, path: Path) -> None:
    """Make ``beside`` the key, unless there is one by now."""
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without hard links
        if not path.exists():
            beside.replace(path)


def _made(path: Path) -> AuthorKey | None:
    """Written beside and linked into place: of two windows that make one at a time, one wins and both have it."""
    key = signing.new_key()
    beside = path.with_name(f".{FILE}-{secrets.token_hex(8)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(base64.b64encode(key) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            _put(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"Your key could not be written to {path} ({workspace.reason(error)}); make room or check the folder."
        ) from error
    return author_key(create=False)
