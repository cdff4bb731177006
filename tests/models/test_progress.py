import pytest

from models.progress import Meter


class Clock:
    """Seconds that pass when told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_nothing_done_has_no_rate_and_no_end() -> None:
    progress = Meter(Clock()).progress(None)
    assert (progress.done, progress.total, progress.failed, progress.rate, progress.seconds_left) == (
        0,
        None,
        0,
        0,
        None,
    )


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock = Clock()
    meter = Meter(clock)
    for _ in range(100):  # ten seconds at 100/s
        clock.now += 0.1
        meter.count(10, 1)
    assert meter.progress(2000).rate == pytest.approx(100, rel=0.05)
    for _ in range(40):  # then four seconds at 10/s
        clock.now += 0.1
        meter.count(1, 0)
    progress = meter.progress(2000)
    assert progress.rate == pytest.approx(10, rel=0.05)
    assert progress.seconds_left == pytest.approx((2000 - 1040) / progress.rate)
    assert (progress.done, progress.failed) == (1040, 100)


def test_the_time_left_is_unknown_with_the_total() -> None:
    clock = Clock()
    meter = Meter(clock)
    clock.now += 1
    meter.count(5, 0)
    assert meter.progress(None).seconds_left is None
    assert meter.progress(10).seconds_left == pytest.approx(1)


def test_a_stall_lets_the_rate_sink() -> None:
    clock = Clock()
    meter = Meter(clock)
    clock.now += 1
    meter.count(100, 0)
    clock.now += 9
    assert meter.progress(200).rate == pytest.approx(10)
