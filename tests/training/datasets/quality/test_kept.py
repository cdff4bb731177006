"""Reports that outlive the program."""

from __future__ import annotations

import contextlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database, open_cache
from training.datasets.quality.encoding import report_from_json, report_to_json
from training.datasets.quality.finding import (
    SEVERITIES,
    DropCategories,
    DropQuestion,
    Finding,
    ForgetPlaces,
    Offer,
    Relabel,
    SetSplits,
    Trash,
)
from training.datasets.quality.kept import Kept, KeptReports
from training.datasets.quality.report import Report
from training.datasets.records import SPLITS, Dataset
from training.datasets.values import Boxes, Category, Grade, Mask, Shape, Tags

DATASET = Dataset(3, "Set", "", (), "2026-11-25T00:00:00")

ITEMS = st.integers(1, 10**9)
SOME = st.lists(ITEMS, max_size=5, unique=True).map(tuple)
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
VALUES = st.one_of(
    st.none(),
    NAMES.map(Category),
    st.sets(NAMES, max_size=3).map(lambda names: Tags(frozenset(names))),
    st.floats(-9, 9).map(Grade),
    st.just(Boxes((Shape("a", 1, 2, 3, 4),))),
    st.just(Mask("0" * 64, 3, 4, (0, 1))),
)
FIXES = st.one_of(
    SOME.map(Trash),
    SOME.map(ForgetPlaces),
    NAMES.map(DropQuestion),
    st.builds(
        SetSplits,
        st.dictionaries(ITEMS, st.sampled_from(SPLITS), max_size=4),
        st.booleans(),
        st.dictionaries(ITEMS, st.text(max_size=4), max_size=3),
    ),
    st.builds(
        Relabel, NAMES, st.dictionaries(ITEMS, VALUES, max_size=4), st.sampled_from(("person", "model")), st.text()
    ),
    st.builds(DropCategories, NAMES, st.lists(NAMES, max_size=3).map(tuple)),
)
FINDINGS = st.builds(
    Finding,
    st.just("blur"),
    st.sampled_from(SEVERITIES),
    SOME,
    st.text(),
    groups=st.lists(SOME, max_size=2).map(tuple),
    scores=st.lists(st.floats(-1e6, 1e6), max_size=3).map(tuple),
    head=st.text(max_size=4),
    notes=st.dictionaries(ITEMS, st.text(max_size=5), max_size=3),
)


def report(*findings: Finding) -> Report:
    return Report(findings, np.array([1, 2], np.int64), np.array([[0, 1], [np.nan, np.nan]], np.float32))


@given(st.lists(FINDINGS, max_size=3), st.lists(st.builds(Offer, FIXES, st.text()), min_size=1, max_size=3))
def test_a_report_is_the_same_after_json(findings: list[Finding], offers: list[Offer]) -> None:
    before = report(*[one.offering(offers) for one in findings])
    after = report_from_json(json.loads(json.dumps(report_to_json(before))))
    assert after.findings == before.findings
    assert np.array_equal(after.ids, before.ids)
    assert np.array_equal(after.places, before.places, equal_nan=True)


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Database]:
    with contextlib.closing(open_cache(tmp_path)) as opened:
        yield opened


def test_the_last_report_of_a_dataset_is_kept_with_what_was_fixed(cache: Database, tmp_path: Path) -> None:
    reports = KeptReports(cache)
    assert reports.get(DATASET) is None
    reports.put(DATASET, Kept(report(), "2026-01-01", None))
    one = Finding("blur", "hint", (1,), "One.", Trash((1,)), "Move it")
    reports.put(DATASET, Kept(report(one), "2026-01-02", 7, {"kind": [0, -1]}, [(1, 2)]))
    reports.mark(DATASET.id, "2026-01-02", 0, 8)
    reports.mark(DATASET.id, "2026-01-01", 0, 9)  # of a window that has not seen the later report
    with contextlib.closing(open_cache(tmp_path)) as other:
        kept = KeptReports(other).get(DATASET)
    assert kept is not None
    assert kept.report.findings == (one,)
    assert (kept.time, kept.last_step, kept.groups, kept.look_alikes) == ("2026-01-02", 7, {"kind": (0, -1)}, [(1, 2)])
    assert kept.fixed == {0: 8}


def test_what_is_damaged_or_of_another_dataset_is_no_report(cache: Database) -> None:
    reports = KeptReports(cache)
    reports.put(DATASET, Kept(report(), "2026-01-01", None))
    assert reports.get(Dataset(3, "Set", "", (), "2027-01-01T00:00:00")) is None
    whole = {"report": report_to_json(report()), "last_step": None, "groups": {}, "look_alikes": []}
    broken = [
        b"",
        b"not compressed",
        zlib.compress(b"{"),
        zlib.compress(b"[]"),
        zlib.compress(json.dumps({**whole, "groups": []}).encode()),
        zlib.compress(json.dumps({**whole, "report": {"ids": "", "places": "AAAA", "findings": []}}).encode()),
        zlib.compress(json.dumps({**whole, "report": {"ids": "", "places": "", "findings": [{}]}}).encode()),
    ]
    for document in broken:
        with cache.transaction() as connection:
            connection.execute("UPDATE dataset_reports SET document = ?", (document,))
        assert reports.get(DATASET) is None, document
