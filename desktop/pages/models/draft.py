"""What a person says of a network while its spec is written: a draft, and what is still wrong with it. No Qt."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:  # NumPy comes with them
    from models.formats.facts import OnnxFacts
    from models.proposal import Proposal
    from models.spec import HeadSpec, ModelSpec, Preprocessing

__all__ = [
    "KINDS",
    "LEFT_OUT",
    "PLACES",
    "RANGES",
    "Draft",
    "Question",
    "count_of",
    "draft_of",
    "kinds_of",
    "problem",
    "spec_of",
]

LEFT_OUT = ""
"""The kind of an output that answers nothing."""

KINDS: Mapping[str, str] = {
    "categories": "One of several categories",
    "tags": "Any of several tags",
    "grade": "A grade on a scale",
    "mask": "What is where (areas)",
    "boxes": "What is where (boxes)",
    "image": "A picture",
    LEFT_OUT: "Leave it out",
}
"""What an output may be, and what a person calls it."""

Three = tuple[float, float, float]

RANGES: Mapping[str, tuple[str, float, Three, Three]] = {
    "bytes": ("0 to 255", 1.0, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "unit": ("0 to 1", 1 / 255, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    "imagenet": ("As ImageNet", 1 / 255, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "signed": ("–1 to 1", 1 / 255, (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "own": ("Own numbers", 1 / 255, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
}
"""How pixels are counted: words for a person, then scale, mean and standard deviation of the spec."""

PLACES = frozenset({"mask", "boxes", "image"})
"""Kinds of answers about places in a picture: all of it must be shown to the network."""

_SIDES = range(8, 4097)
_RANK_OF_PICTURES = 4
_BOX = 4  # numbers that a box is


@dataclass(frozen=True, slots=True)
class Question:
    """One output of the network (or the three that are boxes together), and what it answers.

    Attributes:
        outputs: names of the network's outputs.
        shape: of the first of them in the first run, with its batch axis.
        kind: a key of ``KINDS``.
        name: of the question.
        categories: names, in the order of the network's numbers.
        values: "logits", "probabilities" or "classes"; as in ``models.heads.form.Form``, like those that follow.
        layout: "NCHW" or "NHWC".
        low: black, or the lowest grade.
        high: white, or the highest grade.
        boxes: how corners are written.
        fractions: whether corners are 0 to 1.
        first_label: the label of the first category.
        reasons: why it was proposed so, a sentence each.
    """

    outputs: tuple[str, ...]
    shape: tuple[int, ...]
    kind: str
    name: str
    categories: tuple[str, ...] = ()
    values: str = "logits"
    layout: str = "NCHW"
    low: float = 0.0
    high: float = 1.0
    boxes: str = "xyxy"
    fractions: bool = False
    first_label: int = 0
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A spec as far as it has been written.

    Attributes:
        name: of the model.
        questions: one for each output that is understood, in the network's order.
        width: of the pictures, pixels; likewise ``height``.
        layout: order of the input's axes, "NCHW" or "NHWC".
        layouts: those that may be chosen; one where the network leaves no doubt.
        fixed: whether the network takes pictures of one size only.
        colour: "RGB", "BGR" or "grey".
        grey: whether the network takes one channel, which leaves no choice.
        fit: "stretch" or "crop".
        range: a key of ``RANGES``.
        scale: mean: std: of "own".
        dtype: of the input.
        input: its name.
        colours_input: name of an input for colours; "" for none.
        colours: those to begin with, RGB.
        colours_scale: as in the spec.
        licence: author: description: as a person has written them.
        reasons: what was proposed for size, layout, values, colours, and why; a sentence each.
    """

    name: str
    questions: tuple[Question, ...]
    width: int = 224
    height: int = 224
    layout: str = "NCHW"
    layouts: tuple[str, ...] = ("NCHW",)
    fixed: bool = True
    colour: str = "RGB"
    grey: bool = False
    fit: str = "stretch"
    range: str = "unit"
    scale: float = 1 / 255
    mean: Three = (0.0, 0.0, 0.0)
    std: Three = (1.0, 1.0, 1.0)
    dtype: str = "float32"
    input: str = ""
    colours_input: str = ""
    colours: tuple[tuple[int, int, int], ...] = ()
    colours_scale: float = 1.0
    licence: str = ""
    author: str = ""
    description: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def kept(self) -> tuple[Question, ...]:
        """The questions that are not left out."""
        return tuple(one for one in self.questions if one.kind != LEFT_OUT)

    @property
    def shows_all(self) -> bool:
        """Whether all of each picture must be shown to the network, whatever ``fit`` says."""
        return any(one.kind in PLACES for one in self.questions)


