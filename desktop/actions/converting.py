"""A model of PyTorch's or TensorFlow's into an ONNX file, by an engine, compared with its original.

    with converted(Path("weights.pth")) as made:
        ...  # made.network is an ONNX file like any other

What is refused, and what answers otherwise than its original, leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import csv
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import EngineError, ModelError, UnknownArchitectureError, WorkspaceError, one_line
from models.formats import Format, recognise
from models.formats.onnx import LARGEST
from models.proposal.names import names_beside
from models.reference import Difference, compare
from models.worker import Limits, Step
from models.workspace import reason
from training.engine.availability import require
from training.engine.environment import Engine
from training.engine.places import disk_usage
from training.engine.running import own_sources, run_in_engine
from training.engine.variants import VARIANTS

__all__ = ["TOLERANCE", "Converted", "architectures", "convert", "converted", "wants_conversion"]

TOLERANCE = 1e-3
"""How far an answer may be from the original's, as a share of the largest number in it."""

_MEMORY = 4 << 30
"""Bytes for the libraries and their work, beside six times the file's size."""

_SECONDS = 900.0
_CATALOGUE = Path("training", "pytorch", "catalogue.csv")
"""Among the sources that an engine is lent; ``training.pytorch.catalogue`` writes it."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What came of a conversion.

    Attributes:
        network: the ONNX file.
        architecture: for people: what it is.
        differences: for each of its outputs, how far it is from the original's.
        reasons: what was decided and found, in sentences.
    """

    network: Path
    architecture: str
    differences: tuple[Difference, ...]
    reasons: tuple[str, ...]

    @property
    def largest(self) -> Difference:
        """The output that is farthest from the original's."""
        return _worst(self.differences)


def wants_conversion(path: Path) -> Format | None:
    """The format of ``path``, where an engine has to turn it into ONNX; None for what is opened as it is.

    Nothing in the file is run; one that must not be opened is refused here, before anybody is asked for an engine.

    Raises:
        ModelError: it is no model, or one that is not opened.
    """
    found = recognise(path)
    if found.refusal:
        raise found.refuse(path)
    if not found.converter:
        return None
    found.check(path)
    return found


