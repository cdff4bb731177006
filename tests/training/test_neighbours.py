"""The nearest examples are those that looking at each of them one by one would find."""

from __future__ import annotations

import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from training.features import Features
from training.incremental import Example, IncrementalHead
from training.neighbours import Neighbour, nearest

D = 24
NAMES = ("brick", "metal", "wood")


def features(dimensions: int = D) -> Features:
    rng = np.random.default_rng(7)
    return Features(rng.normal(size=dimensions), np.sqrt(dimensions) * rng.uniform(0.5, 2, dimensions))


def examples(count: int, dimensions: int = D, seed: int = 0) -> dict[bytes, Example]:
    rows = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float16)
    return {b"%d" % i: Example(row, NAMES[i % 3]) for i, row in enumerate(rows)}


def one_by_one(
    known: dict[bytes, Example], to: Features, embedding: NDArray[np.float16], k: int, without: bytes | None
) -> list[Neighbour]:
    """In plain Python numbers, with the features written down once more."""

    def direction(row: NDArray[np.float16]) -> list[float]:
        return [(float(x) - m) / s for x, m, s in zip(row, to.mean.tolist(), to.scale.tolist(), strict=True)]

    def cosine(a: list[float], b: list[float]) -> float:
        product = sum(x * y for x, y in zip(a, b, strict=True))
        return product / (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5

    towards = direction(embedding)
    found = [
        Neighbour(key, example.category, cosine(direction(example.embedding), towards))
        for key, example in known.items()
        if key != without
    ]
    # Equal pictures may differ in the last digit here
    return sorted(found, key=lambda neighbour: (-round(neighbour.similarity, 9), neighbour.key))[:k]


@settings(deadline=None)
@given(
    st.integers(0, 200),
    st.integers(0, 12),
    st.lists(st.tuples(st.integers(0, 199), st.integers(0, 199)), max_size=10),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
def test_they_are_those_that_looking_at_each_would_find(
    count: int, k: int, same: list[tuple[int, int]], seed: int, is_known: bool
) -> None:
    known = examples(count, seed=seed)
    for one, other in same:  # several files of one picture: equally similar, wherever they stand
        if max(one, other) < count:
            known[b"%d" % one] = Example(known[b"%d" % other].embedding.copy(), NAMES[one % 3])
    picture = np.random.default_rng([seed, 1]).normal(size=D).astype(np.float16)
    if is_known and known:
        picture = next(iter(known.values())).embedding
    found = nearest(known, features(), picture, k=k, without=b"0")
    expected = one_by_one(known, features(), picture, k, b"0")
    assert [(one.key, one.category) for one in found] == [(one.key, one.category) for one in expected]
    assert [one.similarity for one in found] == pytest.approx([one.similarity for one in expected], abs=1e-9)


def test_a_picture_is_its_own_nearest_unless_left_out() -> None:
    known = examples(200)
    picture = known[b"17"].embedding
    assert nearest(known, features(), picture, k=1) == [Neighbour(b"17", NAMES[17 % 3], pytest.approx(1.0))]
    assert nearest(known, features(), picture, k=1, without=b"17")[0].key != b"17"
    assert nearest(known, features(), picture, k=1)[0].similarity <= 1


def test_equal_pictures_come_in_the_order_of_their_keys_wherever_they_stand() -> None:
    known = examples(150)
    twin = known[b"3"].embedding
    known = {b"z": Example(twin, "wood")} | known | {b"a": Example(twin.copy(), "brick")}
    found = nearest(known, features(), twin, k=3)
    assert [one.key for one in found] == [b"3", b"a", b"z"]
    assert len({one.similarity for one in found}) == 1


def test_the_constant_feature_makes_nothing_alike() -> None:
    to = Features(np.zeros(2), np.ones(2))
    known = {
        b"along": Example(np.array([1, 0], np.float16), "a"),
        b"across": Example(np.array([0, 1], np.float16), "b"),
        b"against": Example(np.array([-3, 0], np.float16), "c"),
        b"nowhere": Example(np.array([0, 0], np.float16), "d"),
    }
    found = nearest(known, to, np.array([2, 0], np.float16), k=9)
    assert [(one.key, one.similarity) for one in found] == [
        (b"along", 1.0),
        (b"across", 0.0),
        (b"nowhere", 0.0),
        (b"against", -1.0),
    ]
    assert {one.similarity for one in nearest(known, to, np.zeros(2, np.float16), k=9)} == {0.0}


def test_without_examples_there_are_none() -> None:
    assert nearest({}, features(), np.zeros(D, np.float16)) == []
    only = examples(1)
    assert nearest(only, features(), only[b"0"].embedding, without=b"0") == []


def test_what_is_no_embedding_is_refused() -> None:
    for wrong in (np.zeros(D + 1), np.zeros((1, D)), np.full(D, np.nan)):
        with pytest.raises(ValueError, match="24 finite numbers"):
            nearest(examples(3), features(), wrong)
    with pytest.raises(ValueError, match="-1 examples"):
        nearest(examples(3), features(), np.zeros(D), k=-1)


def test_ten_thousand_examples_take_little_memory() -> None:
    shared = examples(50, dimensions=3496)
    known = {b"%d" % i: shared[b"%d" % (i % 50)] for i in range(10_000)}
    to = features(3496)
    tracemalloc.start()
    try:
        nearest(known, to, shared[b"1"].embedding)
        assert tracemalloc.get_traced_memory()[1] < 10e6
    finally:
        tracemalloc.stop()


def test_a_snapshot_may_be_asked_while_the_head_learns() -> None:
    head = IncrementalHead(features(), ridge=0.1, categories=NAMES)
    head.add_many((key, example.embedding, example.category) for key, example in examples(300).items())
    before = head.snapshot().examples
    picture = np.random.default_rng(5).normal(size=D).astype(np.float16)
    expected = nearest(before, head.features, picture)
    done = threading.Event()

    def learn() -> None:
        for number, (key, example) in enumerate(examples(200, seed=1).items()):
            head.add(b"new" + key, example.embedding, example.category)
            head.relabel(b"%d" % number, NAMES[(number + 1) % 3])
        done.set()

    learner = threading.Thread(target=learn)
    learner.start()
    try:
        while learner.is_alive():
            assert nearest(before, head.features, picture) == expected
    finally:
        learner.join()
    assert done.is_set()
    assert len(before) == 300
    assert len(head.examples) == 500