def kinds_of(question: Question) -> tuple[str, ...]:
    """The kinds that an output of this shape can be; to leave it out is always one."""
    shape = question.shape
    if len(question.outputs) > 1:
        return "boxes", LEFT_OUT
    if len(shape) == _RANK_OF_PICTURES and shape[2:] != (1, 1):
        channels = shape[1] if question.layout == "NCHW" else shape[3]
        return ("mask", "image", LEFT_OUT) if channels in (1, 3) else ("mask", LEFT_OUT)
    if len(shape) == 3:  # (N, H, W), or anchors
        return ("mask", "boxes", LEFT_OUT) if min(shape[1:]) > _BOX else ("mask", LEFT_OUT)
    numbers = math.prod(shape[1:])
    return ("grade", "tags", LEFT_OUT) if numbers == 1 else ("categories", "tags", LEFT_OUT)


def count_of(question: Question) -> int | None:
    """How many categories go with the numbers of an output; None where any number may."""
    shape = question.shape
    if question.kind in ("categories", "tags"):
        return math.prod(shape[1:])
    if question.kind == "mask" and question.values != "classes":
        layers = 1 if len(shape) == 3 else shape[1] if question.layout == "NCHW" else shape[3]
        return 2 if layers == 1 else layers
    if question.kind == "boxes" and question.boxes == "yolo":
        return min(shape[1:]) - _BOX
    return None


def problem(draft: Draft) -> str:
    """What is still missing or wrong, the first of it, in a short sentence; "" when the model can be added."""
    if not draft.name.strip():
        return "It needs a name."
    if draft.width not in _SIDES or draft.height not in _SIDES:
        return "A picture has 8 to 4,096 pixels a side."
    if not all(math.isfinite(one) for one in (*draft.mean, *draft.std)) or min(draft.std) <= 0:
        return "The spread of each colour is more than 0."
    if not draft.kept:
        return "Choose at least one answer that is not left out."
    names = [one.name.strip() for one in draft.kept]
    if not all(names):
        return "Each question needs a name."
    if len(set(names)) < len(names):
        return f"{next(one for one in names if names.count(one) > 1)} is there twice; give each question its own name."
    return next((found for one in draft.kept if (found := _question_problem(one))), "")


def _question_problem(one: Question) -> str:
    if one.kind in ("grade", "image"):
        return "" if one.low < one.high else f"{one.name}: the highest number is above the lowest."
    count, given = count_of(one), len(one.categories)
    if count is not None and given != count:
        return f"{one.name} has {given:,} {_names(given)} for {count:,} {'number' if count == 1 else 'numbers'}."
    if not given:
        return f"{one.name} needs the names of its categories."
    if len(set(one.categories)) < given:
        twice = next(name for name, times in Counter(one.categories).items() if times > 1)
        return f"{one.name} has {twice} twice."
    return f"{one.name}: no category may be called unknown." if "unknown" in one.categories else ""


def _names(count: int) -> str:
    return "name" if count == 1 else "names"


