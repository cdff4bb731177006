"""``sortwerk correct``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desktop.cli.ending import SOME_FAILED, WRONG_USE, ending
from desktop.cli.output import say, say_failure
from models.errors import LabelError, one_line

if TYPE_CHECKING:  # NumPy, ONNX Runtime: not for --help
    from desktop.actions.classify import Answer, Classifier

__all__ = ["correct"]

CANT_TELL = "?"
"""What is typed as a label for "nobody can tell"."""


def correct(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A picture; or a folder or zip, all of which is LABEL.")],
    label: Annotated[str, typer.Argument(metavar="LABEL", help=f"What it is; {CANT_TELL} when it can't be told.")] = "",
    *,
    head: Annotated[str | None, typer.Option(metavar="H", help="The question; else the model's first.")] = None,
    model: Annotated[
        str | None, typer.Option(metavar="M", help="Folder or name of the model; else the starter model.")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="LABEL may be a new category.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Take back what was said of PATH, instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
) -> None:
    """Say what a picture is; the model learns it at once."""
    if bool(label) == forget:
        raise typer.BadParameter("say what it is, or --forget what was said.")
    with ending():
        from desktop.actions.classify import Classifier
        from desktop.actions.models import find_model

        with Classifier(find_model(model)) as classifier:
            names = [one.name for one in classifier.spec.heads]
            question = names[0] if head is None else head
            if question not in names:
                say(f"{classifier.spec.name} has no question {question}; it has {', '.join(names)}.")
                raise typer.Exit(WRONG_USE)
            if _correct(classifier, path, label, question, new=new, forget=forget, as_json=as_json):
                raise typer.Exit(SOME_FAILED)


def _correct(
    classifier: Classifier, path: Path, label: str, head: str, *, new: bool, forget: bool, as_json: bool
) -> int:
    """Record and tell; return how many files failed."""
    from desktop.actions import correct as corrections
    from desktop.actions.classify import Answer, ClassifyRequest

    learner = classifier.learner
    name = None
    if not forget and label != CANT_TELL:
        try:
            name = corrections.checked_label(label, learner.head(head).categories, new=new)
        except LabelError as error:
            say(str(error) if new else f"{str(error).rstrip('.')} (--new makes a new one)")
            raise typer.Exit(WRONG_USE) from error
    answers: list[Answer] = []
    failed = 0
    for items in classifier.classify(ClassifyRequest((path,))):
        for item in items:
            if isinstance(item, Answer):
                answers.append(item)
            else:
                say_failure(item)
                failed += 1
    if not answers:
        if not failed:
            say(f"No picture was found at {one_line(path)}; name one, or a folder with pictures in it.")
        return 1
    if forget:
        change = corrections.take_back(learner, answers, head)
    else:
        change = corrections.correct(learner, ((answer, name) for answer in answers), head)
    after = {answer.source: answer for answer in _again(classifier, path)}
    for answer in answers:
        _tell(answer, after.get(answer.source, answer), head, as_json=as_json)
    pictures = f"{len(change.contents):,} picture{'s' * (len(change.contents) != 1)}"
    if forget:
        say(f"Took back what was said of {pictures}.")
    else:
        say(f"Learned {name} from {pictures}." if name is not None else f"Noted: can't tell, for {pictures}.")
    if name is not None and (note := corrections.folder_note(name)) is not None:
        say(note)
    return failed


def _again(classifier: Classifier, path: Path) -> list[Answer]:
    """What is said now; embeddings are remembered, so it takes no time."""
    from desktop.actions.classify import Answer, ClassifyRequest

    return [
        item for items in classifier.classify(ClassifyRequest((path,))) for item in items if isinstance(item, Answer)
    ]


def _tell(before: Answer, after: Answer, head: str, *, as_json: bool) -> None:
    from desktop.actions.records import record

    if as_json:
        print(json.dumps(record(after, 5) | {"before": before.heads[head].to_json(1)}))
        return
    was, now = before.answered(head), after.answered(head)
    said = after.labels.get(head, "nothing")
    print(
        f"{one_line(before.source.label)}: {said}"
        f" (the model said {was.category} {was.confidence:.0%}, now {now.category} {now.confidence:.0%})"
    )
