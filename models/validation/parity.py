"""Whether a model answers as the one that it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from models.agreement import agreement
from models.errors import ModelError
from models.heads import Result
from models.library import NETWORK
from models.spec import ModelSpec
from models.validation.check import PARITY, TOLERANCE, Check, failed, none, passed
from models.validation.samples import extremes, varied
from models.validation.subject import Subject

__all__ = ["check_parity", "difference"]

_PICTURES = 12


def difference(
    ones: Mapping[str, Sequence[Result]], others: Mapping[str, Sequence[Result]], spec: ModelSpec, count: int
) -> float:
    """The largest difference over all heads in the first ``count`` pictures, 0 to 1."""
    kinds = {head.name: head.kind for head in spec.heads}
    return max(
        (agreement(kinds[name], ones[name][:count], others[name][:count]).difference for name in ones), default=0.0
    )


def check_parity(subject: Subject, folder: Path | None, original: Path | None) -> Check:
    """Compare with the network that a model on the bundled backbone ships beside its heads, or with ``original``."""
    try:
        if subject.bundled and folder is not None and (folder / NETWORK).is_file():
            other, what = Subject(folder, own_network=True), "its model.onnx"
        elif original is not None:
            other = Subject(original)
            what = other.spec.name
        else:
            return none(PARITY, "no original at hand")
        if [(head.name, head.kind) for head in other.spec.heads] != [(h.name, h.kind) for h in subject.spec.heads]:
            return failed(PARITY, f"{what} answers other questions", "Get the model again.")
        pictures = [*varied(_PICTURES), *extremes().values()]
        answers = subject.answer(subject.prepared(pictures))
        theirs = other.answer(other.prepared(pictures))
    except ModelError as error:
        return failed(PARITY, str(error), "Get the model again.")
    if not answers.keys() & theirs.keys():
        return none(PARITY, "no head that can answer without what was taught")
    apart = difference(answers, theirs, subject.spec, len(pictures))
    figure = f"{apart:.4f} apart at most from {what}, in {len(pictures)} pictures"
    if apart > TOLERANCE:
        return failed(PARITY, figure, f"More than {TOLERANCE:g}: convert it again, with more pictures to calibrate on.")
    return passed(PARITY, figure)
