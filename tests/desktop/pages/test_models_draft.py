"""What a person says of a network while its spec is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import onnx
import pytest

from desktop.pages.models.draft import (
    KINDS,
    LEFT_OUT,
    RANGES,
    Draft,
    Question,
    count_of,
    draft_of,
    kinds_of,
    problem,
    spec_of,
)
from models.formats.onnx import examine_onnx
from models.heads import KINDS as HEAD_KINDS
from models.proposal import propose
from models.spec import IMAGENET_MEAN, IMAGENET_STD
from tests.models import onnx_models

CATEGORIES = Question(("logits",), (1, 3), "categories", "part", ("a", "b", "c"))
MASK = Question(("mask",), (1, 3, 8, 8), "mask", "where", ("a", "b", "c"))
DRAFT = Draft("Tiny", (CATEGORIES,), width=32, height=16)


def begun(tmp_path: Path, network: onnx.ModelProto) -> Draft:
    path = onnx_models.save(network, tmp_path / "plain.onnx")
    facts = examine_onnx(path)
    return draft_of("Plain", facts, propose(facts, beside=path))


def test_every_kind_of_head_can_be_chosen_and_no_other() -> None:
    assert set(KINDS) == {*HEAD_KINDS, LEFT_OUT}


@pytest.mark.parametrize(
    "network",
    [
        onnx_models.classifier(classes=4),
        onnx_models.classifier(classes=4, layout="NHWC"),
        onnx_models.segmenter(),
        onnx_models.yolo(),
        onnx_models.boxes(),
        onnx_models.image_to_image(),
        onnx_models.colour_transfer(),
        onnx_models.multi_head({"part": 4, "colour": 3}),
    ],
    ids=["classes", "last", "mask", "yolo", "boxes", "image", "colours", "several"],
)
def test_a_proposal_becomes_a_draft_and_the_same_spec_again(tmp_path: Path, network: onnx.ModelProto) -> None:
    path = onnx_models.save(network, tmp_path / "plain.onnx")
    facts = examine_onnx(path)
    proposal = propose(facts, beside=path)
    draft = draft_of("Plain", facts, proposal)
    assert problem(draft) == ""
    spec = spec_of(draft)
    assert spec.heads == proposal.heads
    assert spec.preprocessing == proposal.preprocessing
    assert all(one.kind in kinds_of(one) for one in draft.questions)
    assert all(count_of(one) in (None, len(one.categories)) for one in draft.questions if one.categories)


def test_reasons_are_in_plain_words_and_beside_what_they_are_about(tmp_path: Path) -> None:
    draft = begun(tmp_path, onnx_models.classifier(classes=4))
    said = " ".join((*draft.questions[0].reasons, *draft.reasons.values()))
    assert "raw scores" in said
    assert "logits" not in said
    assert {"size", "values"} <= set(draft.reasons)


def test_the_order_of_axes_is_asked_for_only_where_it_is_in_doubt(tmp_path: Path) -> None:
    assert begun(tmp_path, onnx_models.classifier(layout="NHWC")).layouts == ("NHWC",)
    assert begun(tmp_path, onnx_models.classifier()).layouts == ("NCHW",)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (replace(DRAFT, name=" "), "It needs a name."),
        (replace(DRAFT, width=4), "A picture has 8 to 4,096 pixels a side."),
        (replace(DRAFT, std=(1.0, 0.0, 1.0)), "The spread of each colour is more than 0."),
        (
            replace(DRAFT, questions=(replace(CATEGORIES, kind=LEFT_OUT),)),
            "Choose at least one answer that is not left out.",
        ),
        (replace(DRAFT, questions=(replace(CATEGORIES, name=""),)), "Each question needs a name."),
        (
            replace(DRAFT, questions=(CATEGORIES, replace(MASK, name="part"))),
            "part is there twice; give each question its own name.",
        ),
        (replace(DRAFT, questions=(replace(CATEGORIES, categories=("a", "b")),)), "part has 2 names for 3 numbers."),
        (replace(DRAFT, questions=(replace(CATEGORIES, categories=("a", "b", "a")),)), "part has a twice."),
        (
            replace(DRAFT, questions=(replace(CATEGORIES, categories=("a", "b", "unknown")),)),
            "part: no category may be called unknown.",
        ),
        (
            replace(DRAFT, questions=(replace(CATEGORIES, kind="grade", low=2, high=2),)),
            "part: the highest number is above the lowest.",
        ),
        (
            replace(DRAFT, questions=(Question(("b", "l", "s"), (1, 5, 4), "boxes", "things"),)),
            "things needs the names of its categories.",
        ),
    ],
)
def test_what_is_missing_is_said(changed: Draft, sentence: str) -> None:
    assert problem(changed) == sentence


def test_a_draft_without_a_problem_makes_a_spec() -> None:
    assert problem(DRAFT) == ""
    spec = spec_of(replace(DRAFT, name="  Tiny ", licence="MIT", author="Ann", description="Parts."))
    assert (spec.name, spec.license, spec.author, spec.description) == ("Tiny", "MIT", "Ann", "Parts.")
    assert spec.preprocessing.size == (32, 16)
    assert spec.num_categories == 3


def test_pixel_ranges_are_those_of_the_spec() -> None:
    imagenet = spec_of(replace(DRAFT, range="imagenet")).preprocessing
    assert (imagenet.scale, imagenet.mean, imagenet.std) == (1 / 255, IMAGENET_MEAN, IMAGENET_STD)
    assert spec_of(replace(DRAFT, range="bytes")).preprocessing.scale == 1
    own = spec_of(replace(DRAFT, range="own", scale=0.5, mean=(1, 2, 3), std=(4, 5, 6))).preprocessing
    assert (own.scale, own.mean, own.std) == (0.5, (1, 2, 3), (4, 5, 6))
    assert len({words for words, *_ in RANGES.values()}) == len(RANGES)


def test_where_places_are_answered_all_of_a_picture_is_shown() -> None:
    middle = replace(DRAFT, fit="crop")
    assert spec_of(middle).preprocessing.fit == "crop"
    assert spec_of(replace(middle, questions=(CATEGORIES, MASK))).preprocessing.fit == "stretch"


def test_what_is_left_out_is_not_in_the_spec() -> None:
    both = replace(DRAFT, questions=(replace(CATEGORIES, kind=LEFT_OUT), MASK))
    assert [head.name for head in spec_of(both).heads] == ["where"]


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        ((1, 12), ("categories", "tags", LEFT_OUT)),
        ((1, 12, 1, 1), ("categories", "tags", LEFT_OUT)),
        ((1, 1), ("grade", "tags", LEFT_OUT)),
        ((1, 6, 32, 32), ("mask", LEFT_OUT)),
        ((1, 3, 32, 32), ("mask", "image", LEFT_OUT)),
        ((1, 84, 8400), ("mask", "boxes", LEFT_OUT)),
    ],
)
def test_an_output_can_be_what_its_shape_allows(shape: tuple[int, ...], kinds: tuple[str, ...]) -> None:
    assert kinds_of(replace(CATEGORIES, shape=shape)) == kinds
