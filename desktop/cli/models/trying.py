"""``sortwerk models try``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.output import say, say_failure, summary
from models.errors import WorkspaceError, one_line

if TYPE_CHECKING:
    from desktop.actions.trying import Colour, Trial, Tried
    from models.heads import Result
    from models.sources import Failure

__all__ = ["try_"]

_TOP = 5
_HEX = re.compile(r"#?([0-9a-fA-F]{6})")
_THREE = re.compile(r"(\d{1,3}),(\d{1,3}),(\d{1,3})")


def try_(
    model: Annotated[str, typer.Argument(metavar="M", help="Name or folder of the model.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders and zips.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    pictures: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write each answer, painted over its picture, as a PNG into DIR.")
    ] = None,
    colour: Annotated[
        list[str] | None,
        typer.Option(metavar="R,G,B", help="A colour to paint in, such as 200,30,30; once for each region."),
    ] = None,
) -> None:
    """Ask a model of any kind about pictures: categories, places, boxes, grades, painted pictures."""
    colours = [_colour(text) for text in colour or ()]
    with ending(), interrupts() as cancel:
        from desktop.actions.models import find_model
        from desktop.actions.trying import Trial, find_pictures
        from models.sources import Failure

        trial = Trial(find_model(model))
        _check(trial, colours)
        sources, lost = find_pictures(paths)
        names: set[str] = set()
        done, failed = len(lost), len(lost)
        for failure in lost:
            _show(failure, as_json=as_json)
        for item in trial.ask_all(sources, colours or None, cancel):
            done += 1
            failed += isinstance(item, Failure)
            _show(item, as_json=as_json)
            if pictures is not None and not isinstance(item, Failure):
                _write(item, pictures, names)
        say(summary(done, failed))
        if failed:
            raise typer.Exit(SOME_FAILED)


def _colour(text: str) -> Colour:
    """Raises ``typer.BadParameter`` for what is no colour."""
    if found := _HEX.fullmatch(text.strip()):
        value = int(found[1], 16)
        return value >> 16, value >> 8 & 255, value & 255
    if found := _THREE.fullmatch(text.replace(" ", "")):
        red, green, blue = (int(part) for part in found.groups())
        if max(red, green, blue) <= 255:
            return red, green, blue
    raise typer.BadParameter(f"{text} is no colour; write one as 200,30,30 or #C81E1E.", param_hint="--colour")


def _check(trial: Trial, colours: Sequence[Colour]) -> None:
    """Raises ``typer.BadParameter`` unless the model takes so many colours."""
    takes = len(trial.colours)
    if colours and len(colours) != takes:
        wants = f"takes {takes} of them; name each with --colour" if takes else "takes none; leave --colour out"
        raise typer.BadParameter(f"{len(colours)} colours are given and {trial.spec.name} {wants}.")


def _show(item: Tried | Failure, *, as_json: bool) -> None:
    from desktop.actions.records import record_line
    from models.sources import Failure

    if as_json:
        print(record_line(item if isinstance(item, Failure) else item.answer, _TOP), flush=True)
    elif isinstance(item, Failure):
        say_failure(item)
    else:
        said = "  ".join(_words(result) for result in item.answer.heads.values())
        print(f"{said}  {item.milliseconds:.1f} ms  {one_line(item.answer.source.label)}", flush=True)


def _words(result: Result) -> str:
    """One head's answer in a few words."""
    from models.heads.boxes import BoxesResult
    from models.heads.grade import GradeResult
    from models.heads.image import ImageResult

    if isinstance(result, ImageResult):
        return f"a picture of {result.width} × {result.height}"
    if isinstance(result, GradeResult):
        return f"{result.value:g} of {result.high:g}"
    if isinstance(result, BoxesResult) and result.shown > 1:
        return f"{result.shown} things, first {result.best.category} {result.best.confidence:.0%}"
    return f"{result.best.category} {result.best.confidence:.0%}"


def _write(tried: Tried, folder: Path, taken: set[str]) -> None:
    """The painted answer into ``folder``, under a name that is not ``taken``.

    Raises:
        WorkspaceError: it can't be written.
    """
    from desktop.actions.trying import save_png

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(f"{folder} could not be made ({error.strerror}); choose another folder.") from error
    stem = Path(tried.answer.source.name).stem
    name, number = stem, 2
    while name.casefold() in taken:
        name, number = f"{stem} ({number})", number + 1
    taken.add(name.casefold())
    save_png(folder / f"{name}.png", tried.painted())
