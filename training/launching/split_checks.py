"""What is wrong with how pictures are divided, where they come from, and where they lie."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from training.launching.finding import Finding, listed, pictures
from training.launching.plan import Plan
from training.runs.items import RunItem

__all__ = ["check_files", "check_settings", "check_splits"]

_LOOKED = 20_000
"""Files that are looked for at most, evenly over all."""


def check_splits(plan: Plan, look_alikes: Sequence[Collection[bytes]] | None) -> Iterator[Finding]:
    """Of the hold-out, and of what validation or test have in common with training.

    Args:
        plan: what is trained on.
        look_alikes: groups of contents that show one picture; None where that was never looked at.
    """
    for notice in plan.notices:
        yield Finding("note", "notice", notice)
    if plan.unsplit and plan.of("train"):
        yield Finding("note", "unsplit", f"{pictures(plan.unsplit)} in no split stay out.")
    if plan.of("train") and not plan.of("val"):
        yield Finding(
            "warning",
            "no-validation",
            "There are no pictures for validation, so the best epoch is told by the training loss alone.",
            "Add pictures, or divide the dataset.",
        )
    yield from _leaks(plan, look_alikes)


def _leaks(plan: Plan, look_alikes: Sequence[Collection[bytes]] | None) -> Iterator[Finding]:
    groups: defaultdict[str, list[RunItem]] = defaultdict(list)
    for item in plan.items:
        if item.group:
            groups[item.group].append(item)
    leaking = [items for items in groups.values() if _straddles(items)]
    if leaking:
        told = sum(item.split != "train" for items in leaking for item in items)
        yield Finding(
            "warning",
            "leak",
            f"{_groups(len(leaking))} of pictures that belong together straddle{'s' if len(leaking) == 1 else ''} "
            f"splits, so {pictures(told)} for validation or test {'is' if told == 1 else 'are'} too easy.",
            "Divide the dataset anew, by groups.",
        )
    by_content = {bytes.fromhex(item.key): item for item in plan.items}
    alike = [[by_content[content] for content in group if content in by_content] for group in look_alikes or ()]
    leaking = [items for items in alike if _straddles(items)]
    if leaking:
        told = sum(item.split != "train" for items in leaking for item in items)
        yield Finding(
            "warning",
            "look-alikes",
            f"{pictures(told)} for validation or test look{'s' if told == 1 else ''} like some that are trained on, so "
            "figures will be too good.",
            "Check the dataset's quality, and put the look-alikes into one split.",
        )
    if look_alikes is None and plan.of("train") and (plan.of("val") or plan.of("test")):
        yield Finding(
            "note",
            "unchecked",
            "Nobody has looked yet whether pictures for validation or test look like some that are trained on.",
            "Check the dataset's quality.",
        )


def _straddles(items: list[RunItem]) -> bool:
    splits = {item.split for item in items}
    return "train" in splits and len(splits) > 1


def _groups(count: int) -> str:
    return "1 group" if count == 1 else f"{count:,} groups"


def check_settings(plan: Plan) -> Iterator[Finding]:
    """Settings that name what the dataset does not have."""
    data, stopping = plan.config.data, plan.config.stopping
    counts = Counter(item.source for item in plan.of("train"))
    known = set(counts)
    strange = [name for name in data.sources if name not in plan.sources]
    if strange and plan.sources:
        yield Finding(
            "warning" if len(strange) < len(data.sources) else "error",
            "sources",
            f"No picture for training comes from {listed(strange)}; its sources are: {listed(plan.sources)}.",
            "Correct the sources in the settings.",
        )
    for step in data.curriculum:
        if counts and not any(counts[source] and share > 0 for source, share in step.shares.items()):
            yield Finding(
                "error",
                "curriculum",
                f"From epoch {step.from_epoch} on the curriculum takes pictures from {listed(step.shares)} only, and "
                "there are none.",
                "Correct the curriculum, or leave it out.",
            )
    if data.curriculum and counts:
        named = {source for step in data.curriculum for source, share in step.shares.items() if share > 0}
        never = sorted(known - named)
        if never:
            count = sum(counts[source] for source in never)
            yield Finding(
                "warning",
                "curriculum",
                f"The curriculum never takes {pictures(count)} from {listed(never)}.",
                "Name that source in the curriculum, or leave the curriculum out.",
            )
    head = stopping.monitor.rpartition(".")[0]
    names = [one.name for one in plan.heads]
    if stopping.monitor not in ("auto", "loss") and head not in names:
        yield Finding(
            "error",
            "monitor",
            f"The watched figure {stopping.monitor} is of no question that is trained ({listed(names)}).",
            "Set stopping.monitor=auto.",
        )
    late = [step.epoch for step in plan.config.tuning.unfreeze if step.epoch >= plan.config.schedule.epochs]
    if late:
        yield Finding(
            "note", "unfreeze", f"The unfreezing at epoch {late[0]} comes after the last epoch and does not happen."
        )
    if 0 < len(plan.of("train")) < data.batch_size:
        yield Finding(
            "note",
            "batch",
            f"There are fewer pictures than the {data.batch_size:,} of one batch, so every epoch is one step.",
        )


def check_files(plan: Plan) -> Iterator[Finding]:
    """Pictures whose files are gone; of very many only some are looked for."""
    every = max(1, -(-len(plan.items) // _LOOKED))
    looked = plan.items[::every]
    gone = [item for item in looked if not os.path.exists(item.path)]  # noqa: PTH110 - a path may be no text
    if not gone:
        return
    count = len(gone) * every
    yield Finding(
        "error" if len(gone) == len(looked) else "warning",
        "missing",
        f"{'About ' if every > 1 else ''}{pictures(count)} can't be found any more, such as {listed([gone[0].path])}.",
        "Bring the files back, or tell the dataset where they are now.",
    )
