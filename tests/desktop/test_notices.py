from __future__ import annotations

import logging

import pytest

from desktop.notices import Level, Notice, Notices


def test_tells_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    notices = Notices()
    seen: list[Notice | None] = []
    notices.changed.subscribe(seen.append)
    with caplog.at_level(logging.WARNING):
        notices.error("wall.png is empty; copy it again.")
    assert notices.latest is not None
    assert notices.latest.level is Level.ERROR
    assert seen == [notices.latest]
    assert "wall.png is empty" in caplog.text


def test_repeats_collapse() -> None:
    notices = Notices()
    for _ in range(3):
        notices.warn("The disk is full.")
    assert notices.latest is not None
    assert notices.latest.repeats == 3
    notices.warn("Something else.")
    assert notices.latest.repeats == 1


def test_dismissing_is_told() -> None:
    notices = Notices()
    notices.info("Saved.")
    seen: list[Notice | None] = []
    notices.changed.subscribe(seen.append)
    notices.dismiss()
    assert seen == [None]
    assert notices.latest is None
