"""What is known of a picture beyond labels, as rows that a person reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.pages.dataset.about import MOST_ROWS, about_rows
from desktop.pages.dataset.details import read_details
from desktop.pages.dataset.state import DatasetState
from tests.desktop.pages.dataset_pictures import made
from training.datasets.attributes import Attributes
from training.datasets.heads import HeadDef
from training.datasets.values import Boxes, Category, Shape

HEADS = (HeadDef("kind", "categories", ("wall",)), HeadDef("things", "boxes", ("door", "lamp")))
facts = st.dictionaries(
    st.text(min_size=1, max_size=5).filter(str.isprintable),
    st.recursive(
        st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3),
        max_leaves=5,
    ),
    max_size=4,
)


@pytest.fixture
def state(workspace: Path) -> Iterator[DatasetState]:
    workspace.mkdir()
    made_ = DatasetState()
    yield made_
    made_.close()


def test_nested_facts_are_flat_and_shapes_follow_the_picture() -> None:
    metadata = Attributes(
        {
            "captions": ["A wall behind which there is much more", "b"],
            "license": {"name": "CC BY", "id": 4, "more": {"url": "http://x"}},
            "margins_mm": [1.5, 2, 3.25],
            "wet": True,
            "note": "two\nlines",
            "none": None,
        }
    )
    things = Boxes(
        (
            Shape("door", 0, 0, 1, 1),
            Shape("lamp", 0, 0, 1, 1, attributes=Attributes({"occluded": False, "keypoints": [1, 2, 2]})),
        )
    )
    assert about_rows(metadata, HEADS, {"kind": Category("wall"), "things": things}) == [
        ("captions 1", "A wall behind which there is much more"),
        ("captions 2", "b"),
        ("license, name", "CC BY"),
        ("license, id", "4"),
        ("license, more, url", "http://x"),
        ("margins_mm", "1.5, 2, 3.25"),
        ("wet", "yes"),
        ("note", "two lines"),
        ("none", "nothing"),
        ("lamp 2: occluded", "no"),
        ("lamp 2: keypoints", "1, 2, 2"),
    ]
    assert about_rows(Attributes(), HEADS, {}) == []


def test_what_is_too_much_is_counted_and_cut() -> None:
    rows = about_rows({str(number): number for number in range(300)}, (), {})
    assert (len(rows), rows[-1]) == (MOST_ROWS + 1, ("And more", "200 more values"))
    ((_, long),) = about_rows({"book": "x" * 10_000}, (), {})
    assert len(long) == 4001


@given(metadata=facts)
def test_every_plain_fact_is_in_a_row_and_no_row_breaks_a_line(metadata: dict[str, object]) -> None:
    rows = about_rows(Attributes(metadata), (), {})
    assert all("\n" not in name + value and value for name, value in rows)
    words = " ".join(f"{name} {value}" for name, value in rows)
    for name, value in metadata.items():
        assert any(row == name or row.startswith((f"{name},", f"{name} ")) for row, _ in rows)
        if isinstance(value, int) and not isinstance(value, bool):
            assert json.dumps(value) in words


def test_the_inspector_gets_it_with_the_other_details(state: DatasetState, tmp_path: Path) -> None:
    things = Boxes((Shape("door", 1, 1, 9, 9, attributes=Attributes({"pose": "open"})),))
    (number,) = made(state, tmp_path, HEADS, [{"things": things}])
    state.store.set_metadata(state.selected or 0, {number: {"place": "Graz"}})
    details = read_details(state, number)
    assert details is not None
    assert details.about == (("place", "Graz"), ("door 1: pose", "open"))
