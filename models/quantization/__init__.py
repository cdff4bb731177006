"""Make a model smaller or faster, and only if it goes on saying the same: INT8, half floats, ONNX Runtime's own form.

    done = quantize(folder, out, "int8", pictures, tolerance=1.0)
    print(done.size_before, done.size_after, done.heads[0].agreement)

``convert.py`` writes the new network, ``child.py`` does so in a child process (``models.worker``) and compares the two.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from models.errors import ModelError, WorkspaceError
from models.library import STARTER, network_file, on_bundled, readable_spec
from models.quantization.convert import HOWS, WORDS, How, file_name
from models.spec import Accuracy, ModelSpec
from models.worker import Limits, Step, run_task

__all__ = ["HOWS", "LIMITS", "TOLERANCE", "HeadChange", "How", "Quantized", "quantize"]

TOLERANCE = 1.0
"""Points of a hundred that a model may lose."""

LIMITS = Limits(memory=6 << 30, seconds=3600.0, threads=2)

_CALIBRATION = 100
"""Pictures to find ranges by; the bundled network's were found with 256, and 100 made no difference."""

_TESTED = 1000
_FEW = 20
"""Under this, the same pictures calibrate and compare."""

_SPLIT = "own pictures"


@dataclass(frozen=True, slots=True)
class HeadChange:
    """What became of one head.

    Attributes:
        name: of the head.
        kind: of the head.
        agreement: how far it says what the original says, 0 to 1; of what, ``words`` says.
        difference: the largest in one picture (``models.agreement.Agreement``).
        words: such as "same category".
        labelled: pictures whose label is known; 0 without labels, or for a head they are not about.
        before: how many of them the original gets right.
        after: how many the new one gets right.
    """

    name: str
    kind: str
    agreement: float
    difference: float
    words: str
    labelled: int = 0
    before: int = 0
    after: int = 0

    @property
    def lost(self) -> float:
        """Points of a hundred: of accuracy where there are labels, else of agreement."""
        if self.labelled:
            return 100 * (self.before - self.after) / self.labelled
        return 100 * (1 - self.agreement)


@dataclass(frozen=True, slots=True)
class Quantized:
    """The new model, and what changed.

    Attributes:
        folder: of the new model: its network and ``metadata.json``.
        spec: of the new model.
        how: what it was made into.
        size_before: bytes of the network.
        size_after: likewise.
        p50_before: milliseconds for one picture, with one thread, that half of the runs stay under.
        p50_after: likewise.
        speed: how many times as fast it is; measured in turns.
        calibrated: pictures that the ranges were found with.
        pictures: that both were asked about.
        heads: of the model, in its order.
    """

    folder: Path
    spec: ModelSpec
    how: How
    size_before: int
    size_after: int
    p50_before: float
    p50_after: float
    speed: float
    calibrated: int
    pictures: int
    heads: tuple[HeadChange, ...]


def quantize(
    folder: Path | None,
    out: Path,
    how: How,
    pictures: Sequence[Path],
    labels: Sequence[str | None] | None = None,
    *,
    head: str | None = None,
    tolerance: float = TOLERANCE,
    cancel: threading.Event | None = None,
    on_progress: Callable[[Step], None] | None = None,
    limits: Limits = LIMITS,
) -> Quantized:
    """Convert the network of a model, measure what it costs in answers, and write the new model if it is little enough.

    Args:
        folder: of the model; None for the starter model.
        out: folder of the new model, which must not exist; its parent does.
        how: "int8", "fp16" or "ort".
        pictures: files such as the model will see. From 20 on, INT8 takes up to a hundred of them to calibrate, and the
            comparison has the others.
        labels: for each picture what it is, None where that is not known; None without labels.
        head: that the labels are about; None for the first of kind "categories".
        tolerance: points of accuracy, or of agreement with the original where there are no labels, that may be lost.
        cancel: set it to stop.
        on_progress: called in this thread.
        limits: of the child process.

    Raises:
        ModelError: there is nothing to convert, it can't be converted, or too much is lost; nothing is written then.
        WorkerError: the child process crashed or went past a limit.
        WorkspaceError: ``out`` is there, or can't be written.
        Cancelled: ``cancel`` was set.
    """
    place = folder or STARTER
    spec = _convertible(place)
    if not pictures:
        raise ModelError("There are no pictures to try it on; name a folder with some that the model is for.")
    about = _labelled_head(spec, head) if labels is not None else None
    calibrate, test = _divided(len(pictures), calibrating=how == "int8")
    arguments = {
        "folder": str(place.resolve()),
        "how": how,
        "calibrate": [str(pictures[index].resolve()) for index in calibrate],
        "test": [str(pictures[index].resolve()) for index in test],
        "labels": [labels[index] for index in test] if labels is not None else None,
        "head": about,
    }
    with _staging(out) as staging:
        arguments["target"] = str(staging)
        found = run_task(
            "quantize", arguments, limits=limits, cancel=cancel, on_progress=on_progress, about=f"The model {spec.name}"
        )
        changes = tuple(_change(fields) for fields in found["heads"])
        _refuse_loss(spec, how, changes, int(found["pictures"]), tolerance)
        new = _new_spec(spec, network_file(place, spec), staging / file_name(how), how, changes, int(found["pictures"]))
        _write(staging / "metadata.json", new.to_json())
        _move(staging, out)
    return Quantized(
        out,
        new,
        how,
        int(found["size_before"]),
        int(found["size_after"]),
        found["p50_before"],
        found["p50_after"],
        found["speed"],
        int(found["calibrated"]),
        int(found["pictures"]),
        changes,
    )


