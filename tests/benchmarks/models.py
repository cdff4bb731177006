"""What models cost and what making them smaller costs in answers: ``python -m tests.benchmarks.models --data DIR``.

Two tables. The first has the check-list's latency and memory, and the end-to-end time, of the starter model and of a
float32 network (``tests/models/real_classifier.py``). The second has that network as INT8, fp16 and ORT: size, time
beside the original in the same process, and accuracy on the test and val splits of the textures, of which INT8 takes
100 pictures to calibrate.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from models.library import readable_spec
from models.quantization import HOWS, Quantized, quantize
from models.validation import Check, cost, validate
from tests.models import real_classifier


def costs(folders: Sequence[Path | None], pictures: Sequence[Path]) -> str:
    """A Markdown table with a row for each model; None is the starter model."""
    lines = [
        "| | latency (check-list) | memory | file to answer, p50 / p95 | network and heads, p50 / p95 |",
        "| --- | --- | --- | --- | --- |",
    ]
    for folder in folders:
        checks: dict[str, Check] = {check.name: check for check in validate(folder)}
        found = cost(folder, pictures)
        name = readable_spec(folder).name if folder else "starter"
        cells = [
            name,
            checks["Answers in time"].figure,
            checks["Memory"].figure,
            f"{found.p50:.1f} / {found.p95:.1f} ms",
            f"{found.inference_p50:.1f} / {found.inference_p95:.1f} ms",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def smaller(folder: Path, out: Path, labelled: Sequence[tuple[Path, str]]) -> str:
    """A Markdown table with a row for each form."""
    lines = [
        "| | size | p50 | times as fast | right before | right after | same category | largest difference |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for how in HOWS:
        paths, labels = [path for path, _ in labelled], [label for _, label in labelled]
        lines.append(row(quantize(folder, out / how, how, paths, labels, tolerance=100)))
    return "\n".join(lines) + "\n"


def row(done: Quantized) -> str:
    """One form."""
    head = done.heads[0]
    cells = [
        f"{done.how}",
        f"{done.size_before / 1e6:.2f} -> {done.size_after / 1e6:.2f} MB",
        f"{done.p50_before:.2f} -> {done.p50_after:.2f} ms",
        f"{done.speed:.2f}",
        f"{head.before} of {head.labelled} ({head.before / head.labelled:.1%})",
        f"{head.after} ({head.after / head.labelled:.1%})",
        f"{head.agreement:.1%}",
        f"{head.difference:.3f}",
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with textures/")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "model"
        real_classifier.make(folder, options.data, train=800)
        labelled = [*real_classifier.rows(options.data, "test", 183), *real_classifier.rows(options.data, "val", 182)]
        sys.stdout.write(costs([None, folder], [path for path, _ in labelled[:50]]) + "\n")
        sys.stdout.write(smaller(folder, Path(name), labelled))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
