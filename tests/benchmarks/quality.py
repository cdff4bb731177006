"""What the checks of a dataset find, and how long they take: ``python -m tests.benchmarks.quality --data DIR``.

The first tables: problems planted by a fixed seed in all textures and all parts, and how many of them are found
(recall), and how many of the findings were planted (precision; what was there before counts as false, whether it is
a problem or not, so this is the least it can be). With ``--tune`` only the train splits are used, by which limits were
chosen; without it everything is there, and only the validation and test pictures count.

The second: the time for 10,000 pictures (the textures and parts, and noisy copies of them), that all have embeddings
but have never been measured, and again when they have.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from models.database import Database, open_cache, open_workspace
from models.embedding import Backbone
from models.images.decode import decode
from models.library import BUNDLED
from tests.benchmarks.planting import COPIES, SEED, Original, Planted, parts, plant, textures
from training.datasets.heads import HeadDef
from training.datasets.quality.facts import Facts
from training.datasets.quality.gathering import gather
from training.datasets.quality.report import Report, check
from training.datasets.records import NewItem
from training.datasets.store import DatasetStore
from training.datasets.values import Category

ITEM_KINDS = {
    "blurred": ("blur",),
    "dark": ("exposure",),
    "bright": ("exposure",),
    "flat": ("low-information",),
    "cut off": ("unreadable",),
    "no picture": ("unreadable",),
    "missing": ("missing",),
    "exact duplicate": ("exact-duplicates",),
}
"""What was planted -> the findings that are to tell of it."""

TOGETHER = {
    "blur": ("blurred",),
    "exposure": ("dark", "bright"),
    "low-information": ("flat",),
    "unreadable": ("cut off", "no picture"),
    "missing": ("missing",),
    "exact-duplicates": ("exact duplicate",),
}


def planted_table(planted: Planted, report: Report) -> Iterator[str]:
    """Lines of a Markdown table."""
    yield "| problem | planted | found of them | recall | findings | precision |"
    yield "| --- | --- | --- | --- | --- | --- |"
    scored = planted.scored
    head = next((one.head for one in report.findings if one.kind == "wrong-labels"), "")
    for kind, whats in TOGETHER.items():
        found = {item for one in report.findings if one.kind == kind for item in one.items} & scored
        wanted = {item for what in whats for item in planted.problems[what]} & scored
        yield _row(kind, len(wanted), len(wanted & found), len(found), len(wanted & found))
    for kinds in (("wrong-labels",), ("wrong-labels", "doubtful-labels")):
        found = {item for one in report.findings if one.kind in kinds and one.head == head for item in one.items}
        wanted = planted.problems["wrong label"] & scored
        # A copy with a label of its own is wrong as well
        copies = {item for pair in planted.pairs["contradiction"] for item in pair} & scored
        found = (found & scored) - copies
        yield _row(" and ".join(kinds), len(wanted), len(wanted & found), len(found), len(wanted & found))
    for kind, whats in (
        ("near-duplicates", tuple(COPIES)),
        ("leaks", ("leak",)),
        ("label-consistency", ("contradiction",)),
    ):
        groups = [set(group) for one in report.findings if one.kind == kind for group in one.groups]
        groups = [group for group in groups if group & scored]
        pairs = {pair for what in whats for pair in planted.pairs[what] if pair[1] in scored}
        hit = {pair for pair in pairs if any(set(pair) <= group for group in groups)}
        right = sum(any(set(pair) <= group for pair in pairs) for group in groups)
        yield _row(kind, len(pairs), len(hit), len(groups), right)
    groups = [set(group) for one in report.findings if one.kind == "near-duplicates" for group in one.groups]
    for what in COPIES:
        pairs = {pair for pair in planted.pairs[what] if pair[1] in scored}
        hit = {pair for pair in pairs if any(set(pair) <= group for group in groups)}
        yield f"| near-duplicates, {what} | {len(pairs)} | {len(hit)} | {_share(len(hit), len(pairs))} | | |"


def _row(kind: str, planted: int, hit: int, found: int, right: int) -> str:
    return f"| {kind} | {planted} | {hit} | {_share(hit, planted)} | {found} | {_share(right, found)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "-"


def timed(text: str, since: float) -> float:
    """Say how long something took; return now."""
    now = time.perf_counter()
    sys.stdout.write(f"{text}: {now - since:.1f} s\n")
    sys.stdout.flush()
    return now


def checked(store: DatasetStore, dataset: int, cache: Database, backbone: Backbone) -> tuple[Facts, Report]:
    """Gather and check, and say how long each step took."""
    now = time.perf_counter()
    facts = gather(store, dataset, cache, backbone)
    now = timed("  looking at the files", now)
    steps: list[tuple[float, str]] = []
    report = check(facts, on_step=lambda _done, _total, words: steps.append((time.perf_counter(), words)))
    for (start, words), (end, _) in itertools.pairwise(steps):
        if end - start > 0.2:
            sys.stdout.write(f"    {words}: {end - start:.1f} s\n")
    timed("  checks and map", now)
    return facts, report


def many(store: DatasetStore, folder: Path, data: Path, count: int) -> int:
    """A dataset of ``count`` pictures: all textures and parts, then copies with noise."""
    rng = np.random.default_rng(SEED)
    originals = [*textures(data), *parts(data)]
    heads = [HeadDef("kind", "categories", tuple(sorted({next(iter(one.labels.values())) for one in originals})))]
    dataset = store.create("Many", heads).id
    items = []
    for number in range(count):
        one = originals[number % len(originals)]
        path = one.path
        if number >= len(originals):
            rgb = decode(path.read_bytes(), path.name).on_grey()
            shift = rng.integers(8, 48, 2)
            rgb = np.roll(rgb, shift, (0, 1))[:, :: 1 if rng.random() < 0.5 else -1]
            noisy = np.clip(rgb + rng.normal(0, 6, rgb.shape), 0, 255).astype(np.uint8)
            path = folder / f"{number:05d}.jpg"
            path.write_bytes(cv2.imencode(".jpg", np.ascontiguousarray(noisy[..., ::-1]))[1].tobytes())
        facts = path.stat()
        items.append(
            NewItem(
                hashlib.sha256(path.read_bytes()).digest(),
                os.fsencode(path),
                size=facts.st_size,
                mtime_ns=facts.st_mtime_ns,
                labels={"kind": Category(next(iter(one.labels.values())))},
                split=one.split,
            )
        )
    store.add_items(dataset, items)
    return dataset


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with textures/ and parts/")
    parser.add_argument("--tune", action="store_true", help="on the train splits only")
    parser.add_argument("--many", type=int, default=0, help="measure the time for so many pictures instead")
    parser.add_argument("--cache", type=Path, help="keep embeddings in this folder")
    options = parser.parse_args(arguments)
    backbone = Backbone(BUNDLED / "backbone", threads=1)
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (home / "files").mkdir()
        store = DatasetStore(stack.enter_context(contextlib.closing(open_workspace(home))))
        cache = stack.enter_context(contextlib.closing(open_cache(options.cache or home)))
        if options.many:
            dataset = many(store, home / "files", options.data, options.many)
            sys.stdout.write("Embedding, first\n")
            checked(store, dataset, cache, backbone)
            with cache.transaction() as connection:
                connection.execute("DELETE FROM picture_signals")
            start = time.perf_counter()
            sys.stdout.write("With embeddings, never measured\n")
            checked(store, dataset, cache, backbone)
            start = timed(f"{options.many:,} pictures", start)
            sys.stdout.write("Again\n")
            checked(store, dataset, cache, backbone)
            timed(f"{options.many:,} pictures", start)
            return 0
        for name, originals in (("textures", textures(options.data)), ("parts", parts(options.data))):
            _planted(name, originals, store, home / "files", cache, backbone, tune=options.tune)
    return 0


def _planted(
    name: str,
    originals: list[Original],
    store: DatasetStore,
    folder: Path,
    cache: Database,
    backbone: Backbone,
    *,
    tune: bool,
) -> None:
    if tune:
        originals = [one for one in originals if one.split == "train"]
    planted = plant(store, folder, originals, scored=("train",) if tune else ("val", "test"), share=0.03)
    _, report = checked(store, planted.dataset, cache, backbone)
    store.trash(planted.dataset)
    sys.stdout.write(f"\n{name}, {'train' if tune else 'val and test'}\n\n")
    sys.stdout.write("\n".join(planted_table(planted, report)) + "\n\n")


if __name__ == "__main__":
    raise SystemExit(main())
