"""The one exception tree. ``str(error)`` is always one sentence a person can act on; tracebacks go to the log.

SortwerkError
├── FileError                 one file gives no answer; the batch goes on
│   ├── UnreadableFileError   the system won't hand over its bytes (permission, vanished, a device)
│   ├── EmptyFileError        zero bytes
│   ├── UnknownFormatError    not a picture this program knows
│   ├── DamagedImageError     a known format whose content is cut off or broken
│   ├── ImageTooLargeError    more pixels or bytes than is safe to open
│   └── ArchiveError          a zip, or a member of one, that is refused
├── ModelError                a model can't be loaded or run
│   └── UnknownArchitectureError  a person has to say of which network weights are
├── OnlineError               a model on a server gives no answer; the offline one still does
├── WorkerError               a child process has crashed, or went past what it was allowed
├── EngineError               PyTorch or TensorFlow can't be installed, proved or found beside the program
├── WorkspaceError            the workspace folder or its database can't be used
├── LabelError                what a person calls something can't be, or is not there
├── DatasetError              a dataset can't be made, changed or read as asked
├── TrainingError             a training can't be set up, started, read or go on
├── CameraError               a camera, a video or a sequence of pictures gives none
├── SortingError              a sorting can't begin, or has stopped; no file is lost
└── Cancelled                 the person stopped the work; not a fault
"""

from __future__ import annotations

from pathlib import PurePath

__all__ = [
    "ArchiveError",
    "CameraError",
    "Cancelled",
    "DamagedImageError",
    "DatasetError",
    "EmptyFileError",
    "EngineError",
    "FileError",
    "ImageTooLargeError",
    "LabelError",
    "ModelError",
    "OnlineError",
    "SortingError",
    "SortwerkError",
    "TrainingError",
    "UnknownArchitectureError",
    "UnknownFormatError",
    "UnreadableFileError",
    "WorkerError",
    "WorkspaceError",
]


class SortwerkError(Exception):
    """Base of everything this program raises on purpose. ``str()`` is one sentence."""


class FileError(SortwerkError):
    """One file gives no answer.

    Args:
        name: the file's name as the person knows it (no folder needed; the list shows it).
        reason: what is wrong, as the end of a sentence that starts with the name ("is empty (0 bytes)").
        advice: what to do, as a clause of its own ("copy it again from where it came from").
    """

    def __init__(self, name: str, reason: str, advice: str) -> None:
        self.name = one_line(name)
        self.reason = reason
        self.advice = advice
        super().__init__(f"{self.name} {reason}; {advice}.")


class UnreadableFileError(FileError):
    """The system won't hand over the bytes."""


class EmptyFileError(FileError):
    """Zero bytes."""


class UnknownFormatError(FileError):
    """Not a picture this program knows."""


class DamagedImageError(FileError):
    """A known format whose content is cut off or broken."""


class ImageTooLargeError(FileError):
    """More pixels or bytes than is safe to open."""


class ArchiveError(FileError):
    """A zip, or a member of one, that is refused."""


class ModelError(SortwerkError):
    """A model can't be loaded or run."""


class UnknownArchitectureError(ModelError):
    """A person has to say of which network some weights are.

    Args:
        sentence: why it can't be known.
        candidates: which come into question, by the names that timm or torchvision has for them; () for any.
    """

    def __init__(self, sentence: str, candidates: tuple[str, ...] = ()) -> None:
        self.candidates = candidates
        super().__init__(sentence)


class OnlineError(SortwerkError):
    """A model on a server gives no answer, or must not be asked. The sentence never holds the key."""


class WorkerError(SortwerkError):
    """A child process gave no result.

    Args:
        sentence: what happened and what to do.
        reason: "signal" (a crash), "exit" (it ended without an answer), "memory" or "time" (it went past a limit),
            "start" (it could not be started), "protocol" (it says what this program does not understand), "fault" (an
            unexpected exception in it).
    """

    def __init__(self, sentence: str, reason: str) -> None:
        self.reason = reason
        super().__init__(sentence)


class EngineError(SortwerkError):
    """PyTorch or TensorFlow can't be installed, proved or found beside the program."""


class WorkspaceError(SortwerkError):
    """The workspace folder or its database can't be used."""


class LabelError(SortwerkError):
    """What a person calls something can't be called so, or there is no such thing."""


class DatasetError(SortwerkError):
    """A dataset can't be made, changed or read as asked; nothing is changed."""


class TrainingError(SortwerkError):
    """A training can't be set up, started, read or go on as asked."""


class CameraError(SortwerkError):
    """A camera, a video or a sequence of pictures gives none."""


class SortingError(SortwerkError):
    """A sorting of files can't begin, or has stopped; no file is lost."""


class Cancelled(SortwerkError):
    """The person stopped the work. Not a fault: shown nowhere as one."""


def one_line(text: str | PurePath) -> str:
    """``text`` fit for one line of a list: control characters (newlines too) become visible escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "replace").decode("ascii") for c in str(text))


def words_of(error: BaseException, *, last: bool = False) -> str:
    """What a library's exception says, as part of a sentence: its first line or its last; its kind if it is silent."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return one_line(lines[-1 if last else 0])[:160].rstrip(".") if lines else type(error).__name__
