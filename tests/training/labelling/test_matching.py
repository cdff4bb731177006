from __future__ import annotations

from models.heads import Form
from models.spec import HeadSpec
from tests.training.labelling.answers import spec
from training.datasets.heads import HeadDef
from training.labelling.matching import match_heads, shared_names, unmatched_words

MATERIAL = HeadDef("material", "categories", ("Light Oak", "stone", "metal"))


def test_names_are_the_same_whatever_the_capitals_and_what_parts_their_words() -> None:
    names = shared_names(("light_oak", "STONE", "glass"), MATERIAL.categories)
    assert dict(names) == {"light_oak": "Light Oak", "STONE": "stone"}
    assert dict(shared_names(("a-b", "a b"), ("a b", "a-b"))) == {"a-b": "a-b", "a b": "a b"}


def test_what_is_not_shared_is_said() -> None:
    (match,) = match_heads(
        spec(HeadSpec(name="wood", kind="categories", categories=("light-oak", "glass"))), [MATERIAL]
    )
    assert (match.model_head, match.unmapped, match.unreached) == ("wood", ("glass",), ("stone", "metal"))
    assert match.words == "glass of the model is no answer to material here, and stone and metal are never proposed."


def test_the_one_of_the_same_name_goes_first_then_the_one_that_shares_most() -> None:
    one = HeadSpec(name="Material", kind="categories", categories=("stone",))
    other = HeadSpec(name="surface", kind="categories", categories=("stone", "metal"))
    assert match_heads(spec(other, one), [MATERIAL])[0].model_head == "Material"
    renamed = HeadDef("what", "categories", MATERIAL.categories)
    assert match_heads(spec(one, other), [renamed])[0].model_head == "surface"


def test_kinds_and_categories_must_fit() -> None:
    tags = HeadSpec(name="material", kind="tags", categories=("stone",))
    foreign = HeadSpec(name="material", kind="categories", categories=("cat", "dog"))
    for head in (tags, foreign):
        made = spec(head)
        assert match_heads(made, [MATERIAL]) == []
        assert "Seer can't answer material" in unmatched_words(made, [MATERIAL], [])
    grown = match_heads(spec(foreign), [MATERIAL], {"material": ("cat", "stone")})
    assert dict(grown[0].names) == {"stone": "stone"}


def test_grades_and_pictures_fit_by_kind_alone() -> None:
    quality = HeadDef("quality", "grade", options={"low": 1, "high": 10})
    same = HeadSpec(name="g", kind="grade", form=Form(low=1, high=10))
    other = HeadSpec(name="g", kind="grade", form=Form(low=0, high=100))
    assert match_heads(spec(same), [quality])[0].words == ""
    assert match_heads(spec(other), [quality])[0].words == "Its grades from 0 to 100 are brought to 1 to 10."
    picture = HeadSpec(name="p", kind="image", form=Form(shape=(3, 2, 2)))
    made = spec(picture)
    matches = match_heads(made, [HeadDef("normals", "image")])
    assert matches[0].words == ""
    assert unmatched_words(made, [HeadDef("normals", "image")], matches) == ""
