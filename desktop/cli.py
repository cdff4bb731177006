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
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from desktop import cli_progress, log
from models.errors import Cancelled, SortwerkError, WorkspaceError, one_line
from models.workspace import folder

if TYPE_CHECKING:
    from desktop.actions.classify import Answer, Failure, Progress
    from desktop.actions.sorting import SortReport
    from desktop.actions.sorting_plan import Mode
    from models.database import Database

__all__ = ["app", "run"]

_log = logging.getLogger(__name__)

SOME_FAILED, WRONG_USE, FAILED, INTERRUPTED, NOBODY_READS = 1, 2, 3, 130, 141

HOW_TO_GO_ON = "take it back with 'sortwerk undo', or finish it with 'sortwerk undo --finish'"

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
    sort_into: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Then copy the files into DIR, in a folder for each category.")
    ] = None,
    move: Annotated[bool, typer.Option("--move", help="With --sort-into: move the files instead.")] = False,
    plan: Annotated[bool, typer.Option("--plan", help="With --sort-into: only show what would be done.")] = False,
) -> None:
    """Say what each picture is: its category, and how sure the model is of it."""
    if as_json and csv:
        raise typer.BadParameter("--json and --csv can't be used together; choose one of them.")
    if sort_into is None and (move or plan):
        raise typer.BadParameter(f"--{'move' if move else 'plan'} says how to sort; say where with --sort-into DIR.")
    with _ending():
        if sort_into is None:
            failed = _classify(tuple(paths), model, top_k, as_json, csv)
        else:
            failed = _classify_and_sort(tuple(paths), model, top_k, as_json, csv, sort_into, move, plan)
        if failed:
            raise typer.Exit(SOME_FAILED)


def _classify_and_sort(
    paths: tuple[Path, ...],
    model: Path | None,
    top_k: int,
    as_json: bool,
    csv: Path | None,
    target: Path,
    move: bool,
    only_plan: bool,
) -> int:
    """Classify, print, sort; return how many files failed in either."""
    from desktop.actions import sorting
    from desktop.actions.records import record

    mode: Mode = "move" if move else "copy"
    items: list[Answer | Failure] = []
    with _workspace() as database:
        interrupted = sorting.unfinished(database)
        if interrupted is not None:
            raise sorting.SortingError(
                f"A sorting into {one_line(interrupted.target)} was interrupted; {HOW_TO_GO_ON}, then sort again."
            )
        sorting.make_plan([], target, mode)  # a target that can't be is said before the work
        failed = _classify(paths, model, top_k, as_json, csv, items)
        plan = sorting.make_plan(items, target, mode, sorted_before=sorting.sorted_before(database))
        if only_plan:
            for line in plan.summary():
                _say(line)
        else:
            with _sorting() as (cancel, show):
                report = sorting.sort(database, plan, cancel=cancel, on_progress=show)
            failed += _say_sorted(
                report, f"{'moved' if move else 'copied'} to {one_line(plan.target)}", len(plan.skips)
            )
            places = {item.source: report.place(item.source) for item in items}
        if as_json:
            for item in items:
                place = None if only_plan else places[item.source]
                print(json.dumps(record(item, top_k) | {"sorted_to": place and str(place)}))
    return failed


def _classify(
    paths: tuple[Path, ...],
    model: Path | None,
    top_k: int,
    as_json: bool,
    csv: Path | None,
    keep: list[Answer | Failure] | None = None,
) -> int:
    """Classify and print; return how many files failed. With ``keep``, that gets the items, and JSON waits."""
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
                    if keep is not None:
                        keep.append(item)
                    yield item
                if csv is None:
                    sys.stdout.flush()  # whoever reads the stream sees each answer at once

        with contextlib.closing(lists):
            if csv is not None:
                export_csv(counted(), csv, top_k=top_k)
            elif as_json:
                for item in counted():
                    if keep is None:
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


@contextlib.contextmanager
def _workspace() -> Iterator[Database]:
    from models.database import open_workspace

    database = open_workspace()
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def _sorting() -> Iterator[tuple[threading.Event, Callable[[Progress], None] | None]]:
    """What sorting needs of the terminal: Ctrl+C stops it between two files, and its progress is shown."""
    cancel = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: cancel.set())
    try:
        with cli_progress.shown(quiet=False) as show:
            yield cancel, show
    except Cancelled as stopped:
        _say(f"Stopped, and nothing is lost; {HOW_TO_GO_ON}.")
        raise typer.Exit(INTERRUPTED) from stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _say_sorted(report: SortReport, done: str, there: int = 0) -> int:
    """Tell what came of a sorting; return how many files failed."""
    for failure in report.failures:
        _say(f"{failure.source.label} {failure.error.reason}; {failure.error.advice}.")
    parts = [f"{report.done:,} file{'s' if report.done != 1 else ''} {done}"]
    if there:
        parts.append(f"{there:,} there already")
    if report.failures:
        parts.append(f"{len(report.failures):,} left where they are")
    _say(f"{', '.join(parts)}.")
    return len(report.failures)


@app.command()
def undo(
    *,
    finish: Annotated[
        bool, typer.Option("--finish", help="Finish the sorting that was interrupted, instead of taking it back.")
    ] = False,
    show_list: Annotated[bool, typer.Option("--list", help="Only list what has been sorted, the last first.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: print one JSON object a line.")] = False,
) -> None:
    """Take back the last sorting: moved files go back to their places, copies are deleted."""
    if finish and show_list:
        raise typer.BadParameter("--finish and --list can't be used together; choose one of them.")
    if as_json and not show_list:
        raise typer.BadParameter("--json goes with --list.")
    with _ending(), _workspace() as database:
        if show_list:
            _list_sortings(database, as_json)
        elif _undo(database, finish):
            raise typer.Exit(SOME_FAILED)


def _undo(database: Database, finish: bool) -> int:
    """Take back or finish; return how many files failed."""
    from desktop.actions import sorting

    with _sorting() as (cancel, show):
        if finish:
            report = sorting.recover(database, finish=True, cancel=cancel, on_progress=show)
        else:
            report = sorting.undo(database, cancel=cancel, on_progress=show)
    if report is None:
        _say("No sorting was interrupted." if finish else "There is no sorting to take back.")
        return 0
    target = one_line(report.sorting.target)
    return _say_sorted(
        report, f"sorted into {target}" if report.sorting.state == "done" else f"taken back from {target}"
    )


def _list_sortings(database: Database, as_json: bool) -> None:
    from desktop.actions import sorting

    states = {"doing": "unfinished", "done": "done", "undoing": "half taken back", "undone": "taken back"}
    for one in sorting.history(database):
        if as_json:
            fields = {name: getattr(one, name) for name in ("id", "started", "state", "mode", "files", "sorted")}
            print(json.dumps(fields | {"target": str(one.target)}))
        else:
            print(f"{one.started}  {one.mode}  {one.files:>7,} files  {one_line(one.target)}  ({states[one.state]})")


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
