"""``handover.json`` in a run folder: that its model was handed over, and what came of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from models.errors import WorkspaceError
from models.workspace import atomic_file, reason

__all__ = ["HandedOver", "handed_over", "keep"]

_FILE = "handover.json"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What became of a run's model.

    Attributes:
        folder: of the installed model; None where it was not to be installed, or is not there any more.
        package: the ``.ps2model`` in the run folder.
        name: of the model.
        images: real pictures on which PyTorch and ONNX Runtime were compared.
        largest_difference: of two numbers in their answers.
        output: the output in which it was.
        quantised: "fp16" or "int8" where the network was made smaller; "none".
        sentences: what else there is to say, such as why it was not made smaller.
    """

    folder: Path | None
    package: Path
    name: str
    images: int
    largest_difference: float
    output: str
    quantised: str = "none"
    sentences: tuple[str, ...] = ()


def handed_over(run: Path) -> HandedOver | None:
    """What was done with the model of the run in ``run``; None when nothing was, or its package is gone."""
    try:
        said = json.loads((run / _FILE).read_bytes())
        folder = Path(said["folder"]) if said["folder"] else None
        done = HandedOver(
            folder=folder if folder is not None and (folder / "metadata.json").is_file() else None,
            package=run / said["package"],
            name=str(said["name"]),
            images=int(said["images"]),
            largest_difference=float(said["largest_difference"]),
            output=str(said["output"]),
            quantised=str(said["quantised"]),
            sentences=tuple(map(str, said["sentences"])),
        )
    except (OSError, ValueError, LookupError, TypeError):
        return None
    return done if done.package.is_file() else None


def keep(run: Path, done: HandedOver) -> None:
    """Remember ``done`` in the run folder, in place of what was there.

    Raises:
        WorkspaceError: it can't be written.
    """
    fields = asdict(replace(done, package=done.package.relative_to(run)))
    try:
        with atomic_file(run / _FILE) as file:
            file.write((json.dumps(fields, indent=2, ensure_ascii=False, default=str) + "\n").encode())
    except OSError as error:
        raise WorkspaceError(f"{run} can't be written ({reason(error)}); make room for it.") from error
