"""``sortwerk models import``."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import FAILED, SOME_FAILED, ending, interrupts
from desktop.cli.models.steps import said
from desktop.cli.output import say
from models.errors import EngineError, FileError, ModelError, SortwerkError, UnknownArchitectureError

if TYPE_CHECKING:
    from models.worker import Step

__all__ = ["import_"]


def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="Packages (.ps2model), networks (.onnx), or models of PyTorch or TensorFlow, converted by an engine.",
        ),
    ],
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="What to call it.")] = None,
    categories: Annotated[
        str | None, typer.Option(metavar="A,B,C", help="Categories of a .onnx, in the order of its outputs.")
    ] = None,
    categories_file: Annotated[
        Path | None, typer.Option(metavar="F", help="File with those categories, one a line, or a JSON list.")
    ] = None,
    task: Annotated[
        str | None, typer.Option(metavar="T", help="What a .onnx does: categories, tags, grade, mask, boxes or image.")
    ] = None,
    architecture: Annotated[
        str | None, typer.Option(metavar="A", help="Of a file of weights, as timm or torchvision call it: resnet50.")
    ] = None,
    tolerance: Annotated[
        float | None,
        typer.Option(
            metavar="T",
            min=0,
            help="How far a converted model may answer from its original, as a share of the largest number: 0.001.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Check models of others and install them; prints the folder of each. What is refused changes nothing."""
    if len(files) > 1 and name is not None:
        raise typer.BadParameter("--name goes with one file.")
    if categories is not None and categories_file is not None:
        raise typer.BadParameter("--categories and --categories-file can't be used together; choose one of them.")
    with ending(), interrupts() as cancel, said() as on_progress:
        names = _names(categories_file) if categories_file is not None else _split(categories)
        failed = 0
        wish = _Wish(name, names, task, architecture or "", tolerance)
        for file in files:
            try:
                folder = _import(file, wish, cancel, on_progress)
            except UnknownArchitectureError as error:
                failed += 1
                _failed(file, ModelError(f"{str(error)[:-1]}, with --architecture."), as_json=as_json)
            except (ModelError, EngineError) as error:
                failed += 1
                _failed(file, error, as_json=as_json)
            else:
                print(json.dumps({"file": str(file), "folder": str(folder)}) if as_json else folder)
        if failed:
            raise typer.Exit(FAILED if failed == len(files) else SOME_FAILED)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a person says of a model."""

    name: str | None
    categories: list[str] | None
    task: str | None
    architecture: str
    tolerance: float | None


def _import(file: Path, wish: _Wish, cancel: threading.Event, on_progress: Callable[[Step], None] | None) -> Path:
    from desktop.actions import packages
    from models.formats import recognise

    found = recognise(file)
    if found.name == "ps2model":
        with packages.inspect_package(file, cancel=cancel) as inspected:
            for warning in inspected.warnings:
                say(warning)
            if inspected.installed is not None:
                say(f"{inspected.file} is installed already.")
            return packages.install_inspected(inspected, wish.name)
    if found.refusal:
        raise found.refuse(file)
    if not found.converter:
        return _import_network(file, wish, cancel)
    from desktop.actions.converting import TOLERANCE, converted

    with converted(
        file,
        architecture=wish.architecture,
        tolerance=TOLERANCE if wish.tolerance is None else wish.tolerance,
        cancel=cancel,
        on_progress=on_progress,
    ) as made:
        for reason in made.reasons:
            say(reason)
        return _import_network(made.network, wish, cancel)


def _import_network(file: Path, wish: _Wish, cancel: threading.Event) -> Path:
    from desktop.actions import packages

    spec, reasons = packages.propose_spec(
        file, name=wish.name, categories=wish.categories, task=wish.task, cancel=cancel
    )
    for reason in reasons:
        say(reason)
    return packages.import_onnx(file, spec, cancel=cancel)


def _failed(file: Path, error: SortwerkError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(file), "error": str(error)}))
    else:
        say(str(error))


def _split(categories: str | None) -> list[str] | None:
    return None if categories is None else [one.strip() for one in categories.split(",") if one.strip()]


def _names(path: Path) -> list[str]:
    """The names in a file.

    Raises:
        ModelError: it can't be read, or holds none.
    """
    from models.sources import Source

    try:
        content = Source(path).read()
        text = content.decode("utf-8-sig")
    except FileError as error:
        raise ModelError(str(error)) from error
    except UnicodeDecodeError:
        raise ModelError(f"{path.name} is not text (UTF-8); save it as such.") from None
    if text.lstrip().startswith("["):
        try:
            listed = json.loads(text)
        except (ValueError, RecursionError):
            listed = None
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise ModelError(f"{path.name} is no JSON list of names; write one name a line instead.")
        return listed
    names = [line.strip() for line in text.splitlines() if line.strip()]
    if not names:
        raise ModelError(f"{path.name} holds no names; write one a line.")
    return names