def _convertible(folder: Path) -> ModelSpec:
    """The spec of a model with a network of its own."""
    spec = readable_spec(folder)
    if on_bundled(folder, spec):
        raise ModelError(
            f"{spec.name} stands on the bundled network, which is small and in 8 bits already; "
            "there is nothing to make smaller."
        )
    return spec


def _labelled_head(spec: ModelSpec, head: str | None) -> str | None:
    if head is None:
        return next((one.name for one in spec.heads if one.kind == "categories"), None)
    if head not in {one.name for one in spec.heads}:
        raise ModelError(f"{spec.name} has no question {head}; choose {', '.join(one.name for one in spec.heads)}.")
    return head


def _divided(count: int, *, calibrating: bool) -> tuple[list[int], list[int]]:
    """Indices of the pictures to calibrate on and of those to compare with, both evenly over all."""
    if not calibrating:
        return [], _spread(list(range(count)), _TESTED)
    if count < _FEW:
        return list(range(count)), list(range(count))
    chosen = set(_spread(list(range(count)), min(_CALIBRATION, count // 2)))
    return sorted(chosen), _spread([index for index in range(count) if index not in chosen], _TESTED)


def _spread(indices: list[int], most: int) -> list[int]:
    """At most ``most`` of them, at even distances."""
    if len(indices) <= most:
        return indices
    return [indices[place * len(indices) // most] for place in range(most)]


def _change(fields: Mapping[str, Any]) -> HeadChange:
    return HeadChange(
        fields["name"],
        fields["kind"],
        fields["share"],
        fields["difference"],
        fields["words"],
        int(fields.get("labelled", 0)),
        int(fields.get("before", 0)),
        int(fields.get("after", 0)),
    )


def _refuse_loss(spec: ModelSpec, how: How, changes: Sequence[HeadChange], pictures: int, tolerance: float) -> None:
    worst = max(changes, key=lambda one: one.lost)
    if worst.lost <= tolerance:
        return
    if worst.labelled:
        words = (
            f"gets {worst.after} instead of {worst.before} of {worst.labelled} pictures right for {worst.name}, "
            f"{worst.lost:.1f} points less"
        )
    else:
        words = (
            f"agrees with the original in {worst.agreement:.1%} ({worst.words}) for {worst.name} on {pictures} "
            f"pictures, {worst.lost:.1f} points less than all"
        )
    raise ModelError(
        f"{spec.name} as {WORDS[how]} {words}, and at most {tolerance:g} may be lost; nothing was written, so choose "
        "another form, more pictures, or a larger tolerance."
    )


def _new_spec(
    spec: ModelSpec, source: Path, target: Path, how: How, changes: Sequence[HeadChange], pictures: int
) -> ModelSpec:
    """What the new model says of itself: the same questions, and only figures that were measured on itself."""
    accuracy = [
        Accuracy(
            metric="agreement with the original",
            value=round(one.agreement, 6),
            images=pictures,
            split=_SPLIT,
            head=one.name,
        )
        for one in changes
    ]
    accuracy += [
        Accuracy(
            metric="top-1",
            value=round(one.after / one.labelled, 6),
            images=one.labelled,
            split=_SPLIT,
            head=one.name,
        )
        for one in changes
        if one.labelled
    ]
    fields = spec.model_dump(mode="json") | {
        "package_version": "1.1",
        "name": f"{spec.name[:180]} ({WORDS[how]})",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "format": "ort" if how == "ort" else "onnx",
        "model_hash": _sha256(target),
        "model_size": target.stat().st_size,
        "id": "",
        "backbone": None,
        "files": {},
        "accuracy": [one.model_dump(mode="json") for one in accuracy],
        "original": spec.model_hash or _sha256(source),
    }
    fields["heads"] = [head | {"state_hash": ""} for head in fields["heads"]]
    return ModelSpec.parse(fields, f"The model {spec.name}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextlib.contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """A hidden folder beside ``out``, gone afterwards unless it became ``out``."""
    if out.exists():
        raise WorkspaceError(f"{out} is there already; choose another folder.")
    staging = out.parent / f".{out.name}.partial"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
    except OSError as error:
        raise WorkspaceError(f"{out.parent} can't be written ({error.strerror}); choose another folder.") from error
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise WorkspaceError(f"{path} can't be written ({error.strerror}); make room for it.") from error


def _move(staging: Path, out: Path) -> None:
    try:
        staging.rename(out)
    except OSError as error:
        raise WorkspaceError(f"{out} can't be written ({error.strerror}); choose another folder.") from error
