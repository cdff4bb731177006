"""What is done in a child process: convert, then run the network as it was and as it is now on the same pictures."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.agreement import agreement
from models.errors import FileError, ModelError
from models.heads import KINDS, Result
from models.images.decode import decode
from models.library import network_file, readable_spec
from models.network import Network
from models.quantization.convert import convert, file_name, refuse_small
from models.sources import Source
from models.spec import HeadSpec, ModelSpec
from models.worker import Report

__all__ = ["quantize_task"]

_AT_ONCE = 4
_ROUNDS = 60
_SECONDS = 10.0
"""For the rounds of timing together, once there are three."""


def quantize_task(arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """Convert a network and measure it beside the original.

    Args:
        arguments: "folder" of the model; "target": folder for the new file; "how"; "calibrate" and "test": paths
            of pictures; "labels": for each of "test" its label or None; "head": the one that the labels are about.
        report: is told how many pictures are done.

    Returns:
        "size_before", "size_after": bytes. "p50_before", "p50_after": milliseconds for one picture, one thread, and
        "speed": the median of the rounds' ratios, above 1 where the new one is faster. "calibrated", "pictures": how
        many could be read. "heads": for each "name", "kind", "share", "difference", "words", and with labels
        "labelled", "before" and "after": how many of how many were right.

    Raises:
        ModelError: it can't be converted or run, or no picture can be read.
    """
    folder, how = Path(arguments["folder"]), arguments["how"]
    spec = readable_spec(folder)
    source = network_file(folder, spec)
    target = Path(arguments["target"]) / file_name(how)
    refuse_small(source, spec.name, how)
    before = Network(source, spec)
    pictures = _Pictures(before, len(arguments["calibrate"]) + len(arguments["test"]), report)
    calibration = pictures.read(arguments["calibrate"], "calibrating")
    used = _Counted(calibration, before)
    report(0, None, "converting")
    if how == "int8" and not used.any():
        raise ModelError("None of the pictures to calibrate on can be read; choose others.")
    convert(source, target, how, used)
    after = Network(target, spec.model_copy(update={"format": "ort" if how == "ort" else "onnx", "model_hash": ""}))
    compared = _Compared(spec, before, after)
    first: NDArray[np.uint8] | None = None
    for batch, places in pictures.batches(arguments["test"], "comparing"):
        first = batch[:1] if first is None else first
        compared.add(batch, places)
    if first is None:
        raise ModelError("None of the pictures to compare with can be read; choose others.")
    report(0, None, "measuring the speed")
    slow, fast, speed = _alternately(before, after, first)
    return {
        "size_before": source.stat().st_size,
        "size_after": target.stat().st_size,
        "p50_before": slow,
        "p50_after": fast,
        "speed": speed,
        "calibrated": used.count,
        "pictures": len(compared.places),
        "heads": compared.figures(arguments.get("labels"), arguments.get("head")),
    }


class _Pictures:
    """Reads files as the network takes them, and says how far it is; what can't be read is passed over."""

    def __init__(self, network: Network, total: int, report: Report) -> None:
        self._network = network
        self._total = total
        self._report = report
        self._done = 0

    def read(self, paths: Sequence[str], words: str) -> Iterator[tuple[NDArray[np.uint8], int]]:
        """Each picture, uint8 (h, w, 3), and its place in ``paths``."""
        for place, name in enumerate(paths):
            self._done += 1
            self._report(self._done, self._total, words)
            path = Path(name)
            try:
                picture = decode(Source(path).read_picture(), path.name, max_side=self._network.longest).on_grey()
            except FileError:
                continue
            yield self._network.prepare(picture), place

    def batches(self, paths: Sequence[str], words: str) -> Iterator[tuple[NDArray[np.uint8], list[int]]]:
        """Likewise, some at once: uint8 (n, h, w, 3)."""
        waiting: list[tuple[NDArray[np.uint8], int]] = []
        for item in self.read(paths, words):
            waiting.append(item)
            if len(waiting) == _AT_ONCE:
                yield np.stack([one for one, _ in waiting]), [place for _, place in waiting]
                waiting = []
        if waiting:
            yield np.stack([one for one, _ in waiting]), [place for _, place in waiting]


class _Counted:
    """Inputs for the quantiser, and how many it took."""

    def __init__(self, pictures: Iterator[tuple[NDArray[np.uint8], int]], network: Network) -> None:
        self._pictures = pictures
        self._network = network
        self.count = 0

    def any(self) -> bool:
        """Whether there is one; it is read, and kept for later."""
        first = next(self._pictures, None)
        if first is not None:
            self._pictures = itertools.chain([first], self._pictures)
        return first is not None

    def __iter__(self) -> Iterator[Mapping[str, NDArray[Any]]]:
        return self

    def __next__(self) -> Mapping[str, NDArray[Any]]:
        picture, _ = next(self._pictures)
        self.count += 1
        # Networks that take just so many are given the same picture that often
        return self._network.feeds(np.repeat(picture[None], self._network.fixed_batch or 1, axis=0))


class _Compared:
    """The results of two networks, side by side."""

    def __init__(self, spec: ModelSpec, before: Network, after: Network) -> None:
        self._heads: Sequence[HeadSpec] = spec.heads
        self._networks = (before, after)
        self._results: list[tuple[list[Result], list[Result]]] = [([], []) for _ in spec.heads]
        self.places: list[int] = []

    def add(self, batch: NDArray[np.uint8], places: list[int]) -> None:
        """Ask both about a batch."""
        self.places += places
        for which, network in enumerate(self._networks):
            rows = network.embed(batch)
            for head, piece, results in zip(self._heads, network.heads, self._results, strict=True):
                found = KINDS[head.kind].decode(piece(rows), head.categories, form=piece.form)
                results[which].extend(found)

    def figures(self, labels: Sequence[str | None] | None, head: str | None) -> list[dict[str, Any]]:
        """What ``quantize_task`` gives as "heads"."""
        rows = []
        for spec, (ones, others) in zip(self._heads, self._results, strict=True):
            found = agreement(spec.kind, ones, others)
            row: dict[str, Any] = {"name": spec.name, "kind": spec.kind, "share": found.share}
            row |= {"difference": found.difference, "words": found.words}
            if labels is not None and spec.name == head:
                known = [(at, label) for at, place in enumerate(self.places) if (label := labels[place]) is not None]
                row["labelled"] = len(known)
                row["before"] = sum(ones[at].best.category == label for at, label in known)
                row["after"] = sum(others[at].best.category == label for at, label in known)
            rows.append(row)
        return rows


def _alternately(before: Network, after: Network, one: NDArray[np.uint8]) -> tuple[float, float, float]:
    """Median milliseconds of both for one picture, and the median ratio of a round: other work slows both alike."""
    slow: list[float] = []
    fast: list[float] = []
    end = time.perf_counter() + _SECONDS
    for network in (before, after):
        network.embed(one)
    while len(slow) < _ROUNDS and (len(slow) < 3 or time.perf_counter() < end):
        for network, times in ((before, slow), (after, fast)):
            start = time.perf_counter()
            network.embed(one)
            times.append((time.perf_counter() - start) * 1000)
    speed = statistics.median(one / other for one, other in zip(slow, fast, strict=True))
    return statistics.median(slow), statistics.median(fast), speed