def draft_of(name: str, facts: OnnxFacts, proposal: Proposal) -> Draft:
    """A draft that says what ``proposal`` does."""
    how = proposal.preprocessing
    questions = tuple(_question(head, facts, proposal) for head in proposal.heads)
    asked = {head.name for head in proposal.heads}
    tensor = next((one for one in facts.inputs if one.name == how.input), facts.inputs[0])
    shape = tensor.shape or ()
    ends = (shape[1], shape[3]) if len(shape) == _RANK_OF_PICTURES else (None, None)
    in_doubt = ends[0] == ends[1] or not any(isinstance(end, int) for end in ends)
    sides = shape[2:] if how.layout == "NCHW" else shape[1:3]
    return Draft(
        name=name,
        questions=questions,
        width=how.size[0],
        height=how.size[1],
        layout=how.layout,
        layouts=("NCHW", "NHWC") if in_doubt else (how.layout,),
        fixed=all(isinstance(side, int) for side in sides) and bool(sides),
        colour=how.colour,
        grey=how.colour == "grey",
        fit=how.fit,
        range=_range(how),
        scale=how.scale,
        mean=how.mean,
        std=how.std,
        dtype=how.dtype,
        input=how.input,
        colours_input=how.colours_input,
        colours=how.colours,
        colours_scale=how.colours_scale,
        reasons={
            reason.what: reason.sentence.replace(" x ", " × ")
            for reason in proposal.reasons
            if reason.what not in asked
        },
    )


def _question(head: HeadSpec, facts: OnnxFacts, proposal: Proposal) -> Question:
    shapes = {one.name: one.shape for one in facts.sample_outputs}
    form = head.form
    outputs = form.outputs or tuple(shapes)[:1]
    return Question(
        outputs=outputs,
        shape=shapes.get(outputs[0], ()),
        kind=head.kind,
        name=head.name,
        categories=head.categories,
        values=form.values,
        layout=form.layout,
        low=form.low,
        high=form.high,
        boxes=form.boxes,
        fractions=form.fractions,
        first_label=form.first_label,
        reasons=tuple(_plain(reason.sentence) for reason in proposal.reasons if reason.what == head.name),
    )


def _plain(sentence: str) -> str:
    """``sentence`` in the words of the form, which every person knows."""
    return sentence.replace("logits", "raw scores")


def _range(how: Preprocessing) -> str:
    """The key of ``RANGES`` that says what ``how`` does."""
    for key, (_, scale, mean, std) in RANGES.items():
        if key != "own" and math.isclose(scale, how.scale, rel_tol=1e-3) and (mean, std) == (how.mean, how.std):
            return key
    return "own"


def spec_of(draft: Draft) -> ModelSpec:
    """The spec that ``draft`` says; to be asked for where ``problem`` finds nothing.

    Raises:
        ModelError: it says what can't be.
    """
    from pydantic import ValidationError

    from models.errors import ModelError
    from models.heads.form import Form
    from models.spec import HeadSpec, ModelSpec, Preprocessing

    _, scale, mean, std = RANGES[draft.range]
    if draft.range == "own":
        scale, mean, std = draft.scale, draft.mean, draft.std
    try:
        heads = tuple(
            HeadSpec(
                name=one.name.strip(),
                kind=one.kind,
                categories=() if one.kind in ("grade", "image") else one.categories,
                form=Form(
                    outputs=one.outputs,
                    values=cast(Literal["logits", "probabilities", "classes"], one.values),
                    layout=cast(Literal["NCHW", "NHWC"], one.layout),
                    low=one.low,
                    high=one.high,
                    boxes=cast(Literal["xyxy", "xywh", "cxcywh", "yolo"], one.boxes),
                    fractions=one.fractions,
                    first_label=one.first_label,
                ),
            )
            for one in draft.kept
        )
        return ModelSpec(
            package_version="1.1",
            name=draft.name.strip(),
            author=draft.author.strip(),
            license=draft.licence.strip(),
            description=draft.description.strip(),
            num_categories=len(heads[0].categories),
            heads=heads,
            preprocessing=Preprocessing(
                side=max(draft.width, draft.height),
                width=draft.width,
                height=draft.height,
                layout=cast(Literal["NCHW", "NHWC"], draft.layout),
                dtype=cast(Literal["uint8", "float16", "float32"], draft.dtype),
                colour=cast(Literal["RGB", "BGR", "grey"], draft.colour),
                scale=scale,
                mean=mean,
                std=std,
                fit="stretch" if draft.shows_all else cast(Literal["stretch", "crop"], draft.fit),
                input=draft.input,
                colours_input=draft.colours_input,
                colours=draft.colours,
                colours_scale=draft.colours_scale,
            ),
        )
    except ValidationError as error:
        raise ModelError(f"{draft.name} can't be described so ({error.errors()[0]['msg']}); change that.") from None
