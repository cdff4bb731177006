"""One window for packages: a second ``sortwerk FILE.ps2model`` hands its files to the window that is open.

Over a local socket (a named pipe on Windows) whose name and secret lie in the workspace, readable by its owner alone.
No Qt. Two windows on one workspace are fine otherwise; this is for the double click on a package.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from models.errors import WorkspaceError
from models.workspace import atomic_file

__all__ = ["Door", "hand_over"]

FILE = "window.json"
_TAKEN = "taken"
_LONGEST = 1 << 20  # bytes of a message
_TROUBLE = (OSError, EOFError, ValueError, KeyError, TypeError, AuthenticationError)


class Door:
    """Takes what other starts of the program hand over, in a thread of its own.

    Args:
        folder: the workspace.
        on_paths: is given absolute paths, in that thread.

    Raises:
        WorkspaceError: the workspace can't be written.
    """

    def __init__(self, folder: Path, on_paths: Callable[[list[Path]], None]) -> None:
        self._folder = folder
        self._on_paths = on_paths
        secret = secrets.token_bytes(32)
        self._open = True
        try:
            # A name that Python makes: short enough for every system, in a folder of this user's own
            self._listener = Listener(authkey=secret, family="AF_PIPE" if sys.platform == "win32" else "AF_UNIX")
            self._note = {"address": str(self._listener.address), "secret": secret.hex(), "process": os.getpid()}
            with atomic_file(folder / FILE) as file:
                if os.name != "nt":
                    os.fchmod(file.fileno(), 0o600)
                file.write(json.dumps(self._note).encode())
        except OSError as error:
            listener = getattr(self, "_listener", None)
            if listener is not None:
                listener.close()
            raise WorkspaceError(
                f"Packages that are opened from elsewhere open a window of their own: {folder} can't be written."
            ) from error
        self._thread = threading.Thread(target=self._serve, name="door", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take nothing more."""
        self._open = False
        with contextlib.suppress(*_TROUBLE), Client(self._listener.address, authkey=self._secret) as wake:
            wake.send_bytes(b"[]")  # accepting can't be interrupted otherwise
        self._thread.join()
        self._listener.close()
        with contextlib.suppress(*_TROUBLE):
            if json.loads((self._folder / FILE).read_bytes()) == self._note:  # else of a window opened later
                (self._folder / FILE).unlink()

    @property
    def _secret(self) -> bytes:
        return bytes.fromhex(str(self._note["secret"]))

    def _serve(self) -> None:
        while self._open:
            with contextlib.suppress(*_TROUBLE), self._listener.accept() as connection:
                self._take(connection)

    def _take(self, connection: Connection[Any, Any]) -> None:
        paths = [Path(name) for name in json.loads(connection.recv_bytes(_LONGEST)) if isinstance(name, str)]
        if self._open and paths and all(path.is_absolute() for path in paths):
            self._on_paths(paths)
            connection.send_bytes(_TAKEN.encode())


def hand_over(folder: Path, paths: Sequence[Path]) -> bool:
    """Give ``paths`` to the window that has the workspace ``folder`` open; whether there is one that took them."""
    try:
        note = json.loads((folder / FILE).read_bytes())
        with Client(note["address"], authkey=bytes.fromhex(note["secret"])) as connection:
            connection.send_bytes(json.dumps([str(path.absolute()) for path in paths]).encode())
            return bool(connection.poll(5.0) and connection.recv_bytes(_LONGEST) == _TAKEN.encode())
    except _TROUBLE:
        return False  # no window, or one that was killed and has left its note
