from __future__ import annotations

import pytest

from desktop.actions.facts import file_size, time_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.1, "1 second"), (40, "40 seconds"), (100, "2 minutes"), (5399, "90 minutes"), (9000, "2.5 hours")],
)
def test_a_time_to_come(seconds: float, words: str) -> None:
    assert time_words(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (31_800_000, "31.8 MB"), (640_000_000, "640 MB"), (3_060_000_000, "3.1 GB")],
)
def test_a_size(size: int, words: str) -> None:
    assert file_size(size) == words
