"""The first import of the heavy libraries, by one thread alone.

Jobs import what they need when they run. Where two threads begin with the same packages at once, Python breaks the
dead lock that their circles of modules would be by handing one of them a module that is not finished, which then fails
with an ImportError. So whoever comes first imports, and the others wait.
"""

from __future__ import annotations

import threading

__all__ = ["import_libraries"]

_lock = threading.Lock()


def import_libraries() -> None:
    """Import NumPy, OpenCV and pydantic with all that the program's models need of them. For background threads."""
    with _lock:
        import cv2  # noqa: F401

        import models.spec  # noqa: F401
