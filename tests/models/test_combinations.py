"""Two questions together: what the table of known combinations may change, and what it must not."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from models.combinations import RARE, Combinations, Joint
from models.heads.categories import UNKNOWN, CategoriesResult
from models.spec import ModelSpec

PARTS = ("3001", "3003", "3004", "3005")
COLOURS = ("Black", "Blue", "Red")
HEADS = ("part", "colour")
WEIGHTS = st.floats(1e-6, 1)


def result(categories: tuple[str, ...], *probabilities: float) -> CategoriesResult:
    return CategoriesResult(categories, np.array(probabilities, np.float32))


def results(categories: tuple[str, ...]) -> st.SearchStrategy[CategoriesResult]:
    """Anything from sure to undecided, zeros among it, no two alike: ties are a test of their own."""
    chances = st.lists(
        st.one_of(st.just(0.0), st.floats(1e-6, 1)), min_size=len(categories), max_size=len(categories)
    ).filter(lambda drawn: sum(drawn) > 0.01 and len({d for d in drawn if d}) == sum(map(bool, drawn)))
    return chances.map(lambda drawn: result(categories, *(np.array(drawn) / sum(drawn))))


def tables(rare: st.SearchStrategy[float] = WEIGHTS) -> st.SearchStrategy[Combinations]:
    known = st.dictionaries(st.sampled_from(PARTS), st.frozensets(st.sampled_from(COLOURS), min_size=1))
    return st.builds(Combinations, st.just(HEADS), known, rare)


def slowly(table: Combinations, first: CategoriesResult, second: CategoriesResult) -> dict[tuple[str, str], float]:
    """The formula, written down once more."""
    named = {colour for others in table.known.values() for colour in others}
    weighed = {}
    for part, p in zip(first.categories, first.probabilities.tolist(), strict=True):
        for colour, q in zip(second.categories, second.probabilities.tolist(), strict=True):
            listed = part in table.known and colour in named
            weight = table.rare if listed and colour not in table.known[part] else 1.0
            weighed[part, colour] = p * q * weight
    total = sum(weighed.values())
    return {pair: value / total for pair, value in weighed.items()}


@given(tables(), results(PARTS), results(COLOURS))
def test_it_is_the_formula(table: Combinations, first: CategoriesResult, second: CategoriesResult) -> None:
    expected = slowly(table, first, second)
    probabilities = table.probabilities(first, second)
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities.ravel() == pytest.approx(list(expected.values()))
    joint = table.decode(first, second)
    assert joint.confidence == pytest.approx(max(expected.values()))
    assert joint.confidence == pytest.approx(expected[joint.categories])
    assert joint.known == table.allows(*joint.categories)
    assert joint.changed == (joint.categories != (first.best.category, second.best.category))


@given(tables(st.just(1.0)), results(PARTS), results(COLOURS))
def test_rare_of_1_leaves_the_heads_to_themselves(
    table: Combinations, first: CategoriesResult, second: CategoriesResult
) -> None:
    joint = table.decode(first, second)
    assert joint.categories == (first.best.category, second.best.category)
    assert not joint.changed
    # Up to how far two heads' float32 probabilities miss 1
    assert joint.confidence == pytest.approx(first.best.confidence * second.best.confidence, rel=1e-5)


@given(tables(), results(PARTS), results(COLOURS))
def test_marginals_keep_within_what_the_heads_said(
    table: Combinations, first: CategoriesResult, second: CategoriesResult
) -> None:
    probabilities = table.probabilities(first, second)
    for axis, head in ((1, first), (0, second)):
        marginal, own = probabilities.sum(axis=axis), head.probabilities.astype(float)
        # What a head rules out stays out; no odds move by more than the weight of a rare pair
        assert (marginal[own == 0] == 0).all()
        assert (marginal >= own * table.rare * (1 - 1e-5)).all()
        assert (marginal <= own / table.rare * (1 + 1e-5)).all()


@given(results(PARTS), results(COLOURS))
def test_without_pairs_the_marginals_are_the_heads_own(first: CategoriesResult, second: CategoriesResult) -> None:
    probabilities = Combinations(HEADS, {}).probabilities(first, second)
    assert probabilities.sum(axis=1) == pytest.approx(first.probabilities, abs=1e-6)
    assert probabilities.sum(axis=0) == pytest.approx(second.probabilities, abs=1e-6)


@given(tables(), results(PARTS), results(COLOURS), st.permutations(PARTS), st.permutations(COLOURS))
def test_the_order_of_categories_does_not_matter(
    table: Combinations, first: CategoriesResult, second: CategoriesResult, parts: list[str], colours: list[str]
) -> None:
    turned = [
        result(tuple(order), *(head.probabilities[head.categories.index(name)] for name in order))
        for head, order in ((first, parts), (second, colours))
    ]
    probabilities, other = table.probabilities(first, second), table.probabilities(*turned)
    for i, part in enumerate(PARTS):
        for j, colour in enumerate(COLOURS):
            assert probabilities[i, j] == pytest.approx(other[parts.index(part), colours.index(colour)])
    joint, again = table.decode(first, second), table.decode(*turned)
    assert joint.confidence == pytest.approx(again.confidence)
    two_best = np.sort(probabilities, axis=None)[-2:]
    if two_best[0] < two_best[1] * (1 - 1e-9):
        assert (joint.categories, joint.known, joint.changed) == (again.categories, again.known, again.changed)


@given(tables(), results(PARTS), results(COLOURS))
def test_the_same_pairs_the_other_way_round_say_the_same(
    table: Combinations, first: CategoriesResult, second: CategoriesResult
) -> None:
    known = {
        colour: frozenset(part for part, colours in table.known.items() if colour in colours)
        for colour in frozenset[str]().union(*table.known.values())
    }
    turned = Combinations(("colour", "part"), known, table.rare)
    assert turned.probabilities(second, first) == pytest.approx(table.probabilities(first, second).T)


@given(tables())
def test_a_category_without_an_entry_is_unrestricted(table: Combinations) -> None:
    for part in {*PARTS, "new"} - set(table.known):
        assert all(table.allows(part, colour) for colour in COLOURS)
    named = frozenset[str]().union(*table.known.values())
    for colour in {*COLOURS, "new"} - named:
        assert all(table.allows(part, colour) for part in PARTS)


@given(tables(), st.lists(st.tuples(results(PARTS), results(COLOURS)), max_size=8))
def test_many_are_as_each(table: Combinations, pairs: list[tuple[CategoriesResult, CategoriesResult]]) -> None:
    many = table.decode_many([a for a, _ in pairs], [b for _, b in pairs])
    assert many == [table.decode(a, b) for a, b in pairs]


def test_more_than_are_weighed_at_once_stay_in_order() -> None:
    names = (tuple(f"p{i}" for i in range(40)), tuple(f"c{i}" for i in range(12)))
    rng = np.random.default_rng(0)
    table = Combinations(HEADS, {name: frozenset(rng.choice(names[1], 6).tolist()) for name in names[0]})
    heads = [
        [CategoriesResult(some, row) for row in rng.dirichlet(np.full(len(some), 0.05), 2000).astype(np.float32)]
        for some in names
    ]
    joints = table.decode_many(*heads)
    assert joints == [table.decode(a, b) for a, b in zip(*heads, strict=True)]
    assert {joint.known for joint in joints} == {joint.changed for joint in joints} == {True, False}


def test_a_doubtful_head_follows_the_table_and_a_sure_one_does_not() -> None:
    table = Combinations(HEADS, {"3005": frozenset({"Red"}), "3004": frozenset({"Blue", "Red"})}, rare=0.1)
    part, colour = result(("3004", "3005"), 0.45, 0.55), result(("Blue", "Red"), 0.9, 0.1)
    all_pairs = 0.45 * 0.9 + 0.45 * 0.1 + 0.55 * 0.9 * 0.1 + 0.55 * 0.1
    assert table.decode(part, colour) == Joint(("3004", "Blue"), pytest.approx(0.45 * 0.9 / all_pairs), True, True)
    assert part.best.category == "3005"  # what the head itself says stays
    part, colour = result(("3004", "3005"), 0.01, 0.99), result(("Blue", "Red"), 0.95, 0.05)
    all_pairs = 0.01 * 0.95 + 0.01 * 0.05 + 0.99 * 0.95 * 0.1 + 0.99 * 0.05
    expected = pytest.approx(0.99 * 0.95 * 0.1 / all_pairs)
    assert table.decode(part, colour) == Joint(("3005", "Blue"), expected, known=False, changed=False)


def test_of_equal_pairs_the_first_is_taken_and_is_no_change() -> None:
    even = result(("3004", "3005"), 0.5, 0.5), result(("Blue", "Red"), 0.5, 0.5)
    assert Combinations(HEADS, {}).decode(*even) == Joint(("3004", "Blue"), 0.25, known=True, changed=False)


def test_the_smallest_weight_is_still_more_than_nothing() -> None:
    known = {"3004": frozenset({"Red"}), "3005": frozenset({"Red"}), "3001": frozenset({"Black", "Blue"})}
    heads = result(("3004", "3005"), 0.25, 0.75), result(("Black", "Blue"), 0.5, 0.5)
    joint = Combinations(HEADS, known, rare=5e-324).decode(*heads)
    assert joint == Joint(("3005", "Black"), pytest.approx(0.375), known=False, changed=False)


def test_a_head_that_has_learned_nothing_has_no_category_to_pair() -> None:
    joints = Combinations(HEADS, {}).decode_many([result(())], [result(COLOURS, 0.2, 0.7, 0.1)])
    assert joints == [Joint((UNKNOWN, "Blue"), 0.0, known=True, changed=False)]


def test_answers_that_do_not_belong_together_are_refused() -> None:
    table = Combinations(HEADS, {})
    one, other = result(("a",), 1.0), result(("b",), 1.0)
    with pytest.raises(ValueError, match="1 answers of the first head and 0 of the second"):
        table.decode_many([one], [])
    with pytest.raises(ValueError, match="different categories"):
        table.decode_many([one, other], [one, one])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"heads": ("a", "a")}, "both heads are called 'a'"),
        ({"heads": ("a", "")}, "a name has 1 to 200 characters, not 0"),
        ({"known": {"x": frozenset({""})}}, "not 0"),
        ({"known": {"x" * 201: frozenset({"y"})}}, "not 201"),
        ({"known": {"x": frozenset[str]()}}, "'x' goes with nothing"),
        ({"rare": 0.0}, "rare"),
        ({"rare": 1.01}, "rare"),
        ({"rare": float("nan")}, "rare"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(fields: dict[str, Any], said: str) -> None:
    right: dict[str, Any] = {"heads": HEADS, "known": {"3005": frozenset({"Red"})}, "rare": 0.5}
    with pytest.raises(ValueError, match=said):
        Combinations(**(right | fields))
    with pytest.raises(ValidationError, match=said):
        TypeAdapter(Combinations).validate_python(right | fields)


def test_a_table_does_not_change_with_what_it_was_made_of() -> None:
    known = {"3005": frozenset({"Red"})}
    table = Combinations(HEADS, known)
    known.clear()
    assert table.known == {"3005": frozenset({"Red"})}


@given(tables())
def test_a_table_comes_back_from_metadata_json(table: Combinations) -> None:
    fields = {"name": "bricks", "combinations": table.to_json()}
    spec = ModelSpec.parse(fields, "metadata.json")
    assert spec.combinations == table
    assert ModelSpec.parse(json.loads(spec.to_json()), "metadata.json") == spec
    assert json.loads(spec.to_json())["combinations"] == table.to_json()


def test_the_json_form_is_the_documented_one() -> None:
    fields = {"heads": ["part", "colour"], "known": {"3005": ["Blue", "Red"]}, "rare": 0.02}
    assert TypeAdapter(Combinations).validate_python(fields).to_json() == fields
    without = {name: value for name, value in fields.items() if name != "rare"}
    assert TypeAdapter(Combinations).validate_python(without).rare == RARE


@pytest.mark.parametrize("known", [{"3005": "Red"}, {"3005": [3]}, ["3005"], {"3005": [""]}])
def test_json_of_another_form_is_refused(known: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Combinations).validate_python({"heads": ["part", "colour"], "known": known})
