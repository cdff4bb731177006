"""The command line: parses, calls ``desktop.actions``, prints. Data on standard output, all else on standard error.

Exit status: 0 done; 1 some items failed, the rest done; 2 wrong use; 3 failed; 130 stopped by Ctrl+C; 141 when whoever
read the output has left (``| head``).
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from desktop import cli_progress, log
from models.errors import SortwerkError, WorkspaceError, one_line
from models.workspace import folder

if TYPE_CHECKING:
    from desktop.actions.classify import Answer, Failure

__all__ = ["app", "run"]

_log = logging.getLogger(__name__)

SOME_FAILED, WRONG_USE, FAILED, INTERRUPTED, NOBODY_READS = 1, 2, 3, 130, 141

app = typer.Typer(
    name="sortwerk",
    help="Teach your computer to see. Without a command, the window opens (with the files and folders named).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def run(arguments: Sequence[str]) -> int:
    """Run one command; return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        _show_anything(stream)
    try:
        log.start(folder())
    except WorkspaceError as error:
        logging.getLogger().addHandler(logging.NullHandler())  # else warnings would go to the terminal
        _say(str(error))
    try:
        app(list(arguments), prog_name="sortwerk")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    return 0


def _show_anything(stream: TextIO) -> None:
    """Let what the terminal's encoding can't express be shown escaped, instead of ending the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """Turn whatever ends a command into its exit status and at most one sentence."""
    try:
        yield
        sys.stdout.flush()  # here, where a reader who has left is still noticed
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Python flushes once more when it exits; let that go nowhere.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise typer.Exit(NOBODY_READS) from None
    except SortwerkError as error:
        _say(str(error))
        raise typer.Exit(FAILED) from error
    except (typer.Exit, typer.BadParameter):
        raise
    except Exception as error:
        _log.exception("A command ended unexpectedly")
        _say(f"Sortwerk failed because of a fault in it ({type(error).__name__}); please report it with the log.")
        raise typer.Exit(FAILED) from error


def _say(text: str) -> None:
    """One line for the person, on standard error."""
    print(one_line(text), file=sys.stderr, flush=True)


def _version(asked: bool) -> None:
    if asked:
        from desktop.version import own_version

        print(f"sortwerk {own_version()}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options before a command."""


@app.command()
def classify(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, folders and zips.")],
    *,
    model: Annotated[
        Path | None, typer.Option(metavar="M", help="Folder of the model; else the starter model.")
    ] = None,
    top_k: Annotated[int, typer.Option(metavar="K", min=1, max=1000, help="Categories to show of each file.")] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, as each file is done.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="F", help="Write a CSV file instead.")] = None,
) -> None:
    """Say what each picture is: its category, and how sure the model is of it."""
    if as_json and csv:
        raise typer.BadParameter("--json and --csv can't be used together; choose one of them.")
    with _ending():
        failed = _classify(tuple(paths), model, top_k, as_json, csv)
        if failed:
            raise typer.Exit(SOME_FAILED)


def _classify(paths: tuple[Path, ...], model: Path | None, top_k: int, as_json: bool, csv: Path | None) -> int:
    """Classify and print; return how many files failed."""
    from desktop.actions.classify import Classifier, ClassifyRequest, Failure  # NumPy, ONNX Runtime: not for --help
    from desktop.actions.export import export_csv
    from desktop.actions.records import record_line

    done = failed = 0
    with Classifier(model) as classifier, cli_progress.shown(quiet=csv is None and sys.stdout.isatty()) as show:
        width = max(len(name) for name in classifier.spec.heads[0].categories)
        lists = classifier.classify(ClassifyRequest(paths), on_progress=show)

        def counted() -> Iterator[Answer | Failure]:
            nonlocal done, failed
            for items in lists:
                done += len(items)
                for item in items:
                    failed += isinstance(item, Failure)
                    yield item
                if csv is None:
                    sys.stdout.flush()  # whoever reads the stream sees each answer at once

        with contextlib.closing(lists):
            if csv is not None:
                export_csv(counted(), csv, top_k=top_k)
            elif as_json:
                for item in counted():
                    print(record_line(item, top_k))
            else:
                for item in counted():
                    _print_line(item, width)
    _say(_summary(done, failed))
    return failed


def _print_line(item: Answer | Failure, width: int) -> None:
    """One file for a person: what, how sure, which; a file without an answer goes to standard error."""
    from desktop.actions.classify import Failure

    if isinstance(item, Failure):
        _say(f"{item.source.label} {item.error.reason}; {item.error.advice}.")
        return
    mark = " (unknown)" if item.unknown else " (unsure)" if item.unsure else ""
    print(f"{item.best.category:<{width}}  {item.best.confidence:>4.0%}  {one_line(item.source.label)}{mark}")


def _summary(done: int, failed: int) -> str:
    if not done:
        return "No files were found; name a picture, or a folder or zip with pictures in it."
    files = f"{done:,} file{'s' if done != 1 else ''}"
    return f"{files}: {done - failed:,} answered, {failed:,} without an answer." if failed else f"{files} answered."


@app.command()
def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Look at what is installed, what is wrong, and what to do about it."""
    with _ending():
        from desktop.actions.doctor import examine

        findings = examine()
        if as_json:
            print(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
        else:
            width = max(len(finding.name) for finding in findings)
            for finding in findings:
                print(f"{'ok' if finding.good else '!!'}  {finding.name:<{width}}  {one_line(finding.value)}")
                if finding.advice:
                    print(f"    {'':<{width}}  {one_line(finding.advice)}")
        if not all(finding.good for finding in findings):
            raise typer.Exit(SOME_FAILED)
