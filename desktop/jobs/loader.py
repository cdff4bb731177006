"""Loads what is on screen, nearest first, in one thread; what has scrolled away in the meantime is not loaded."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from desktop.jobs.importing import import_libraries
from models.errors import SortwerkError

__all__ = ["Loader"]

_log = logging.getLogger(__name__)

Value = TypeVar("Value")


class Loader(QObject, Generic[Value]):
    """Calls ``load(key)`` in its thread for each wanted key.

    Args:
        load: makes a value; None or an exception means that there is none to be had.
        on_loaded: called on the GUI thread with the key and the value, or None.
    """

    _loaded = Signal(int, object)

    def __init__(
        self,
        load: Callable[[int], Value | None],
        on_loaded: Callable[[int, Value | None], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._wanted: list[int] = []
        self._changed = threading.Condition()
        self._open = True
        self._loaded.connect(on_loaded, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name="loader", daemon=True)
        self._thread.start()

    def want(self, keys: Sequence[int]) -> None:
        """Load ``keys``, first ones first, in place of what was wanted so far."""
        with self._changed:
            self._wanted = list(reversed(keys))
            self._changed.notify()

    def close(self) -> None:
        """Stop after the value that is being loaded."""
        with self._changed:
            self._open = False
            self._wanted = []
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._wanted or not self._open)
                if not self._open:
                    return
                key = self._wanted.pop()
            try:
                import_libraries()
                value = self._load(key)
            except SortwerkError:
                value = None  # told elsewhere: the same file fails in the job that looks at it
            except Exception:  # one picture that can't be shown must not end the loading of all others
                _log.exception("loading %d failed", key)
                value = None
            if self._open:
                self._loaded.emit(key, value)
