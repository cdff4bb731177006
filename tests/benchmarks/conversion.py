"""How far converted models answer from their originals: every format, and architectures of all kinds.

    python -m tests.benchmarks.conversion [--engine PYTHON] [--tensorflow PYTHON] [--write docs/conversion.md]

Makes the models with random weights (``conversion_files``), converts each as the product does, and prints the rows of
the table in docs/conversion.md, or writes that page. Engines that are installed are used; another interpreter with
their libraries can be named.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.actions.converting import TOLERANCE, converted, wants_conversion
from desktop.actions.packages import propose_spec
from models.errors import SortwerkError
from tests.benchmarks.conversion_files import DETECTORS, TIMM, TORCHVISION
from training.engine.environment import Engine
from training.engine.finding import find

ROOT = Path(__file__).resolve().parents[2]

INTRODUCTION = """# Models of PyTorch and TensorFlow

Sortwerk runs ONNX. What comes in another format is converted by an engine (an environment with PyTorch or TensorFlow
beside the program), and the ONNX file is then compared with the original: both answer the same made-up pictures, and a
model that is off by more than {tolerance:g} of its largest number is not imported (`--tolerance` allows more).

This page is written by `python -m tests.benchmarks.conversion --write docs/conversion.md`, with {versions}.
Weights are random, because nothing is downloaded. "Numbers up to" is the largest number that the original answered,
without its sign. Seconds are those of the processor, with the start of the engine; on two cores it takes a little less.

"""

EXPLANATION = """
Of detectors the 100 best boxes are compared, and nine in ten have to be alike: of two boxes over one thing that score
the same but for the last digit, either may stay.

## How weights are recognised

A file of weights does not say which network it belongs to. Names and shapes of its tensors do: they are looked up among
the networks of timm and torchvision (`training/pytorch/catalogue.csv`, made by `python -m training.pytorch.catalogue`),
without the last layer, whose shape tells how many categories there are. Prefixes such as `module.`, `model.` and
`_orig_mod.` go, checkpoints of Lightning and of timm's training are looked into, and of averaged and plain weights the
averaged ones are taken. Where several networks have the same tensors and answer differently (`efficientnet_b0` and
`tf_efficientnet_b0` pad their pictures differently), what the file calls itself decides, or its name, or the person.

## What is refused

Opening a Python pickle runs whatever code it names, so what it names is read first, without running it: only weights
are opened, and PyTorch is told to open nothing else (`weights_only`). Whole pickled models, Keras files with layers of
somebody's own code, and TorchScript and graphs that reach for files are refused with the reason.
"""

KINDS = {
    "pytorch": "state dict",
    "safetensors": "safetensors",
    "torchscript": "TorchScript",
    "saved_model": "SavedModel",
    "hdf5": "Keras .h5",
    "keras": "Keras .keras",
    "frozen_graph": "frozen .pb",
}
"""Formats in the order of the table."""


@dataclass(frozen=True)
class Row:
    form: str
    name: str
    how: str
    answers: str
    largest: float
    high: float
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engine", type=Path, help="an interpreter with PyTorch, timm and torchvision")
    parser.add_argument("--tensorflow", type=Path, help="an interpreter with TensorFlow and tf2onnx")
    parser.add_argument("--only", default="", help="a word that must be in the file's name")
    parser.add_argument("--write", type=Path, help="write the page here")
    asked = parser.parse_args()
    rows: list[Row] = []
    versions = []
    for variant, python in (("torch", asked.engine), ("tensorflow", asked.tensorflow)):
        engine = find(variant) if python is None else Engine(variant, python, "cpu", {}, True, python.parent.parent)
        if engine is None:
            print(f"No engine for {variant}: left out")
            continue
        versions.append(said(engine))
        with tempfile.TemporaryDirectory() as folder:
            made(engine, Path(folder))
            for path in sorted(one for one in Path(folder).iterdir() if asked.only in one.name):
                rows.append(row(path, engine))
                print(line(rows[-1]), flush=True)
    if asked.write is not None:
        asked.write.write_text(page(rows, versions), encoding="utf-8")


def said(engine: Engine) -> str:
    """Versions of the libraries of ``engine``."""
    names = {"torch": ("torch", "torchvision", "timm", "onnx")}.get(engine.variant, ("tensorflow", "keras", "tf2onnx"))
    code = f"import importlib as i; print(', '.join(n + ' ' + i.import_module(n).__version__ for n in {names!r}))"
    return subprocess.run([engine.python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def made(engine: Engine, folder: Path) -> None:
    command = [engine.python, "-m", "tests.benchmarks.conversion_files", engine.variant, folder]
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)


def row(path: Path, engine: Engine) -> Row:
    begun = worked()
    form = wants_conversion(path)
    assert form is not None
    name = path.stem.removeprefix("timm ").removeprefix("torchvision ").removesuffix("-random")
    how = {**TIMM, **TORCHVISION, **DETECTORS}.get(name, "as it is")
    try:
        with converted(path, engine=engine) as got:
            seconds = worked() - begun
            spec, _ = propose_spec(got.network)
            answers = ", ".join(f"{head.kind} ({len(head.categories)})" for head in spec.heads)
            worst = got.largest
            title = got.architecture if form.name in ("pytorch", "safetensors") else path.stem
            return Row(KINDS[form.name], title, how, answers, worst.largest, worst.high, seconds)
    except SortwerkError as error:
        return Row(KINDS[form.name], name, str(error), "-", float("nan"), float("nan"), worked() - begun)


def worked() -> float:
    """Seconds that child processes which have ended kept the processor busy: what else goes on here changes nothing."""
    now = os.times()
    return now.children_user + now.children_system


def line(one: Row) -> str:
    figures = f"{one.largest:.1e} | {one.high:.3g} | {one.seconds:.0f} s"
    return f"| {one.form} | {one.name} | {one.how} | {one.answers} | {figures} |"


def page(rows: list[Row], versions: list[str]) -> str:
    return "\n".join(lines(rows, versions)) + "\n"


def lines(rows: list[Row], versions: list[str]) -> Iterator[str]:
    yield from INTRODUCTION.format(tolerance=TOLERANCE, versions="; ".join(versions)).splitlines()
    yield "| format | architecture | how it was saved | answers | largest difference | in numbers up to | time |"
    yield "| --- | --- | --- | --- | ---: | ---: | ---: |"
    order = list(KINDS.values())
    yield from map(line, sorted(rows, key=lambda one: (order.index(one.form), one.name)))
    yield from EXPLANATION.splitlines()


if __name__ == "__main__":
    main()
