"""Every check finds what is planted for it, and each of its fixes makes it less and can be taken back exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import pytest

from models.database import Database
from tests.training.datasets.quality.making import scene
from tests.training.datasets.quality.stored import Entry, Stored, entries
from training.datasets.heads import HeadDef
from training.datasets.quality.finding import Finding
from training.datasets.quality.fixes import apply_fix
from training.datasets.quality.report import check
from training.datasets.quality.table import CHECKS
from training.datasets.records import Split
from training.datasets.store import DatasetStore
from training.datasets.values import Boxes, Category, Grade, Mask, Shape, Tags

KIND = HeadDef("kind", "categories", ("a", "b", "c"))
THINGS = HeadDef("things", "boxes", ("a",))
TAGS = HeadDef("tags", "tags", ("many", "few"))
AREAS = HeadDef("areas", "mask", ("ground",))
GRADE = HeadDef("grade", "grade")
A, B = {"kind": Category("a")}, {"kind": Category("b")}
SPLITS: tuple[Split, ...] = ("train", "val", "test")


@dataclass(frozen=True)
class Case:
    """What is to be found."""

    name: str
    kind: str
    given: Callable[[], Sequence[Entry]]
    heads: tuple[HeadDef, ...] = (KIND,)
    shared: bool = False


def replaced(given: list[Entry], **changes: object) -> list[Entry]:
    return [replace(given[0], **changes), *given[1:]]  # type: ignore[arg-type]


def labelled(count: int, split: Split = "train") -> list[Entry]:
    return entries(count, labels=A, split=split)


def learnable(unknown: int = 0, wrong: int = 0) -> list[Entry]:
    """Two clumps, a and b; the first few without a label, the next with that of the other."""
    rng = np.random.default_rng(0)
    found = []
    for row, one in enumerate(entries(80)):
        name = "ab"[row % 2]
        said = {} if row < unknown else {"kind": Category("ba"[row % 2] if row < unknown + wrong else name)}
        vector = np.eye(8)[row % 2] * 3 + rng.normal(0, 0.3, 8)
        found.append(replace(one, labels=said, split="train", vector=tuple(vector.tolist())))
    return found


def doubtful() -> list[Entry]:
    given = learnable(wrong=1)
    near = [replace(given[2], pixels=scene(200, 32), labels=given[0].labels, vector=given[0].vector)]
    return [*given, *near]


def series(group: str) -> list[Entry]:
    other = [replace(one, split=SPLITS[row % 3]) for row, one in enumerate(entries(30, labels=A))]
    return [
        *other,
        *[Entry(scene(seed, 32), labels=B, split="train", group=group) for seed in range(100, 112)],
    ]


def same(splits: Sequence[Split], group: str = "") -> list[Entry]:
    return [*[Entry(scene(500), split=split, group=group) for split in splits], *entries(5, split="train")]


def uneven(split: Split) -> list[Entry]:
    return [
        *[Entry(scene(seed, 24), A, split) for seed in range(120)],
        *[Entry(scene(seed, 24), B, "train") for seed in range(200, 205)],
    ]


def uneven_tags() -> list[Entry]:
    many, both = {"tags": Tags(frozenset({"many"}))}, {"tags": Tags(frozenset({"many", "few"}))}
    return [Entry(scene(row, 24), both if row < 5 else many, "train") for row in range(112)]


CASES = (
    Case("a file that is gone", "missing", lambda: replaced(labelled(6), fault="It is gone.", missing=True)),
    Case("a damaged file", "unreadable", lambda: replaced(labelled(6), fault="It is damaged.")),
    Case("a file in two places", "exact-duplicates", lambda: replaced(labelled(6), places=3)),
    Case("a file in two datasets", "other-datasets", lambda: labelled(6), shared=True),
    Case("blur", "blur", lambda: replaced(labelled(30), pixels=cv2.GaussianBlur(scene(0, 128), (0, 0), 4))),
    Case("dark", "exposure", lambda: replaced(labelled(30), pixels=(scene(0) * 0.1).astype(np.uint8))),
    Case("bright", "exposure", lambda: replaced(labelled(30), pixels=(235 + scene(0) * 0.07).astype(np.uint8))),
    Case("flat", "low-information", lambda: replaced(labelled(30), pixels=np.full((64, 64, 3), 90, np.uint8))),
    Case("tiny", "odd-sizes", lambda: replaced(labelled(30), pixels=scene(0, 20))),
    Case("strip", "odd-sizes", lambda: replaced(labelled(30), pixels=np.ascontiguousarray(scene(0, 256)[:34]))),
    Case(
        "boxes outside",
        "boxes-outside",
        lambda: entries(4, labels={"things": Boxes((Shape("a", 20, 20, 40, 10),))}, split="test"),
        (THINGS,),
    ),
    Case(
        "empty masks",
        "empty-masks",
        lambda: entries(4, labels={"areas": Mask("0" * 64, 32, 32)}, split="test"),
        (AREAS,),
    ),
    Case(
        "masks of another size",
        "mask-sizes",
        lambda: entries(4, labels={"areas": Mask("0" * 64, 8, 8, (0,))}, split="test"),
        (AREAS,),
    ),
    Case("no label, in a split", "coverage", lambda: [*labelled(6), *entries(9, split="test")[6:]]),
    Case("no label, in none", "set-aside", lambda: [*labelled(6), *entries(9)[6:]]),
    Case("no label, in none, learnable", "set-aside", lambda: [replace(one, split="") for one in learnable(unknown=8)]),
    Case("no label but boxes could be", "set-aside", lambda: entries(9), (THINGS,)),
    Case("copies", "near-duplicates", lambda: same(["train", "train", ""]), ()),
    Case("copies over splits", "leaks", lambda: same(["train", "test", "val"]), ()),
    Case(
        "a group over splits",
        "leaks",
        lambda: [replace(one, split=SPLITS[row % 3], group="g") for row, one in enumerate(entries(6))],
        (),
    ),
    Case(
        "copies with two labels",
        "label-consistency",
        lambda: [Entry(scene(500), A, "test"), Entry(scene(500), A), Entry(scene(500), B), *entries(6, labels=A)],
    ),
    Case("a category that nobody uses", "unused-categories", lambda: labelled(6)),
    Case("a scarce category", "scarce-categories", lambda: [*labelled(9), Entry(scene(99), B, "test")]),
    Case("too many for training", "class-balance", lambda: uneven("train")),
    Case("too many for the test", "class-balance", lambda: uneven("test")),
    Case("too many tags", "class-balance", uneven_tags, (TAGS,)),
    Case("all in one split", "absent-categories", lambda: series("")),
    Case("a series", "absent-categories", lambda: series("burst")),
    Case(
        "a category of copies",
        "absent-categories",
        lambda: [*series("")[:30], *[Entry(scene(500), B, "train") for _ in range(9)]],
    ),
    Case("wrong labels", "wrong-labels", lambda: learnable(wrong=2)),
    Case("doubtful labels", "doubtful-labels", doubtful),
    Case("unknown, sure", "unknown-labels", lambda: learnable(unknown=10)),
    Case(
        "unknown, too few to learn",
        "unknown-labels",
        lambda: [
            replace(one, labels={"grade": Grade(row % 9), **(A if row < 3 else {})}, vector=(1.0, row / 20))
            for row, one in enumerate(entries(12, split="test"))
        ],
        (KIND, GRADE),
    ),
    Case(
        "unknown grades",
        "unknown-labels",
        lambda: [
            replace(one, labels=A | ({"grade": Grade(row)} if row < 9 else {}), vector=(1.0, row / 20))
            for row, one in enumerate(entries(12, split="test"))
        ],
        (KIND, GRADE),
    ),
    Case(
        "unknown boxes",
        "unknown-labels",
        lambda: [replace(one, labels=A) for one in entries(6, split="test")],
        (KIND, THINGS),
    ),
    Case(
        "unknown masks",
        "unknown-labels",
        lambda: [replace(one, labels=A) for one in entries(6, split="test")],
        (KIND, AREAS),
    ),
)


def test_every_kind_of_finding_has_a_case() -> None:
    assert {case.kind for case in CASES} == {kind for one in CHECKS for kind in one.kinds}


@pytest.mark.parametrize("frozen", [False, True], ids=["free", "frozen"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_fix_makes_a_finding_less_and_is_undone_exactly(
    store: DatasetStore, database: Database, case: Case, frozen: bool
) -> None:
    stored = Stored(store, database, case.heads, case.given(), frozen=frozen, shared=case.shared)

    def found() -> list[Finding]:
        return [
            one for one in check(stored.facts(), kinds=[case.kind], with_map=False).findings if one.kind == case.kind
        ]

    findings, before = found(), stored.rows()
    assert findings
    for finding in findings:
        assert finding.fix is not None
        assert finding.fix_words
        for place, offer in enumerate(finding.offers):
            assert apply_fix(store, stored.dataset, finding.choosing(place)) is not None, offer.words
            left = [one for one in found() if one.head == finding.head]
            assert stored.rows() != before
            if place == 0:
                assert _size(left) < _size([one for one in findings if one.head == finding.head]), offer.words
            store.undo(stored.dataset)
            assert stored.rows() == before, offer.words
    assert found() == findings


def _size(findings: Sequence[Finding]) -> int:
    """Pictures concerned; a finding without any counts for one."""
    return sum(max(len(one.items), 1) for one in findings)
