"""Acts that could not be saved, in a file of the workspace until they are: one file a running program. No Qt.

At the next start whoever comes first takes in what a program that has ended left behind.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop.pages.dataset.label_acts import Act
from models.errors import DatasetError, SortwerkError, WorkspaceError
from models.workspace import atomic_file, reason

if TYPE_CHECKING:  # NumPy comes with it
    from training.labelling.drafts import Draft, GivenTarget

__all__ = ["Journal"]

_log = logging.getLogger(__name__)
_NAME = "unsaved-labels."
_FORM = 1


class Journal:
    """The file of this program.

    Args:
        folder: the workspace.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / f"{_NAME}{_owner(os.getpid())}.json"

    def write(self, acts: Sequence[Act]) -> None:
        """Keep ``acts`` in place of what was kept; none removes the file.

        Raises:
            WorkspaceError: it can't be written.
        """
        try:
            if acts:
                numbers = {act: place for place, act in enumerate(acts)}
                data = json.dumps({"form": _FORM, "acts": [_packed(act, numbers) for act in acts]}).encode()
                with atomic_file(self.path) as file:
                    file.write(data)
            else:
                self.path.unlink(missing_ok=True)
        except OSError as error:
            raise WorkspaceError(
                f"{self.path} can't be written ({reason(error)}); leave Sortwerk open, and free some space."
            ) from error

    def left_behind(self) -> list[tuple[Path, list[Act]]]:
        """The files of programs that have ended, with their acts, oldest first. Delete each once its acts are saved.

        An act that is in several files, as one program took in what another had left, is the same there.

        One that can't be read stays where it is, and is named in the log.
        """
        found: list[tuple[Path, list[Act]]] = []
        known: dict[str, Act] = {}
        for path in sorted(self._folder.glob(f"{_NAME}*.json"), key=lambda one: one.stat().st_mtime_ns):
            if path == self.path or _runs(path.name.removeprefix(_NAME).removesuffix(".json")):
                continue
            try:
                acts: list[Act] = []
                data = json.loads(path.read_bytes())
                for one in data["acts"]:
                    act = _unpacked(one, acts)
                    acts.append(known.setdefault(act.key, act))
            except (OSError, KeyError, TypeError, ValueError, IndexError, zlib.error, SortwerkError):
                _log.exception("%s can't be read", path)
            else:
                found.append((path, acts))
        return found


def _owner(process: int) -> str:
    """A process that no later one can be taken for."""
    import psutil

    try:
        return f"{process}-{round(psutil.Process(process).create_time())}"
    except psutil.Error:
        return f"{process}-0"


def _runs(owner: str) -> bool:
    process, _, _ = owner.partition("-")
    return process.isdecimal() and _owner(int(process)) == owner


def _packed(act: Act, numbers: dict[Act, int]) -> dict[str, Any]:
    bases: dict[str, Any] = {}
    for item, base in act.bases.items():
        if isinstance(base, Act) and base in numbers:
            bases[str(item)] = {"act": numbers[base]}
        else:
            bases[str(item)] = {"text": base.text(item) if isinstance(base, Act) else base}
    return {
        "dataset": act.dataset,
        "head": act.head,
        "labels": {str(item): _packed_draft(draft) for item, draft in act.labels.items()},
        "words": act.words,
        "bases": bases,
        "categories": list(act.categories),
        "annotator": act.annotator,
        "key": act.key,
    }


def _unpacked(data: dict[str, Any], before: list[Act]) -> Act:
    bases: dict[int, str | Act | None] = {}
    for item, base in data["bases"].items():
        bases[int(item)] = before[base["act"]] if "act" in base else base["text"]
    return Act(
        dataset=data["dataset"],
        head=data["head"],
        labels={int(item): _unpacked_draft(draft) for item, draft in data["labels"].items()},
        words=data["words"],
        bases=bases,
        categories=tuple(data["categories"]),
        annotator=data["annotator"],
        key=data["key"],
    )


def _packed_draft(draft: Draft | None) -> dict[str, Any] | None:
    from training.datasets.values import to_text
    from training.labelling.drafts import CompressedMask, GivenTarget, GivenTargets, MadePicture, PaintedMask

    if draft is None:
        return None
    if isinstance(draft, CompressedMask):
        draft = draft.painted()
    if isinstance(draft, PaintedMask):
        height, width = draft.indices.shape
        return {"mask": _text(zlib.compress(draft.indices.tobytes(), 1)), "width": width, "height": height}
    if isinstance(draft, MadePicture):
        draft = GivenTargets((GivenTarget(draft.png, draft.role),))
    if isinstance(draft, GivenTargets):
        return {"targets": [_packed_target(one) for one in draft.targets]}
    return {"kind": draft.kind, "value": to_text(draft)}


def _packed_target(one: object) -> dict[str, Any]:
    from training.datasets.values import Target
    from training.labelling.drafts import GivenTarget

    if isinstance(one, GivenTarget):
        return {"data": _text(one.data), "role": one.role, "params": dict(one.params)}
    if isinstance(one, Target):
        return {"target": one.to_json()}
    raise DatasetError("A target picture is of no known form; give it anew.")


def _unpacked_draft(data: dict[str, Any] | None) -> Draft | None:
    import numpy as np

    from training.datasets.values import Target, from_text
    from training.labelling.drafts import GivenTarget, GivenTargets, PaintedMask

    if data is None:
        return None
    if "mask" in data:
        flat = np.frombuffer(zlib.decompress(base64.b64decode(data["mask"])), np.uint8)
        return PaintedMask(flat.reshape(data["height"], data["width"]))
    if "targets" in data:
        targets: list[Target | GivenTarget] = [
            GivenTarget(base64.b64decode(one["data"]), one["role"], one["params"])
            if "data" in one
            else Target.from_json(one["target"])
            for one in data["targets"]
        ]
        return GivenTargets(tuple(targets))
    return from_text(data["kind"], data["value"])


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
