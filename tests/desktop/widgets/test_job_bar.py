from __future__ import annotations

import pytest

from desktop.widgets.job_bar import progress_text, time_left
from models.progress import Progress


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s left"), (14.4, "14 s left"), (89, "89 s left"), (200, "3 min left"), (7200, "2.0 h left")],
)
def test_time_left(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


def test_progress_in_words() -> None:
    told = progress_text("Looking at pictures", Progress(4210, 10000, 0, 412.3, 14.05))
    assert told == "Looking at pictures: 4,210 of 10,000  ·  412/s  ·  14 s left"
    assert progress_text("Looking at pictures", Progress(0, None, 0, 0.0, None)) == "Looking at pictures"
    assert "2.5/s" in progress_text("Training", Progress(5, 10, 0, 2.5, None))
