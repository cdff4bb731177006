"""A dropped model of PyTorch's or TensorFlow's on its way to the import assistant: what is known of it. No Qt.

What takes long is for a background thread. The ONNX file lies in a folder of its own, which goes with :meth:`close`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from models.progress import Progress

if TYPE_CHECKING:  # NumPy and pydantic come with them
    from desktop.actions.converting import Converted
    from models.worker import Step

__all__ = ["Converting", "Question", "known_architectures", "notes_of"]


@dataclass(frozen=True, slots=True)
class Question:
    """A person has to say of which architecture a file of weights is.

    Attributes:
        sentence: why that can't be known.
        candidates: which come into question; () for any.
    """

    sentence: str
    candidates: tuple[str, ...] = ()


@dataclass(slots=True)
class Converting:
    """One conversion after another.

    Attributes:
        made: what came of the latest one, until :meth:`close`.
    """

    made: Converted | None = None
    _kept: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def convert(
        self, path: Path, architecture: str, *, cancel: threading.Event, on_progress: Callable[[Progress, str], None]
    ) -> Converted | Question:
        """Turn ``path`` into an ONNX file; for a background thread.

        Args:
            path: of a model that has to be converted.
            architecture: what the person says; "" to recognise it.
            cancel: set it from another thread to stop.
            on_progress: how far it is, and what is being done.

        Raises:
            EngineError: no engine is there that could.
            ModelError: it is refused, or answers otherwise than its original.
            WorkerError: it crashed the engine's process, or took too much.
            Cancelled: ``cancel`` was set.
        """
        from desktop.actions.converting import converted
        from models.errors import UnknownArchitectureError

        def step(now: Step) -> None:
            total = round(now.total) if now.total is not None else None
            on_progress(Progress(round(now.done), total, 0, 0.0, None), now.words)

        self.close()
        work = converted(path, architecture=architecture.strip(), cancel=cancel, on_progress=step)
        try:
            self.made = self._kept.enter_context(work)
        except UnknownArchitectureError as error:
            return Question(str(error), error.candidates)
        return self.made

    def close(self) -> None:
        """Remove the ONNX file of the latest conversion: it is installed, or not wanted."""
        self.made = None
        self._kept.close()


def notes_of(made: Converted, original: Path) -> list[tuple[str, str]]:
    """What a person should know of a conversion, as rows of a name and words."""
    worst = made.largest
    return [
        ("Made from", original.name),
        ("Network", made.architecture),
        ("Off by", f"{worst.largest:.1e} at most, in numbers up to {worst.high:.3g}"),
    ]


def known_architectures() -> list[str]:
    """What a person may type as an architecture; reads one small file."""
    from desktop.actions.converting import architectures

    return architectures()
