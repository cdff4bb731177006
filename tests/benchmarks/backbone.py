"""The shipped INT8 backbone against its fp32 source: ``python -m tests.benchmarks.backbone --fp32 PATH``.

``python -m training.pytorch.bundled_backbone ... --fp32 PATH`` writes that file. Every round runs each way once, so
that other work on the machine slows all of them alike; the table gives medians of pictures a second, and of each
round's ratio to fp32 with one thread.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.inference import OnnxInferenceSession
from models.library import BUNDLED

SIDE = 224


def rate(session: OnnxInferenceSession, pictures: NDArray[np.uint8]) -> float:
    """Pictures a second of one call."""
    start = time.perf_counter()
    session.run(pictures)
    return len(pictures) / (time.perf_counter() - start)


def measure(fp32: Path, *, rounds: int, batch: int) -> dict[str, list[float]]:
    """By name of the way, pictures a second in each round; the first way is fp32 with one thread."""
    int8 = BUNDLED / "backbone" / "model.onnx"
    files = {"fp32": fp32, "INT8": int8}
    sessions = {
        f"{name}, {threads} thread{'s' * (threads > 1)}": OnnxInferenceSession(path, num_threads=threads)
        for threads in (1, 2)
        for name, path in files.items()
    }
    # What is in the pictures makes no difference to the time.
    pictures = np.random.default_rng(0).integers(0, 256, (batch, SIDE, SIDE, 3), np.uint8)
    for session in sessions.values():
        session.run(pictures)
    rates: dict[str, list[float]] = {name: [] for name in sessions}
    for _ in range(rounds):
        for name, session in sessions.items():
            rates[name].append(rate(session, pictures))
    return rates


def table(rates: dict[str, list[float]]) -> str:
    """A Markdown table of the medians."""
    reference = next(iter(rates.values()))
    lines = ["| | pictures/s | to fp32 |", "| --- | --- | --- |"]
    for name, measured in rates.items():
        ratio = statistics.median(one / base for one, base in zip(measured, reference, strict=True))
        lines.append(f"| {name} | {statistics.median(measured):.0f} | {ratio:.2f} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fp32", type=Path, required=True, help="the fp32 file that the backbone's script kept")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--batch", type=int, default=16)
    options = parser.parse_args(arguments)
    sys.stdout.write(table(measure(options.fp32, rounds=options.rounds, batch=options.batch)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
