"""``sortwerk dataset label``, ``next`` and ``agreement``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from desktop.cli.dataset.listing import Named
from desktop.cli.dataset.sent import AsJson
from desktop.cli.dataset.stopping import stopping
from desktop.cli.ending import SOME_FAILED, ending, interrupts
from desktop.cli.output import say
from desktop.cli.progress import shown
from models.errors import one_line

if TYPE_CHECKING:
    from training.labelling.agreement import Agreement

__all__ = ["agreement", "label", "next_"]

_MOST = 20


def label(
    named: Named,
    *,
    model: Annotated[str, typer.Option(metavar="M", help="Name or folder of the model that labels.")],
    head: Annotated[
        list[str] | None, typer.Option(metavar="H", help="Only this question; again for more. Else all it answers.")
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(
            min=0, max=1, metavar="0-1", help="Take only what it is so sure of; else all it does not call unknown."
        ),
    ] = None,
    only_unlabelled: Annotated[
        bool, typer.Option("--only-unlabelled/--relabel", help="Whether pictures with a label keep it.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Label pictures as a model answers. The labels say that they are a model's, and each question's can be undone."""
    with ending(), interrupts() as cancel, stopping("nothing was labelled"):
        from desktop.actions.labelling import label_by_model

        with shown(quiet=False) as on_progress:
            done = label_by_model(
                named,
                model,
                heads=head or (),
                threshold=threshold,
                only_unlabelled=only_unlabelled,
                cancel=cancel,
                on_progress=on_progress,
            )
        if as_json:
            whole = {
                "dataset": {"id": done.dataset.id, "name": done.dataset.name},
                "model": done.model,
                "labelled": done.counts,
                "items": list(done.accepted.items),
                "steps": list(done.accepted.steps),
                "failures": {str(item): words for item, words in done.failures.items()},
                "notes": list(done.words),
            }
            print(json.dumps(whole, indent=2))
        else:
            for words in done.words:
                say(words)
            for name, count in done.counts.items():
                print(f"{count:>7,}  {one_line(name)}")
            for words in list(done.failures.values())[:_MOST]:
                say(words)
            if len(done.failures) > _MOST:
                say(f"and {len(done.failures) - _MOST:,} more pictures that can't be looked at.")
        if done.failures:
            raise typer.Exit(SOME_FAILED)


def next_(
    named: Named,
    *,
    head: Annotated[
        str | None, typer.Option(metavar="H", help="The question; else the first that can be learned.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=100_000, metavar="N", help="How many pictures at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Say which pictures to label next: those that would teach most, the first one first, and why."""
    with ending(), interrupts() as cancel, stopping("nothing was changed"):
        from desktop.actions.labelling import next_to_label

        with shown(quiet=False) as on_progress:
            found = next_to_label(named, head, count=count, cancel=cancel, on_progress=on_progress)
        pairs = list(zip(found.suggestions, found.items, strict=True))
        if as_json:
            rows = [
                {"item": one.item, "path": item.place.text, "score": round(one.score, 4)}
                | {"uncertainty": round(one.uncertainty, 4), "novelty": round(one.novelty, 4), "why": one.why}
                for one, item in pairs
            ]
            whole = {"dataset": {"id": found.dataset.id, "name": found.dataset.name}, "head": found.head.name}
            print(json.dumps(whole | {"words": found.words, "next": rows}, indent=2))
            return
        for one, item in pairs:
            print(f"{item.place.text}  {one_line(one.why)}")
        if not pairs:
            say(f"Every picture has a label of {one_line(found.head.name)}.")


def agreement(
    named: Named,
    one: Annotated[str, typer.Argument(metavar="A", help='An annotator; "" for labels without a name.')],
    other: Annotated[str, typer.Argument(metavar="B", help="Another annotator.")],
    *,
    head: Annotated[str, typer.Option(metavar="H", help="The question.")],
    as_json: AsJson = False,
) -> None:
    """Compare two annotators: kappa for categories, tags and grades, overlap for masks, matched things for boxes."""
    with ending():
        from desktop.actions.labelling import compare_annotators

        dataset, found, names = compare_annotators(named, head, one, other)
        if as_json:
            whole = {"dataset": {"id": dataset.id, "name": dataset.name}, **_document(found, names)}
            print(json.dumps(whole, indent=2))
            return
        value = "unknown" if found.value is None else f"{found.value:.3f}"
        print(f"{found.measure}  {value}  on {found.items:,} pictures, {found.observed:.1%} the same")
        for detail in found.details:
            figure = "—" if detail.value is None else f"{detail.value:.3f}"
            print(f"{figure:>7}  {one_line(detail.name)} ({detail.items:,})")
        say(found.words)
        for item in found.disagreements[:_MOST]:
            print(f"{names.get(item.item, item.item)}  {one_line(item.words)}")
        if len(found.disagreements) > _MOST:
            say(f"and {len(found.disagreements) - _MOST:,} more about which they differ; --json lists all.")


def _document(found: Agreement, names: dict[int, str]) -> dict[str, Any]:
    return {
        "head": found.head,
        "annotators": list(found.annotators),
        "items": found.items,
        "measure": found.measure,
        "value": found.value,
        "observed": found.observed,
        "words": found.words,
        "details": [{"name": one.name, "value": one.value, "items": one.items} for one in found.details],
        "disagreements": [
            {"item": one.item, "path": names.get(one.item, ""), "score": round(one.score, 4), "words": one.words}
            for one in found.disagreements
        ],
    }
