from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.lru import Lru


def test_forgets_the_stalest_first() -> None:
    kept: Lru[str, int] = Lru(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert "b" not in kept
    assert kept.get("a") == 1
    assert kept.get("c") == 3


def test_one_value_over_the_limit_is_still_kept() -> None:
    kept: Lru[str, int] = Lru(10)
    kept.put("large", 1, cost=100)
    assert kept.get("large") == 1


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=200))
def test_the_cost_is_that_of_what_is_kept_and_bounded(puts: list[tuple[int, int]]) -> None:
    kept: Lru[int, int] = Lru(30)
    costs: dict[int, int] = {}
    for key, cost in puts:
        kept.put(key, key, cost)
        costs[key] = cost
    assert kept.cost == sum(cost for key, cost in costs.items() if key in kept)
    assert kept.cost <= 30
