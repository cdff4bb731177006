from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop.pages.sort.order import Groups

ranks = st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abc")), max_size=80)


@given(ranks)
def test_one_by_one_is_the_same_as_all_at_once(items: list[tuple[float, str]]) -> None:
    streamed = Groups(lambda i: items[i][0])
    for number, (_, group) in enumerate(items):
        streamed.add(number, group)
    filled = Groups(lambda i: items[i][0])
    filled.fill((number, group) for number, (_, group) in enumerate(items))
    assert streamed.names() == filled.names()
    for name in filled.names():
        assert streamed.items(name) == filled.items(name)
        ranked = [items[i][0] for i in filled.items(name)]
        assert ranked == sorted(ranked)


@given(ranks)
def test_place_finds_every_item(items: list[tuple[float, str]]) -> None:
    groups = Groups(lambda i: items[i][0])
    groups.fill((number, group) for number, (_, group) in enumerate(items))
    for number in range(len(items)):
        place = groups.place(number)
        assert place is not None
        assert groups.items(place[0])[place[1]] == number
    assert groups.place(len(items)) is None
    assert len(groups) == len(items)
