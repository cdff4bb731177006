"""A network without metadata: what can be said of it without knowing what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ModelError
from models.inference import OnnxInferenceSession, TensorFacts
from models.validation import memory
from models.validation.check import (
    BATCHES,
    FINITE,
    LATENCY,
    LOADS,
    MEMORY,
    MOST_MEMORY,
    MOST_MS,
    SHAPES,
    Check,
    failed,
    none,
    passed,
)
from models.validation.timing import measure

__all__ = ["check_plain", "network_alone"]

_SIDE = 224
"""What is tried where the network leaves the sides of pictures open."""

_IMPORT = "Import it, so that its input, its output and its categories are known."


def check_plain(path: Path, bare: int) -> list[Check]:
    """Items for the network in ``path``; ``bare``: bytes of memory before it was loaded."""
    session = OnnxInferenceSession(path, num_threads=1)
    if not session.is_ready():
        return [failed(LOADS, session.error or f"{path} can't be loaded.", "Get the model again, or export it anew.")]
    shapes = "; ".join(f"{one.name} {one.dtype} {_axes(one)}" for one in (*session.inputs, *session.outputs))
    checks = [passed(LOADS, "a network without metadata"), none(SHAPES, shapes, _IMPORT)]
    try:
        feeds = _feeds(session.inputs, 1)
        outputs = session.run_all(feeds)
        latency = measure(lambda: session.run_all(feeds))
    except ModelError as error:
        return [*checks, failed(BATCHES, str(error), _IMPORT)]
    slow = latency.p95 > MOST_MS
    advice = f"More than {MOST_MS:.0f} ms is not real-time; quantise it, or use a smaller one."
    checks.append(Check(LATENCY, "fail" if slow else "pass", f"{latency.words()}, 1 thread", advice if slow else ""))
    peak = memory.peak()
    much = peak > MOST_MEMORY
    figure = f"{peak / 2**20:,.0f} MB at most, {max(0, peak - bare) / 2**20:,.0f} MB of them for the model"
    advice = "Use smaller pictures or a smaller network, or quantise it."
    checks.append(Check(MEMORY, "fail" if much else "pass", figure, advice if much else ""))
    finite = all(bool(np.isfinite(one).all()) for one in outputs.values() if one.dtype.kind == "f")
    if not finite:
        checks.append(failed(FINITE, "grey is answered with what are no numbers", "Don't use it; ask who made it."))
    else:
        checks.append(passed(FINITE, "grey"))
    return [*checks, _batches(session)]


def network_alone(session: OnnxInferenceSession) -> Mapping[str, NDArray[Any]] | None:
    """The outputs for a grey picture, whatever they mean; None when it can't be run like that."""
    try:
        return session.run_all(_feeds(session.inputs, 1))
    except ModelError:
        return None


def _batches(session: OnnxInferenceSession) -> Check:
    first = session.inputs[0].shape[:1]
    if first and isinstance(first[0], int):
        return none(BATCHES, f"fixed at {first[0]}", "Export it with a dynamic batch axis, and it becomes faster.")
    try:
        for size in (2, 7):
            session.run_all(_feeds(session.inputs, size))
    except ModelError as error:
        return failed(BATCHES, str(error), "Export it again with a dynamic batch axis.")
    return passed(BATCHES, "1, 2, 7 pictures")


def _feeds(inputs: tuple[TensorFacts, ...], batch: int) -> dict[str, NDArray[Any]]:
    """Something middling for each input, its batch axis of length ``batch`` where that is open."""
    return {one.name: _middling(one, batch) for one in inputs}


def _middling(one: TensorFacts, batch: int) -> NDArray[Any]:
    last = len(one.shape) - 1
    nhwc = last == 3 and one.shape[3] in (1, 3)
    lengths = []
    for place, length in enumerate(one.shape):
        if isinstance(length, int) and length > 0:
            lengths.append(length)
        elif place == 0:
            lengths.append(batch)
        elif last == 3:
            lengths.append(3 if place == (3 if nhwc else 1) else _SIDE)
        else:
            lengths.append(1)
    try:
        dtype = np.dtype(one.dtype)
    except TypeError:
        raise ModelError(
            f"The input {one.name} takes {one.dtype}, which is no picture; choose another model."
        ) from None
    return np.full(lengths, 127 if dtype.kind in "ui" else 0.5, dtype)


def _axes(one: TensorFacts) -> str:
    return f"({', '.join('any' if not isinstance(length, int) else str(length) for length in one.shape)})"