@contextlib.contextmanager
def converted(
    path: Path,
    *,
    architecture: str = "",
    tolerance: float = TOLERANCE,
    engine: Engine | None = None,
    limits: Limits | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Iterator[Converted]:
    """As ``convert``, in a folder of its own that goes at the end."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="sortwerk-converted-"))
    except OSError as error:
        raise WorkspaceError(f"There is no room to convert {one_line(path.name)} ({reason(error)}).") from error
    try:
        yield convert(
            path,
            folder,
            architecture=architecture,
            tolerance=tolerance,
            engine=engine,
            limits=limits,
            cancel=cancel,
            on_progress=on_progress,
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def convert(
    path: Path,
    folder: Path,
    *,
    architecture: str = "",
    tolerance: float = TOLERANCE,
    engine: Engine | None = None,
    limits: Limits | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Converted:
    """Convert the model at ``path`` to an ONNX file of its name in ``folder``, and compare the two.

    Args:
        path: of a file or folder of a format that has a converter.
        folder: that is there; nothing stays in it when this fails.
        architecture: of weights, as timm or torchvision call it; "" to recognise it.
        tolerance: how far an answer may be from the original's, as a share of the largest number in it.
        engine: that does it; None for the one that is installed.
        limits: of memory and time; None for enough.
        cancel: set it from another thread to stop.
        on_progress: called in this thread.

    Raises:
        EngineError: no engine is there that could.
        UnknownArchitectureError: the architecture can't be recognised, or is one of several.
        ModelError: it is refused, can't be converted, or answers otherwise than its original.
        WorkerError: it crashed the engine's process, or took too much memory or time.
        WorkspaceError: the folder can't be written.
        Cancelled: ``cancel`` was set.
    """
    path = path.absolute()
    found = wants_conversion(path)
    if found is None:
        raise ModelError(f"{one_line(path.name)} needs no conversion; import it as it is.")
    if engine is None:
        engine = _engine(path, found)
    work = _Work(path, found, folder.absolute(), architecture, engine, limits or _limits(path), cancel, on_progress)
    try:
        return work.do(tolerance)
    except BaseException:
        for file in (work.target, work.reference):
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
        raise


def architectures() -> list[str]:
    """What timm and torchvision call the networks whose weights are recognised; [] where the list is lost."""
    try:
        with (own_sources() / _CATALOGUE).open(encoding="utf-8", newline="") as file:
            return sorted({row[1] for row in csv.reader(line for line in file if not line.startswith("#"))})
    except (OSError, IndexError):
        return []


@dataclass(frozen=True, slots=True)
class _Work:
    path: Path
    form: Format
    folder: Path
    architecture: str
    engine: Engine
    limits: Limits
    cancel: threading.Event | None
    on_progress: Callable[[Step], None] | None

    @property
    def target(self) -> Path:
        return self.folder / f"{_stem(self.path)}.onnx"

    @property
    def reference(self) -> Path:
        return self.folder / "reference.npz"

    def do(self, tolerance: float) -> Converted:
        said = self._run(one=False)
        try:
            differences = self._compare()
            fits = not any(one.problem for one in differences)
        except ModelError:
            fits = False
        if not fits:  # most likely one picture at a time is written into it
            said = self._run(one=True)
            differences = self._compare()
        _judge(self.path, differences, tolerance)
        self.reference.unlink(missing_ok=True)
        self._name_categories()
        return Converted(self.target, said["architecture"], tuple(differences), (*said["reasons"], _told(differences)))

    def _run(self, *, one: bool) -> dict[str, Any]:
        arguments = {
            "path": str(self.path),
            "format": self.form.name,
            "target": str(self.target),
            "reference": str(self.reference),
            "architecture": self.architecture,
            "one": one,
        }
        said: dict[str, Any] = run_in_engine(
            self.engine,
            "convert",
            arguments,
            limits=self.limits,
            cancel=self.cancel,
            on_progress=self.on_progress,
            about=one_line(self.path.name),
        )
        if "question" in said:
            raise UnknownArchitectureError(said["question"], tuple(said["candidates"]))
        if self.target.stat().st_size > LARGEST:
            raise ModelError(
                f"{one_line(self.path.name)} is larger than {LARGEST >> 20} MiB as ONNX, more than Sortwerk runs; "
                "choose a smaller one."
            )
        return said

    def _compare(self) -> list[Difference]:
        return compare(self.target, self.reference, cancel=self.cancel, about=one_line(self.path.name))

    def _name_categories(self) -> None:
        """A list of names beside the original is found by the import assistant beside the ONNX file."""
        names = names_beside(self.path)
        if names is not None and names.all:
            (self.folder / "labels.txt").write_text("\n".join(names.all), encoding="utf-8")


def _engine(path: Path, found: Format) -> Engine:
    """Raises ``EngineError`` with what the file is, and how to get what converts it."""
    try:
        return require(found.converter)
    except EngineError as error:
        library = VARIANTS[found.converter].title
        raise EngineError(
            f"{one_line(path.name)} is {found.title}, which {library} has to turn into ONNX: {error}"
        ) from error


def _limits(path: Path) -> Limits:
    size = disk_usage(path) if path.is_dir() else path.stat().st_size
    return Limits(memory=_MEMORY + 6 * size, seconds=_SECONDS)


def _stem(path: Path) -> str:
    return path.parent.name if path.name == "saved_model.pb" else path.stem or "model"


def _judge(path: Path, differences: Sequence[Difference], tolerance: float) -> None:
    """Raises ``ModelError`` where the two answer differently."""
    name = one_line(path.name)
    for one in differences:
        if one.problem:
            raise ModelError(
                f"{name} was converted, but the ONNX file's {one_line(one.name)} {one.problem}; it was not imported."
            )
    worst = _worst(differences)
    if worst.share > tolerance:
        raise ModelError(
            f"{name} was converted, but the ONNX file answers up to {worst.share:.2g} of the largest number otherwise "
            f"than the original, and {tolerance:g} is allowed; choose another tolerance or export it where it was made."
        )


def _worst(differences: Sequence[Difference]) -> Difference:
    return max(differences, key=lambda one: one.share)


def _told(differences: Sequence[Difference]) -> str:
    worst = _worst(differences)
    return (
        f"On made-up pictures the ONNX file and the original differ by {worst.largest:.2g} at most, in numbers up to "
        f"{worst.high:.3g}."
    )
