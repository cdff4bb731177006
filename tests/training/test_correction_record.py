from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from training.correction_record import RECORD, Correction, checked, now

SEED_RECORD = [
    "id",
    "texture_path",
    "texture_hash",
    "original_category",
    "corrected_category",
    "confidence",
    "timestamp",
    "image_width",
    "image_height",
    "image_channels",
    "metadata",
]
"""The fields of the format that this program keeps, in its order."""

GOOD = Correction("a.dds", "metal")


def test_the_record_starts_with_the_fields_of_the_format() -> None:
    assert list(RECORD[:11]) == SEED_RECORD
    assert list(GOOD.to_record()) == [*SEED_RECORD, "head", "annotator", "model"]


def test_every_field_gets_its_one_form() -> None:
    given = replace(
        GOOD,
        texture_hash="AB" * 32,
        confidence=np.float32(1.0000001),
        image_width=np.int64(512),
        timestamp="2024-01-01T02:00:00.75+02:00",
        metadata={"key": ("a", 1)},
    )
    assert checked(given) == replace(
        GOOD,
        texture_hash="ab" * 32,
        confidence=1.0,
        image_width=512,
        timestamp="2024-01-01T00:00:00",
        metadata={"key": ["a", 1]},
    )
    assert isinstance(checked(given).confidence, float)
    assert type(checked(given).image_width) is int


def test_no_time_means_now() -> None:
    before = now()
    stamped = checked(GOOD).timestamp
    assert before <= stamped <= now()
    assert datetime.fromisoformat(stamped).tzinfo is None


def test_metadata_is_copied() -> None:
    metadata = {"list": [1]}
    kept = checked(replace(GOOD, metadata=metadata))
    metadata["list"].append(2)
    assert kept.metadata == {"list": [1]}


@pytest.mark.parametrize(
    ("field", "values", "sentence"),
    [
        ("texture_path", ["", "a\0b", None, 3], "texture_path must name a file"),
        ("corrected_category", ["", " ", "a\nb", "\ud800", None, 1], "corrected_category must be a name"),
        ("original_category", ["", "\x7f", 1], "original_category must be a name"),
        ("head", ["", None], "head must be a name"),
        ("annotator", ["a\nb", None], "annotator must be one line"),
        ("confidence", [-0.1, 1.1, float("nan"), "0.5", True, [], 10**400], "confidence must be a number from 0 to 1"),
        ("texture_hash", ["", "ab", "g" * 64, "sha256_hash", 1], "64 hexadecimal digits"),
        ("image_width", [0, -1, 1.5, True, 2**31, "8"], "image_width must be a whole number above 0"),
        ("image_channels", [0], "image_channels must be a whole number above 0"),
        ("timestamp", ["soon", "2024-13-01", None, 0, "0001-01-01T00:00:00+12:00"], "timestamp must be a date"),
        ("metadata", [None, [], "x"], "metadata must be an object"),
        ("metadata", [{"a": {1}}, {"a": float("inf")}, {"a": 10**5000}], "metadata must hold only what JSON can"),
    ],
)
def test_a_wrong_value_is_one_sentence(field: str, values: list[object], sentence: str) -> None:
    for value in values:
        with pytest.raises(ValueError, match=sentence):
            checked(replace(GOOD, **{field: value}))
