"""Where the traceback of every error goes: ``sortwerk.log`` in the workspace, at most two files of one megabyte."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

__all__ = ["FILE", "start"]

FILE = "sortwerk.log"


class _Log(RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class names it
        """A log that can't be written is gone without: it must not stop, or talk over, what it would tell about."""


def start(folder: Path) -> None:
    """Write warnings and errors of this process to the log in ``folder``; nothing is written before the first one."""
    handler = _Log(
        folder / FILE, maxBytes=1 << 20, backupCount=1, encoding="utf-8", errors="backslashreplace", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    logging.getLogger().addHandler(handler)
    logging.captureWarnings(capture=True)  # of libraries about odd files: for the log, not for a terminal
