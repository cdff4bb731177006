from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from models.online.rate import RateLimit
from tests.models.online.server import Clock


def test_a_window_slides() -> None:
    clock = Clock()
    limit = RateLimit({60.0: 2}, lambda: clock.now)
    assert limit.take() == 0
    clock.now += 20
    assert limit.take() == 0
    assert limit.take() == 40
    clock.now += 40
    assert limit.take() == 0  # the first has left the window, the second has not
    assert limit.take() == 20


def test_the_longest_wait_of_all_windows_counts() -> None:
    clock = Clock()
    limit = RateLimit({60.0: 2, 3600.0: 3}, lambda: clock.now)
    taken = 0
    for _ in range(4):
        taken += limit.take() == 0
        clock.now += 60
    assert taken == 3
    assert limit.take() == 3600 - 240


def test_a_closed_one_lets_nothing_through_until_then() -> None:
    clock = Clock()
    limit = RateLimit({60.0: 100}, lambda: clock.now)
    limit.close(12)
    limit.close(5)
    assert limit.take() == 12
    clock.now += 12
    assert limit.take() == 0


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_it_may(pauses: list[float], most: int) -> None:
    clock = Clock()
    limit = RateLimit({60.0: most}, lambda: clock.now)
    through = []
    for pause in pauses:
        clock.now += pause
        if limit.take() == 0:
            through.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(through, through[most:], strict=False))


def test_many_threads_together_get_no_more() -> None:
    limit = RateLimit({60.0: 37}, lambda: 0.0)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: limit.take(), range(500)))
    assert waits.count(0.0) == 37
