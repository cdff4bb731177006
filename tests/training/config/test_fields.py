from __future__ import annotations

import pytest

from training.config import TrainingConfig, all_fields, fields_of, head_fields, paths, with_value
from training.config.fields import SECTIONS, FieldFacts


@pytest.mark.parametrize("fact", [*all_fields(), *head_fields()], ids=lambda fact: fact.path)
def test_every_setting_tells_a_person_what_it_does(fact: FieldFacts) -> None:
    assert fact.title[0].isupper()
    assert len(fact.title) <= 24
    assert fact.help.endswith(".")
    assert ". " not in fact.help
    assert fact.kind in {
        *("int", "float", "bool", "choice", "text", "names", "numbers", "steps"),
        *("augmentation", "backbone", "device", "monitor", "hidden"),
    }
    if fact.kind in ("int", "float"):
        assert fact.low is not None
        assert fact.high is not None
        assert fact.default >= fact.low or fact.zero
    if fact.kind == "choice":
        assert fact.default in dict(fact.choices)


def test_every_setting_is_described_once() -> None:
    described = {fact.path for fact in all_fields()} - {"heads", "data.source_weights"}
    assert described == set(paths(TrainingConfig()))


def test_every_section_has_a_title() -> None:
    sections = {path.partition(".")[0] for path in paths(TrainingConfig()) if "." in path}
    assert sections == set(SECTIONS) - {""}


@pytest.mark.parametrize(
    "fact", [one for one in all_fields() if one.kind in ("int", "float")], ids=lambda one: one.path
)
def test_limits_are_those_that_are_checked(fact: FieldFacts) -> None:
    step = 32 if fact.path == "data.side" else 1
    for end, is_open, outside in ((fact.low, fact.open_low, -step), (fact.high, fact.open_high, step)):
        assert end is not None
        beyond = end if is_open else end + outside
        with pytest.raises(Exception, match=r"must be"):
            with_value(TrainingConfig(), fact.path, beyond)
        if not is_open:
            assert paths(with_value(TrainingConfig(), fact.path, end))[fact.path] == end


@pytest.mark.parametrize("fact", [one for one in all_fields() if one.choices], ids=lambda one: one.path)
def test_choices_are_those_that_are_taken(fact: FieldFacts) -> None:
    for value, title in fact.choices:
        assert title
        assert paths(with_value(TrainingConfig(), fact.path, value))[fact.path] == value


def test_the_least_of_a_form_is_short() -> None:
    basic = [fact.path for fact in all_fields() if not fact.advanced and fact.kind != "hidden"]
    assert 10 <= len(basic) <= 24
    assert fields_of("data")[0].path == "data.side"


def test_a_head_is_asked_only_what_matters_to_its_kind() -> None:
    assert [fact.key for fact in head_fields("grade")] == ["train", "weight"]
    assert "dice_weight" in [fact.key for fact in head_fields("mask")]
    assert "style_weight" not in [fact.key for fact in head_fields("mask")]
