"""Whatever bytes come, the answer is a picture or one sentence: never another exception, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import FileError
from models.images.decode import decode
from models.images.formats import SNIFF_BYTES, sniff, unknown
from models.images.picture import Picture
from tests.models.images.samples import every_format

SAMPLES = every_format()
MAX_SIDES = st.sampled_from([None, 8])


def answer(content: bytes, max_side: int | None) -> Picture | FileError:
    try:
        return decode(content, "wall\n.png", max_side=max_side)
    except FileError as error:
        sentence = str(error)
        assert sentence.startswith("wall\\n.png ")
        assert sentence.endswith(".")
        assert sentence.isprintable()
        return error


@settings(max_examples=400, deadline=None)
@given(variant=st.sampled_from(sorted(SAMPLES)), kept=st.floats(0, 1), max_side=MAX_SIDES)
def test_any_truncation(variant: str, kept: float, max_side: int | None) -> None:
    content = SAMPLES[variant]
    answer(content[: int(len(content) * kept)], max_side)


@settings(max_examples=800, deadline=None)
@given(
    variant=st.sampled_from(sorted(SAMPLES)),
    flips=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(1, 255)), min_size=1, max_size=8),
    in_header=st.booleans(),
    max_side=MAX_SIDES,
)
def test_any_flipped_bytes(variant: str, flips: list[tuple[int, int]], in_header: bool, max_side: int | None) -> None:
    content = bytearray(SAMPLES[variant])
    for place, flip in flips:
        content[place % (min(len(content), 160) if in_header else len(content))] ^= flip
    answer(bytes(content), max_side)


@settings(max_examples=300, deadline=None)
@given(variant=st.sampled_from(sorted(SAMPLES)), junk=st.binary(max_size=300), at=st.integers(2, 64))
def test_a_real_beginning_with_junk_behind(variant: str, junk: bytes, at: int) -> None:
    answer(SAMPLES[variant][:at] + junk, None)


@settings(max_examples=300, deadline=None)
@given(junk=st.binary(max_size=300))
def test_nothing_but_junk(junk: bytes) -> None:
    assert isinstance(answer(junk, None), Picture | FileError)


@settings(max_examples=500, deadline=None)
@given(head=st.binary(max_size=SNIFF_BYTES), name=st.text(max_size=20))
def test_sniffing_and_naming_never_fail(head: bytes, name: str) -> None:
    if sniff(head, name) is None:
        assert str(unknown(head, name)).isprintable()


@pytest.mark.parametrize("variant", sorted(SAMPLES))
def test_every_third_of_a_file_is_damaged(variant: str) -> None:
    content = SAMPLES[variant]
    assert isinstance(answer(content[: len(content) // 3], None), FileError)
