"""What is done in a child process: the items that load and run the model, and what one picture costs."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import FileError, ModelError
from models.heads import Result
from models.images.decode import decode
from models.inference import OnnxInferenceSession, is_available
from models.library import network_file, readable_spec
from models.network import Network
from models.sources import Source
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
    TOLERANCE,
    Check,
    failed,
    none,
    passed,
)
from models.validation.parity import check_parity, difference
from models.validation.plain import check_plain, network_alone
from models.validation.samples import extremes, varied
from models.validation.subject import Subject
from models.validation.timing import Latency, measure, of_times
from models.worker import Report

__all__ = ["measure_task", "validate_task"]

_SIZES = (2, 7)


def validate_task(arguments: dict[str, Any], report: Report) -> list[dict[str, str]]:
    """The items of the list that need the model to run, in the form of ``Check.to_json``.

    Args:
        arguments: "folder" of the model (None: the starter model) or "file" of a network without metadata; "original":
            the folder of the model it was made from, or None.
        report: is told of each step.
    """
    is_available()  # so that the runtime itself counts as what there was before
    bare = memory.resident()
    report(0, 5, "loading")
    if arguments.get("file"):
        return [check.to_json() for check in check_plain(Path(arguments["file"]), bare)]
    folder = Path(arguments["folder"]) if arguments["folder"] else None
    try:
        subject = Subject(folder)
    except ModelError as error:
        return [check.to_json() for check in _unloadable(folder, error)]
    checks = [passed(LOADS, _loaded(subject)), passed(SHAPES, _shapes(subject))]
    one = subject.prepared(varied(1))
    report(1, 5, "measuring how long an answer takes")
    checks.append(_latency(measure(lambda: subject.answer(one))))
    checks.append(check_memory(bare))  # now, before there are larger batches or a second network
    report(2, 5, "trying batches")
    checks.append(_batches(subject))
    report(3, 5, "trying grey, black, white and noise")
    checks.append(_finite(subject))
    report(4, 5, "comparing with the original")
    original = arguments.get("original")
    checks.append(check_parity(subject, folder, Path(original) if original else None))
    report(5, 5)
    return [check.to_json() for check in checks]


def measure_task(arguments: dict[str, Any], report: Report) -> dict[str, float]:
    """What one picture costs a model: one at a time, with one thread.

    Args:
        arguments: "folder" of the model (None: the starter model); "pictures": paths, each read once or more often.
        report: is told of each picture.

    Returns:
        "p50", "p95": milliseconds from the file to the answer; "inference_p50", "inference_p95": of the network and its
        heads alone; "runs"; "bare" and "peak": bytes of the process before the model, and at most.

    Raises:
        ModelError: the model can't be run, or none of the pictures can be read.
    """
    is_available()
    bare = memory.resident()
    subject = Subject(Path(arguments["folder"]) if arguments["folder"] else None)
    paths = [Path(path) for path in arguments["pictures"]]
    whole: list[float] = []
    inference: list[float] = []
    for place, path in enumerate([paths[0], *paths]):  # the first twice: a warm-up
        report(place, len(paths) + 1)
        start = time.perf_counter()
        try:
            pixels = decode(Source(path).read_picture(), path.name, max_side=subject.embedder.longest).on_grey()
        except FileError:
            continue
        batch = subject.embedder.prepare(pixels)[None]
        ready = time.perf_counter()
        subject.answer(batch)
        end = time.perf_counter()
        if place:
            whole.append(end - start)
            inference.append(end - ready)
    report(len(paths) + 1, len(paths) + 1)
    if not whole:
        raise ModelError("None of the pictures can be read; choose others.")
    all_of_it, alone = of_times(whole), of_times(inference)
    return {
        "p50": all_of_it.p50,
        "p95": all_of_it.p95,
        "inference_p50": alone.p50,
        "inference_p95": alone.p95,
        "runs": all_of_it.runs,
        "bare": bare,
        "peak": memory.peak(),
    }


def check_memory(bare: int) -> Check:
    """The most memory so far, of which ``bare`` bytes were there before the model."""
    peak = memory.peak()
    figure = f"{peak / 2**20:,.0f} MB at most, {max(0, peak - bare) / 2**20:,.0f} MB of them for the model"
    if peak > MOST_MEMORY:
        return failed(MEMORY, figure, "Use smaller pictures or a smaller network, or quantise it.")
    return passed(MEMORY, figure)


def _latency(latency: Latency) -> Check:
    figure = f"{latency.words()}, 1 thread"
    if latency.p95 > MOST_MS:
        return failed(
            LATENCY, figure, f"More than {MOST_MS:.0f} ms is not real-time; quantise it, or use a smaller one."
        )
    return passed(LATENCY, figure)


def _loaded(subject: Subject) -> str:
    if not subject.bundled:
        return "a network of its own"
    learned = len(subject.spec.heads) - len(subject.heads)
    words = f"; {learned} of its questions come from what was taught" if learned else ""
    return f"heads on the bundled network{words}"


def _shapes(subject: Subject) -> str:
    height, width, channels = subject.prepared(varied(1)).shape[1:]
    answers = ", ".join(f"{head.name} ({head.kind}, {len(head.categories)})" for head in subject.spec.heads)
    return f"{width} × {height} × {channels} to {answers}"


def _batches(subject: Subject) -> Check:
    pictures = varied(max(_SIZES))
    batch = subject.prepared(pictures)
    fixed = subject.embedder.fixed_batch if isinstance(subject.embedder, Network) else None
    try:
        alone = [subject.answer(batch[place : place + 1]) for place in range(len(batch))]
        singles = {name: [answer[name][0] for answer in alone] for name in alone[0]}
        apart = max(difference(singles, subject.answer(batch[:size]), subject.spec, size) for size in _SIZES)
    except ModelError as error:
        return failed(BATCHES, str(error), "Export it again with a dynamic batch axis.")
    if apart > TOLERANCE:
        return failed(
            BATCHES,
            f"an answer differs by {apart:.3f} with others beside it",
            "Export it again for inference (evaluation mode).",
        )
    if fixed is not None:
        words = f"fixed at {fixed}; more or fewer are filled up or cut into pieces"
        return none(BATCHES, words, "Export it with a dynamic batch axis, and it becomes faster.")
    return passed(BATCHES, f"1, {', '.join(map(str, _SIZES))} pictures; the same answers to {apart:.3f}")


def _finite(subject: Subject) -> Check:
    tried = extremes()
    for name, picture in tried.items():
        try:
            rows = subject.embedder.embed(subject.prepared([picture]))
            good = bool(np.isfinite(rows).all()) and _good(subject.decode(rows))
        except ModelError as error:
            return failed(FINITE, f"{name}: {error}", "Don't use it; ask who made it.")
        if not good:
            return failed(FINITE, f"{name} is answered with what are no numbers", "Don't use it; ask who made it.")
    return passed(FINITE, ", ".join(tried))


def _good(answers: dict[str, Sequence[Result]]) -> bool:
    return all(bool(np.isfinite(result.probabilities).all()) for results in answers.values() for result in results)


def _unloadable(folder: Path | None, error: ModelError) -> list[Check]:
    """What can be said of a model that can't be used: whether the runtime takes it at all, and whether it gives NaN."""
    network = _network(folder)
    if network is None:
        return [failed(LOADS, str(error), "Get the model again.")]
    session = OnnxInferenceSession(network, num_threads=1)
    if not session.is_ready():
        return [failed(LOADS, session.error or str(error), "Get the model again, or export it anew.")]
    loaded = passed(LOADS, "a network of its own")
    outputs = network_alone(session)
    if outputs is not None and not all(_all_finite(one) for one in outputs.values()):
        return [loaded, failed(FINITE, str(error), "Don't use it; ask who made it.")]
    return [loaded, failed(SHAPES, str(error), "Import it again and change what is said there.")]


def _network(folder: Path | None) -> Path | None:
    """The file of a network of its own, if there is one."""
    try:
        path = network_file(folder, readable_spec(folder)) if folder is not None else None
    except ModelError:
        return None
    return path if path is not None and path.is_file() else None


def _all_finite(array: NDArray[Any]) -> bool:
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())
